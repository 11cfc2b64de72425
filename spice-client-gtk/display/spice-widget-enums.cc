// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client-gtk.h"

namespace {
GType register_once(gsize &once, const char *name, const GEnumValue *values) {
    if (g_once_init_enter(&once)) g_once_init_leave(&once, g_enum_register_static(name, values));
    return once;
}
}

/**
 * SpiceDisplayKeyEvent:
 * @SPICE_DISPLAY_KEY_EVENT_PRESS: the keys are pressed
 * @SPICE_DISPLAY_KEY_EVENT_RELEASE: the keys are released
 * @SPICE_DISPLAY_KEY_EVENT_CLICK: the keys are pressed and released
 *
 * What spice_display_send_keys() does with the keys.
 */
GType spice_display_key_event_get_type(void) {
    static gsize once = 0;
    static const GEnumValue values[] = {{SPICE_DISPLAY_KEY_EVENT_PRESS, "SPICE_DISPLAY_KEY_EVENT_PRESS", "press"},
                                        {SPICE_DISPLAY_KEY_EVENT_RELEASE, "SPICE_DISPLAY_KEY_EVENT_RELEASE", "release"},
                                        {SPICE_DISPLAY_KEY_EVENT_CLICK, "SPICE_DISPLAY_KEY_EVENT_CLICK", "click"},
                                        {0, nullptr, nullptr}};
    return register_once(once, "SpiceDisplayKeyEvent", values);
}

/**
 * SpiceDisplayScalingFilter:
 * @SPICE_DISPLAY_SCALING_FILTER_AUTO: sharp pixels when each becomes a whole number of pixels, else smooth
 * @SPICE_DISPLAY_SCALING_FILTER_NEAREST: sharp pixels
 * @SPICE_DISPLAY_SCALING_FILTER_LINEAR: smooth
 *
 * How a display scales its picture.
 */
GType spice_display_scaling_filter_get_type(void) {
    static gsize once = 0;
    static const GEnumValue values[] = {
        {SPICE_DISPLAY_SCALING_FILTER_AUTO, "SPICE_DISPLAY_SCALING_FILTER_AUTO", "auto"},
        {SPICE_DISPLAY_SCALING_FILTER_NEAREST, "SPICE_DISPLAY_SCALING_FILTER_NEAREST", "nearest"},
        {SPICE_DISPLAY_SCALING_FILTER_LINEAR, "SPICE_DISPLAY_SCALING_FILTER_LINEAR", "linear"},
        {0, nullptr, nullptr}};
    return register_once(once, "SpiceDisplayScalingFilter", values);
}
