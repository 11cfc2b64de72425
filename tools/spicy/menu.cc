// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "text.hh"
#include "window.hh"

namespace spicy {

using spice::gtk::Ref;

namespace {
void append_keys(GMenu *menu, const char *label, const char *names) {
    const auto item = Ref<GMenuItem>::take(g_menu_item_new(label, nullptr));
    g_menu_item_set_action_and_target_value(item.get(), "win.send-keys", g_variant_new_string(names));
    g_menu_append_item(menu, item.get());
}

Ref<GMenu> make_keys_menu() {
    auto menu = Ref<GMenu>::take(g_menu_new());
    append_keys(menu.get(), _("Ctrl+Alt+_Del"), "Control_L+Alt_L+Delete");
    append_keys(menu.get(), _("Ctrl+Alt+_Backspace"), "Control_L+Alt_L+BackSpace");
    const auto consoles = Ref<GMenu>::take(g_menu_new());
    for (int i = 1; i <= 12; ++i) {
        // Translators: the number of a function key
        const spice::gtk::StrPtr label{g_strdup_printf(_("Ctrl+Alt+F%d"), i)};
        const spice::gtk::StrPtr names{g_strdup_printf("Control_L+Alt_L+F%d", i)};
        append_keys(consoles.get(), label.get(), names.get());
    }
    g_menu_append_section(menu.get(), nullptr, G_MENU_MODEL(consoles.get()));
    append_keys(menu.get(), _("_Print Screen"), "Print");
    return menu;
}
}

GMenuModel *make_menu() {
    auto *menu = g_menu_new();
    const auto keys = make_keys_menu();
    g_menu_append_submenu(menu, _("Send _Key"), G_MENU_MODEL(keys.get()));
    g_menu_append(menu, _("Take _Screenshot…"), "win.screenshot");
    const auto view = Ref<GMenu>::take(g_menu_new());
    g_menu_append(view.get(), _("_Fit to Window"), "win.scaling");
    g_menu_append(view.get(), _("_Resize Guest with Window"), "win.resize-guest");
    g_menu_append(view.get(), _("F_ull Screen"), "win.fullscreen");
    g_menu_append_section(menu, nullptr, G_MENU_MODEL(view.get()));
    const auto end = Ref<GMenu>::take(g_menu_new());
    g_menu_append(end.get(), _("_Close"), "win.close");
    g_menu_append_section(menu, nullptr, G_MENU_MODEL(end.get()));
    return G_MENU_MODEL(menu);
}

}
