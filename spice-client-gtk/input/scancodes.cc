// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "input/scancodes.hh"

#include <gdk/gdkkeysyms.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace spice::gtk {

namespace {
// Indexed by Linux input event code.
constexpr auto linux_codes = std::to_array<uint16_t>({
    0x000, 0x001, 0x002, 0x003, 0x004, 0x005, 0x006, 0x007, 0x008, 0x009, 0x00a, 0x00b,
    0x00c, 0x00d, 0x00e, 0x00f, 0x010, 0x011, 0x012, 0x013, 0x014, 0x015, 0x016, 0x017,
    0x018, 0x019, 0x01a, 0x01b, 0x01c, 0x01d, 0x01e, 0x01f, 0x020, 0x021, 0x022, 0x023,
    0x024, 0x025, 0x026, 0x027, 0x028, 0x029, 0x02a, 0x02b, 0x02c, 0x02d, 0x02e, 0x02f,
    0x030, 0x031, 0x032, 0x033, 0x034, 0x035, 0x036, 0x037, 0x038, 0x039, 0x03a, 0x03b,
    0x03c, 0x03d, 0x03e, 0x03f, 0x040, 0x041, 0x042, 0x043, 0x044, 0x045, 0x046, 0x047,
    0x048, 0x049, 0x04a, 0x04b, 0x04c, 0x04d, 0x04e, 0x04f, 0x050, 0x051, 0x052, 0x053,
    0x054, 0x076, 0x056, 0x057, 0x058, 0x073, 0x078, 0x077, 0x079, 0x070, 0x07b, 0x05c,
    0x11c, 0x11d, 0x135, 0x054, 0x138, 0x05b, 0x147, 0x148, 0x149, 0x14b, 0x14d, 0x14f,
    0x150, 0x151, 0x152, 0x153, 0x16f, 0x120, 0x12e, 0x130, 0x15e, 0x059, 0x14e, 0x146,
    0x10b, 0x07e, 0x072, 0x071, 0x07d, 0x15b, 0x15c, 0x15d, 0x168, 0x105, 0x106, 0x107,
    0x10c, 0x178, 0x064, 0x065, 0x141, 0x13c, 0x175, 0x11e, 0x121, 0x066, 0x15f, 0x163,
    0x067, 0x068, 0x069, 0x113, 0x11f, 0x117, 0x102, 0x06a, 0x112, 0x06b, 0x126, 0x16c,
    0x166, 0x16b, 0x16a, 0x169, 0x123, 0x06c, 0x17d, 0x119, 0x122, 0x110, 0x124, 0x131,
    0x118, 0x063, 0x000, 0x101, 0x132, 0x167, 0x000, 0x000, 0x108, 0x075, 0x10f, 0x176,
    0x17b, 0x109, 0x10a, 0x05d, 0x05e, 0x05f, 0x055, 0x103, 0x177, 0x104, 0x05a, 0x074,
    0x179, 0x06d, 0x06f, 0x115, 0x116, 0x11a, 0x11b, 0x127, 0x128, 0x129, 0x12b, 0x12c,
    0x12d, 0x125, 0x12f, 0x133, 0x134, 0x136, 0x139, 0x13a, 0x13b, 0x13d, 0x13e, 0x13f,
    0x140, 0x165, 0x142, 0x143, 0x144, 0x145, 0x114, 0x14a, 0x14c, 0x154, 0x16d, 0x156,
    0x157, 0x158, 0x159, 0x15a, 0x164, 0x10e, 0x155, 0x170, 0x171, 0x172, 0x173, 0x174,
});

// Keycodes 9 to 91 are scancodes 1 to 83 here, too.
struct XkbdKey {
    unsigned keycode, scancode;
};
constexpr auto xkbd_keys = std::to_array<XkbdKey>({
    {94, 0x056}, {95, 0x057}, {96, 0x058}, {97, 0x147}, {98, 0x148}, {99, 0x149}, {100, 0x14b},
    {102, 0x14d}, {103, 0x14f}, {104, 0x150}, {105, 0x151}, {106, 0x152}, {107, 0x153}, {108, 0x11c},
    {109, 0x11d}, {110, 0x146}, {111, 0x054}, {112, 0x135}, {113, 0x138}, {115, 0x15b}, {116, 0x15c},
    {117, 0x15d}, {118, 0x05d}, {119, 0x05e}, {120, 0x05f}, {121, 0x055}, {122, 0x103}, {123, 0x073},
    {126, 0x059}, {129, 0x079}, {131, 0x07b}, {133, 0x07d}, {134, 0x215},
});

struct UsEntry {
    unsigned keyval, scancode;
    bool shift;
};
constexpr auto us_keys = std::to_array<UsEntry>({
    {GDK_KEY_1, 0x002, false}, {GDK_KEY_exclam, 0x002, true}, {GDK_KEY_2, 0x003, false}, {GDK_KEY_at, 0x003, true},
    {GDK_KEY_3, 0x004, false}, {GDK_KEY_numbersign, 0x004, true}, {GDK_KEY_4, 0x005, false},
    {GDK_KEY_dollar, 0x005, true}, {GDK_KEY_5, 0x006, false}, {GDK_KEY_percent, 0x006, true},
    {GDK_KEY_6, 0x007, false}, {GDK_KEY_asciicircum, 0x007, true}, {GDK_KEY_7, 0x008, false},
    {GDK_KEY_ampersand, 0x008, true}, {GDK_KEY_8, 0x009, false}, {GDK_KEY_asterisk, 0x009, true},
    {GDK_KEY_9, 0x00a, false}, {GDK_KEY_parenleft, 0x00a, true}, {GDK_KEY_0, 0x00b, false},
    {GDK_KEY_parenright, 0x00b, true}, {GDK_KEY_minus, 0x00c, false}, {GDK_KEY_underscore, 0x00c, true},
    {GDK_KEY_equal, 0x00d, false}, {GDK_KEY_plus, 0x00d, true}, {GDK_KEY_bracketleft, 0x01a, false},
    {GDK_KEY_braceleft, 0x01a, true}, {GDK_KEY_bracketright, 0x01b, false}, {GDK_KEY_braceright, 0x01b, true},
    {GDK_KEY_semicolon, 0x027, false}, {GDK_KEY_colon, 0x027, true}, {GDK_KEY_apostrophe, 0x028, false},
    {GDK_KEY_quotedbl, 0x028, true}, {GDK_KEY_grave, 0x029, false}, {GDK_KEY_asciitilde, 0x029, true},
    {GDK_KEY_backslash, 0x02b, false}, {GDK_KEY_bar, 0x02b, true}, {GDK_KEY_comma, 0x033, false},
    {GDK_KEY_less, 0x033, true}, {GDK_KEY_period, 0x034, false}, {GDK_KEY_greater, 0x034, true},
    {GDK_KEY_slash, 0x035, false}, {GDK_KEY_question, 0x035, true}, {GDK_KEY_q, 0x010, false},
    {GDK_KEY_Q, 0x010, true}, {GDK_KEY_w, 0x011, false}, {GDK_KEY_W, 0x011, true}, {GDK_KEY_e, 0x012, false},
    {GDK_KEY_E, 0x012, true}, {GDK_KEY_r, 0x013, false}, {GDK_KEY_R, 0x013, true}, {GDK_KEY_t, 0x014, false},
    {GDK_KEY_T, 0x014, true}, {GDK_KEY_y, 0x015, false}, {GDK_KEY_Y, 0x015, true}, {GDK_KEY_u, 0x016, false},
    {GDK_KEY_U, 0x016, true}, {GDK_KEY_i, 0x017, false}, {GDK_KEY_I, 0x017, true}, {GDK_KEY_o, 0x018, false},
    {GDK_KEY_O, 0x018, true}, {GDK_KEY_p, 0x019, false}, {GDK_KEY_P, 0x019, true}, {GDK_KEY_a, 0x01e, false},
    {GDK_KEY_A, 0x01e, true}, {GDK_KEY_s, 0x01f, false}, {GDK_KEY_S, 0x01f, true}, {GDK_KEY_d, 0x020, false},
    {GDK_KEY_D, 0x020, true}, {GDK_KEY_f, 0x021, false}, {GDK_KEY_F, 0x021, true}, {GDK_KEY_g, 0x022, false},
    {GDK_KEY_G, 0x022, true}, {GDK_KEY_h, 0x023, false}, {GDK_KEY_H, 0x023, true}, {GDK_KEY_j, 0x024, false},
    {GDK_KEY_J, 0x024, true}, {GDK_KEY_k, 0x025, false}, {GDK_KEY_K, 0x025, true}, {GDK_KEY_l, 0x026, false},
    {GDK_KEY_L, 0x026, true}, {GDK_KEY_z, 0x02c, false}, {GDK_KEY_Z, 0x02c, true}, {GDK_KEY_x, 0x02d, false},
    {GDK_KEY_X, 0x02d, true}, {GDK_KEY_c, 0x02e, false}, {GDK_KEY_C, 0x02e, true}, {GDK_KEY_v, 0x02f, false},
    {GDK_KEY_V, 0x02f, true}, {GDK_KEY_b, 0x030, false}, {GDK_KEY_B, 0x030, true}, {GDK_KEY_n, 0x031, false},
    {GDK_KEY_N, 0x031, true}, {GDK_KEY_m, 0x032, false}, {GDK_KEY_M, 0x032, true}, {GDK_KEY_space, 0x039, false},
    {GDK_KEY_Return, 0x01c, false}, {GDK_KEY_Escape, 0x001, false}, {GDK_KEY_BackSpace, 0x00e, false},
    {GDK_KEY_Tab, 0x00f, false}, {GDK_KEY_ISO_Left_Tab, 0x00f, true}, {GDK_KEY_Shift_L, 0x02a, false},
    {GDK_KEY_Shift_R, 0x036, false}, {GDK_KEY_Control_L, 0x01d, false}, {GDK_KEY_Control_R, 0x11d, false},
    {GDK_KEY_Alt_L, 0x038, false}, {GDK_KEY_Alt_R, 0x138, false}, {GDK_KEY_Meta_L, 0x038, false},
    {GDK_KEY_Meta_R, 0x138, false}, {GDK_KEY_ISO_Level3_Shift, 0x138, false}, {GDK_KEY_Mode_switch, 0x138, false},
    {GDK_KEY_Super_L, 0x15b, false}, {GDK_KEY_Super_R, 0x15c, false}, {GDK_KEY_Hyper_L, 0x15b, false},
    {GDK_KEY_Menu, 0x15d, false}, {GDK_KEY_Caps_Lock, 0x03a, false}, {GDK_KEY_Num_Lock, 0x045, false},
    {GDK_KEY_Scroll_Lock, 0x046, false}, {GDK_KEY_Print, 0x054, false}, {GDK_KEY_Sys_Req, 0x054, false},
    {GDK_KEY_Break, 0x146, false}, {GDK_KEY_Insert, 0x152, false}, {GDK_KEY_Delete, 0x153, false},
    {GDK_KEY_Home, 0x147, false}, {GDK_KEY_End, 0x14f, false}, {GDK_KEY_Page_Up, 0x149, false},
    {GDK_KEY_Page_Down, 0x151, false}, {GDK_KEY_Up, 0x148, false}, {GDK_KEY_Down, 0x150, false},
    {GDK_KEY_Left, 0x14b, false}, {GDK_KEY_Right, 0x14d, false}, {GDK_KEY_F11, 0x057, false},
    {GDK_KEY_F12, 0x058, false}, {GDK_KEY_KP_Enter, 0x11c, false}, {GDK_KEY_KP_Divide, 0x135, false},
    {GDK_KEY_KP_Multiply, 0x037, false}, {GDK_KEY_KP_Subtract, 0x04a, false}, {GDK_KEY_KP_Add, 0x04e, false},
    {GDK_KEY_KP_Decimal, 0x053, false}, {GDK_KEY_KP_Delete, 0x053, false}, {GDK_KEY_KP_Insert, 0x052, false},
    {GDK_KEY_KP_End, 0x04f, false}, {GDK_KEY_KP_Down, 0x050, false}, {GDK_KEY_KP_Page_Down, 0x051, false},
    {GDK_KEY_KP_Left, 0x04b, false}, {GDK_KEY_KP_Begin, 0x04c, false}, {GDK_KEY_KP_Right, 0x04d, false},
    {GDK_KEY_KP_Home, 0x047, false}, {GDK_KEY_KP_Up, 0x048, false}, {GDK_KEY_KP_Page_Up, 0x049, false},
    {GDK_KEY_KP_0, 0x052, false}, {GDK_KEY_KP_1, 0x04f, false}, {GDK_KEY_KP_2, 0x050, false},
    {GDK_KEY_KP_3, 0x051, false}, {GDK_KEY_KP_4, 0x04b, false}, {GDK_KEY_KP_5, 0x04c, false},
    {GDK_KEY_KP_6, 0x04d, false}, {GDK_KEY_KP_7, 0x047, false}, {GDK_KEY_KP_8, 0x048, false},
    {GDK_KEY_KP_9, 0x049, false}, {GDK_KEY_Linefeed, 0x01c, false}, {GDK_KEY_F1, 0x03b, false},
    {GDK_KEY_F2, 0x03c, false}, {GDK_KEY_F3, 0x03d, false}, {GDK_KEY_F4, 0x03e, false}, {GDK_KEY_F5, 0x03f, false},
    {GDK_KEY_F6, 0x040, false}, {GDK_KEY_F7, 0x041, false}, {GDK_KEY_F8, 0x042, false}, {GDK_KEY_F9, 0x043, false},
    {GDK_KEY_F10, 0x044, false},
});
}

unsigned evdev_to_scancode(unsigned keycode) noexcept {
    if (keycode < 8 || keycode - 8 >= linux_codes.size()) return 0;
    return linux_codes[keycode - 8];
}

unsigned xkbd_to_scancode(unsigned keycode) noexcept {
    if (keycode >= 9 && keycode <= 91) return keycode - 8;
    const auto it = std::find_if(xkbd_keys.begin(), xkbd_keys.end(), [&](auto &k) { return k.keycode == keycode; });
    return it == xkbd_keys.end() ? 0 : it->scancode;
}

UsKey us_key(unsigned keyval) noexcept {
    const auto it = std::find_if(us_keys.begin(), us_keys.end(), [&](auto &k) { return k.keyval == keyval; });
    return it == us_keys.end() ? UsKey{} : UsKey{it->scancode, it->shift};
}

}
