// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "dialogs.hh"

#include "text.hh"

#include <charconv>

namespace spicy {

namespace {
GtkWidget *make_entry(const char *placeholder) {
    auto *entry = gtk_entry_new();
    gtk_entry_set_placeholder_text(GTK_ENTRY(entry), placeholder);
    gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
    return entry;
}

GtkWidget *make_password_entry() {
    auto *entry = gtk_password_entry_new();
    gtk_password_entry_set_show_peek_icon(GTK_PASSWORD_ENTRY(entry), TRUE);
    g_object_set(entry, "activates-default", TRUE, nullptr);
    return entry;
}

std::string text_of(GtkWidget *entry) { return entry ? gtk_editable_get_text(GTK_EDITABLE(entry)) : ""; }

bool is_port(const std::string &text) {
    unsigned port = 0;
    const auto end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, port);
    return result.ec == std::errc{} && result.ptr == end && port >= 1 && port <= 65535;
}
}

FormDialog::FormDialog(GtkApplication *app, GtkWindow *parent, const char *title, const char *accept)
    : window_{GTK_WINDOW(gtk_window_new())}, message_{gtk_label_new(nullptr)}, grid_{gtk_grid_new()} {
    gtk_window_set_application(window_, app);
    gtk_window_set_title(window_, title);
    gtk_window_set_resizable(window_, FALSE);
    if (parent) gtk_window_set_transient_for(window_, parent);
    gtk_window_set_modal(window_, parent != nullptr);
    gtk_window_set_destroy_with_parent(window_, FALSE);
    auto *bar = gtk_header_bar_new();
    gtk_header_bar_set_show_title_buttons(GTK_HEADER_BAR(bar), FALSE);
    auto *ok = gtk_button_new_with_mnemonic(accept), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
    gtk_widget_add_css_class(ok, "suggested-action");
    gtk_header_bar_pack_start(GTK_HEADER_BAR(bar), cancel);
    gtk_header_bar_pack_end(GTK_HEADER_BAR(bar), ok);
    gtk_window_set_titlebar(window_, bar);
    gtk_window_set_default_widget(window_, ok);
    auto *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    for (auto set : {gtk_widget_set_margin_start, gtk_widget_set_margin_end, gtk_widget_set_margin_top, gtk_widget_set_margin_bottom})
        set(box, 18);
    gtk_label_set_wrap(GTK_LABEL(message_), TRUE);
    gtk_label_set_max_width_chars(GTK_LABEL(message_), 40);
    gtk_label_set_xalign(GTK_LABEL(message_), 0);
    gtk_widget_set_visible(message_, FALSE);
    gtk_grid_set_row_spacing(GTK_GRID(grid_), 6);
    gtk_grid_set_column_spacing(GTK_GRID(grid_), 12);
    gtk_box_append(GTK_BOX(box), message_);
    gtk_box_append(GTK_BOX(box), grid_);
    gtk_window_set_child(window_, box);
    on_accept_.attach<&FormDialog::accept_clicked>(ok, "clicked", this);
    on_cancel_.attach<&FormDialog::cancel_clicked>(cancel, "clicked", this);
    on_close_.attach<&FormDialog::close_requested>(window_, "close-request", this);
}

FormDialog::~FormDialog() {
    on_close_.reset();
    gtk_window_destroy(window_);
}

void FormDialog::present() { gtk_window_present(window_); }

GtkWidget *FormDialog::add_row(const char *label, GtkWidget *entry) {
    auto *text = gtk_label_new_with_mnemonic(label);
    gtk_label_set_xalign(GTK_LABEL(text), 1);
    gtk_label_set_mnemonic_widget(GTK_LABEL(text), entry);
    gtk_widget_set_hexpand(entry, TRUE);
    gtk_grid_attach(GTK_GRID(grid_), text, 0, rows_, 1, 1);
    gtk_grid_attach(GTK_GRID(grid_), entry, 1, rows_, 1, 1);
    if (rows_++ == 0) gtk_window_set_focus(window_, entry);
    return entry;
}

void FormDialog::set_message(const char *text) {
    gtk_label_set_text(GTK_LABEL(message_), text);
    gtk_widget_set_visible(message_, TRUE);
}

PasswordDialog::PasswordDialog(GtkApplication *app, GtkWindow *parent, Wanted wanted, const std::string &message, Host &host)
    : FormDialog{app, parent, _("Authentication"), _("_Connect")}, host_{host} {
    set_message(message.c_str());
    if (wanted.user) user_ = add_row(_("_User name"), make_entry(""));
    if (wanted.password) password_ = add_row(_("_Password"), make_password_entry());
}

void PasswordDialog::accepted() { host_.password_given(text_of(user_), text_of(password_)); }

ConnectDialog::ConnectDialog(GtkApplication *app, Host &host)
    : FormDialog{app, nullptr, _("Connect"), _("_Connect")}, host_{host}, address_{add_row(_("_Host"), make_entry("localhost"))},
      port_{add_row(_("_Port"), make_entry("5900"))}, tls_port_{add_row(_("_TLS port"), make_entry(""))},
      password_{add_row(_("P_assword"), make_password_entry())} {}

void ConnectDialog::accepted() {
    Address a{text_of(address_), text_of(port_), text_of(tls_port_), text_of(password_)};
    if (a.host.empty()) a.host = "localhost";
    const bool port_ok = a.port.empty() || is_port(a.port), tls_ok = a.tls_port.empty() || is_port(a.tls_port);
    if (!port_ok || !tls_ok) return set_message(_("A port is a number from 1 to 65535."));
    if (a.port.empty() && a.tls_port.empty()) return set_message(_("Enter a port or a TLS port."));
    host_.address_given(a);
}

}
