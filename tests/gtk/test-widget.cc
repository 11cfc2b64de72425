// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "glue.hh"

#include <spice-client-gtk.h>

using spice::gtk::Ref;
using spice::gtk::StrPtr;

namespace {
Ref<SpiceSession> new_session() { return Ref<SpiceSession>::take(spice_session_new()); }
Ref<SpiceDisplay> new_display(const Ref<SpiceSession> &s, int monitor = 0) {
    return Ref<SpiceDisplay>::take(SPICE_DISPLAY(g_object_ref_sink(spice_display_new_with_monitor(s.get(), 0, monitor))));
}

// Names, types, ranges and defaults are what programs written for the GTK 3 widget expect.
void defaults() {
    const auto s = new_session();
    const auto d = new_display(s);
    struct Boolean {
        const char *name;
        gboolean value;
    };
    for (const auto &b : {Boolean{"grab-keyboard", TRUE}, Boolean{"grab-mouse", TRUE}, Boolean{"resize-guest", FALSE},
                          Boolean{"scaling", TRUE}, Boolean{"only-downscale", FALSE}, Boolean{"disable-inputs", FALSE},
                          Boolean{"ready", FALSE}, Boolean{"keyboard-grabbed", FALSE}, Boolean{"mouse-grabbed", FALSE},
                          Boolean{"shortcuts-inhibited", FALSE}}) {
        gboolean value = -1;
        g_object_get(d.get(), b.name, &value, nullptr);
        g_test_message("%s", b.name);
        g_assert_cmpint(value, ==, b.value);
    }
    int zoom = 0, channel = -1, monitor = -2, width = -1;
    guint delay = 1;
    SpiceSession *session = nullptr;
    SpiceDisplayScalingFilter filter = SPICE_DISPLAY_SCALING_FILTER_LINEAR;
    g_object_get(d.get(), "zoom-level", &zoom, "channel-id", &channel, "monitor-id", &monitor, "keypress-delay", &delay,
                 "session", &session, "guest-width", &width, "scaling-filter", &filter, nullptr);
    g_assert_cmpint(zoom, ==, 100);
    g_assert_cmpint(channel, ==, 0);
    g_assert_cmpint(monitor, ==, 0);
    g_assert_cmpint(width, ==, 0);
    g_assert_cmpint(filter, ==, SPICE_DISPLAY_SCALING_FILTER_AUTO);
    g_assert_true(session == s.get());
    g_object_unref(session);
    guint signal = g_signal_lookup("mouse-grab", SPICE_TYPE_DISPLAY);
    GSignalQuery query;
    g_signal_query(signal, &query);
    g_assert_true(query.n_params == 1 && query.param_types[0] == G_TYPE_INT);
}

void set_everything() {
    const auto s = new_session();
    const auto d = new_display(s, 2);
    for (const int value : {0, 1})
        for (const char *name : {"grab-keyboard", "grab-mouse", "resize-guest", "scaling", "only-downscale", "disable-inputs"}) {
            gboolean now = -1;
            g_object_set(d.get(), name, value, nullptr);
            g_object_get(d.get(), name, &now, nullptr);
            g_assert_cmpint(now, ==, value);
        }
    g_assert_false(gtk_widget_get_focusable(GTK_WIDGET(d.get()))); // inputs are disabled
    g_object_set(d.get(), "disable-inputs", FALSE, "monitor-id", -1, "zoom-level", 400, "scaling-filter",
                 SPICE_DISPLAY_SCALING_FILTER_NEAREST, nullptr);
    g_assert_true(gtk_widget_get_focusable(GTK_WIDGET(d.get())));
}

void without_data() {
    const auto s = new_session();
    const auto d = new_display(s);
    const guint keys[] = {GDK_KEY_Control_L, GDK_KEY_a};
    int x = 0, y = 0;
    g_assert_null(spice_display_get_pixbuf(d.get()));
    g_assert_null(spice_display_get_texture(d.get()));
    g_assert_false(spice_display_get_guest_position(d.get(), 1, 1, &x, &y));
    g_assert_false(spice_display_get_guest_position(d.get(), 1, 1, nullptr, nullptr));
    spice_display_send_keys(d.get(), keys, 2, SPICE_DISPLAY_KEY_EVENT_CLICK);
    spice_display_send_keys(d.get(), nullptr, 0, SPICE_DISPLAY_KEY_EVENT_PRESS);
    spice_display_mouse_ungrab(d.get());
    spice_display_keyboard_ungrab(d.get());
}

void without_session() {
    g_test_expect_message("SpiceGtk", G_LOG_LEVEL_CRITICAL, "*needs a SpiceSession*");
    const auto d = Ref<SpiceDisplay>::take(
        SPICE_DISPLAY(g_object_ref_sink(g_object_new(SPICE_TYPE_DISPLAY, nullptr))));
    g_test_assert_expected_messages();
    g_object_set(d.get(), "scaling", FALSE, nullptr);
    spice_display_mouse_ungrab(d.get());
    g_assert_null(spice_display_get_pixbuf(d.get()));
    const StrPtr keys{spice_grab_sequence_as_string(spice_display_get_grab_keys(d.get()))};
    g_assert_cmpstr(keys.get(), ==, "Control_L+Alt_L");
    int natural = 0;
    gtk_widget_measure(GTK_WIDGET(d.get()), GTK_ORIENTATION_HORIZONTAL, -1, nullptr, &natural, nullptr, nullptr);
    g_assert_cmpint(natural, >, 0);
}

void grab_keys() {
    const auto s = new_session();
    const auto d = new_display(s);
    guint keys[] = {GDK_KEY_Shift_L, GDK_KEY_F12};
    auto *seq = spice_grab_sequence_new(2, keys);
    const StrPtr name{spice_grab_sequence_as_string(seq)};
    g_assert_cmpstr(name.get(), ==, "Shift_L+F12");
    spice_display_set_grab_keys(d.get(), seq);
    spice_grab_sequence_free(seq);
    const StrPtr set{spice_grab_sequence_as_string(spice_display_get_grab_keys(d.get()))};
    g_assert_cmpstr(set.get(), ==, "Shift_L+F12");
    seq = spice_grab_sequence_new(0, nullptr);
    spice_display_set_grab_keys(d.get(), seq);
    const StrPtr none{spice_grab_sequence_as_string(spice_display_get_grab_keys(d.get()))};
    g_assert_cmpstr(none.get(), ==, "");
    spice_grab_sequence_free(seq);
    spice_display_set_grab_keys(d.get(), nullptr);
    const StrPtr back{spice_grab_sequence_as_string(spice_display_get_grab_keys(d.get()))};
    g_assert_cmpstr(back.get(), ==, "Control_L+Alt_L");
    g_test_expect_message("SpiceGtk", G_LOG_LEVEL_CRITICAL, "*NoSuchKey*");
    seq = spice_grab_sequence_new_from_string("a+NoSuchKey");
    g_test_assert_expected_messages();
    const StrPtr odd{spice_grab_sequence_as_string(seq)};
    g_assert_true(g_str_has_prefix(odd.get(), "a+"));
    auto *copy = spice_grab_sequence_copy(seq);
    spice_grab_sequence_free(seq);
    spice_grab_sequence_free(copy);
}

void gtk_session() {
    auto s = new_session();
    auto *first = spice_gtk_session_get(s.get());
    g_assert_true(first == spice_gtk_session_get(s.get()));
    gboolean sync = FALSE, grabbed = TRUE;
    g_object_get(first, "sync-modifiers", &sync, "pointer-grabbed", &grabbed, nullptr);
    g_assert_true(sync && !grabbed);
    spice::gtk::Weak<SpiceGtkSession> weak{first};
    s = {};
    while (g_main_context_iteration(nullptr, FALSE)) {}
    g_assert_false(weak); // lives as long as the session
}

// In a window, shown, and dropped in both orders: nothing is leaked and nothing is used afterwards.
void lifetimes() {
    for (const bool session_first : {true, false}) {
        auto s = new_session();
        auto *window = GTK_WINDOW(gtk_window_new());
        auto *display = spice_display_new(s.get(), 0);
        spice::gtk::Weak<SpiceDisplay> weak{display};
        spice::gtk::Weak<SpiceSession> weak_session{s.get()};
        gtk_window_set_child(window, GTK_WIDGET(display));
        gtk_window_present(window);
        while (!gtk_widget_get_mapped(GTK_WIDGET(display))) g_main_context_iteration(nullptr, TRUE);
        if (session_first) s = {};
        gtk_window_destroy(window);
        s = {};
        while (g_main_context_iteration(nullptr, FALSE)) {}
        g_assert_false(weak);
        g_assert_false(weak_session);
    }
}

void natural_size() {
    const auto s = new_session();
    const auto d = new_display(s);
    int minimum = -1, natural = -1;
    gtk_widget_measure(GTK_WIDGET(d.get()), GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural, nullptr, nullptr);
    g_assert_cmpint(minimum, ==, 0); // it can be scaled down to nothing
    g_assert_cmpint(natural, ==, 480 / gtk_widget_get_scale_factor(GTK_WIDGET(d.get())));
    g_assert_cmpint(gtk_widget_get_request_mode(GTK_WIDGET(d.get())), ==, GTK_SIZE_REQUEST_CONSTANT_SIZE);
}
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    gtk_init();
    g_test_add_func("/gtk/widget/defaults", defaults);
    g_test_add_func("/gtk/widget/set-everything", set_everything);
    g_test_add_func("/gtk/widget/without-data", without_data);
    g_test_add_func("/gtk/widget/without-session", without_session);
    g_test_add_func("/gtk/widget/grab-keys", grab_keys);
    g_test_add_func("/gtk/widget/gtk-session", gtk_session);
    g_test_add_func("/gtk/widget/lifetimes", lifetimes);
    g_test_add_func("/gtk/widget/natural-size", natural_size);
    return g_test_run();
}
