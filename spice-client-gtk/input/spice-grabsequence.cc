// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/grab-sequence.hh"

#include <gdk/gdk.h>

#include <string>
#include <string_view>

/**
 * SpiceGrabSequence:
 *
 * A combination of keys, held as keysyms. See spice_display_set_grab_keys().
 */
G_DEFINE_BOXED_TYPE(SpiceGrabSequence, spice_grab_sequence, spice_grab_sequence_copy, spice_grab_sequence_free)

namespace {
constexpr guint max_keys = 5;

guint keyval_of(std::string_view name) {
    const std::string copy{name};
    const guint keyval = gdk_keyval_from_name(copy.c_str());
    if (keyval != 0 && keyval != GDK_KEY_VoidSymbol) return keyval;
    g_critical("'%s' is not the name of a key", copy.c_str());
    return 0;
}
}

/**
 * spice_grab_sequence_new:
 * @nkeysyms: the number of keys
 * @keysyms: (array length=nkeysyms) (nullable): the keys
 *
 * Makes a sequence of keys. A sequence without keys disables the combination when it is set on a display.
 *
 * Returns: (transfer full): a new #SpiceGrabSequence, free it with spice_grab_sequence_free()
 */
SpiceGrabSequence *spice_grab_sequence_new(guint nkeysyms, guint *keysyms) {
    g_return_val_if_fail(nkeysyms == 0 || keysyms != nullptr, nullptr);
    auto *self = new SpiceGrabSequence;
    if (nkeysyms) self->keys.assign(keysyms, keysyms + nkeysyms);
    return self;
}

/**
 * spice_grab_sequence_new_from_string:
 * @str: names of keys as of gdk_keyval_name(), joined with '+', for example "Control_L+Alt_L"
 *
 * Makes a sequence of at most five keys from their names.
 *
 * Returns: (transfer full): a new #SpiceGrabSequence, free it with spice_grab_sequence_free()
 */
SpiceGrabSequence *spice_grab_sequence_new_from_string(const gchar *str) {
    g_return_val_if_fail(str != nullptr, nullptr);
    auto *self = new SpiceGrabSequence;
    std::string_view rest{str};
    while (!rest.empty() && self->keys.size() < max_keys) {
        // The fifth piece takes the rest, which then is no key name.
        const auto plus = self->keys.size() + 1 < max_keys ? rest.find('+') : std::string_view::npos;
        self->keys.push_back(keyval_of(rest.substr(0, plus)));
        rest.remove_prefix(plus == std::string_view::npos ? rest.size() : plus + 1);
    }
    return self;
}

/**
 * spice_grab_sequence_copy:
 * @sequence: a #SpiceGrabSequence
 *
 * Copies @sequence.
 *
 * Returns: (transfer full): a copy, free it with spice_grab_sequence_free()
 */
SpiceGrabSequence *spice_grab_sequence_copy(SpiceGrabSequence *sequence) {
    g_return_val_if_fail(sequence != nullptr, nullptr);
    return new SpiceGrabSequence{*sequence};
}

/**
 * spice_grab_sequence_free:
 * @sequence: a #SpiceGrabSequence
 *
 * Frees @sequence.
 */
void spice_grab_sequence_free(SpiceGrabSequence *sequence) { delete sequence; }

/**
 * spice_grab_sequence_as_string:
 * @sequence: a #SpiceGrabSequence
 *
 * Names the keys of @sequence, joined with '+'.
 *
 * Returns: (transfer full): a new string, free it with g_free()
 */
gchar *spice_grab_sequence_as_string(SpiceGrabSequence *sequence) {
    g_return_val_if_fail(sequence != nullptr, nullptr);
    std::string text;
    for (const guint key : sequence->keys) {
        if (!text.empty()) text += '+';
        const char *name = gdk_keyval_name(key);
        text += name ? name : "?";
    }
    return g_strdup(text.c_str());
}
