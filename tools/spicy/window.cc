// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "window.hh"

#include "text.hh"

#include <algorithm>
#include <ctime>

namespace spicy {

using spice::gtk::ErrorPtr;
using spice::gtk::Owned;
using spice::gtk::Ref;
using spice::gtk::StrPtr;

namespace {
template <auto Method> void on_action(GSimpleAction *, GVariant *, gpointer self) noexcept {
    (static_cast<Window *>(self)->*Method)();
}

void centre(GtkWidget *label, const char *css) {
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 60);
    if (css) gtk_widget_add_css_class(label, css);
}
}

Window::Window(GtkApplication *app, SpiceSession *session, Place place, Host &host)
    : host_{host}, place_{place}, window_{GTK_WINDOW(gtk_application_window_new(app))},
      display_{spice_display_new_with_monitor(session, place.channel, place.monitor)} {
    gtk_window_set_default_size(window_, 800, 600);
    gtk_window_set_icon_name(window_, "video-display");
    gtk_window_set_handle_menubar_accel(window_, FALSE); // F10 is for the guest
    build_header();
    add_actions();
    stack_ = gtk_stack_new();
    gtk_stack_add_named(GTK_STACK(stack_), build_status(), "status");
    gtk_stack_add_named(GTK_STACK(stack_), GTK_WIDGET(display_), "display");
    gtk_widget_set_hexpand(GTK_WIDGET(display_), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(display_), TRUE);
    gtk_window_set_child(window_, stack_);
    on_ready_.attach<&Window::ready_changed>(display_, "notify::ready", this);
    on_width_.attach<&Window::size_changed>(display_, "notify::guest-width", this);
    on_height_.attach<&Window::size_changed>(display_, "notify::guest-height", this);
    on_grab_.attach<&Window::mouse_grabbed>(display_, "mouse-grab", this);
    on_fullscreen_.attach<&Window::fullscreen_changed>(window_, "notify::fullscreened", this);
    on_close_.attach<&Window::close_requested>(window_, "close-request", this);
    update_title();
}

Window::~Window() {
    on_close_.reset();
    gtk_window_destroy(window_);
}

void Window::build_header() {
    auto *bar = gtk_header_bar_new();
    auto *menu = gtk_menu_button_new();
    const auto model = Ref<GMenuModel>::take(make_menu());
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(menu), "open-menu-symbolic");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(menu), model.get());
    gtk_menu_button_set_primary(GTK_MENU_BUTTON(menu), FALSE);
    gtk_widget_set_tooltip_text(menu, _("Menu"));
    auto *full = gtk_button_new_from_icon_name("view-fullscreen-symbolic");
    gtk_widget_set_tooltip_text(full, _("Full screen (Shift+F11)"));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(full), "win.fullscreen");
    gtk_header_bar_pack_end(GTK_HEADER_BAR(bar), menu);
    gtk_header_bar_pack_end(GTK_HEADER_BAR(bar), full);
    // The focus belongs to the display; the buttons are for the mouse.
    gtk_widget_set_focus_on_click(full, FALSE);
    gtk_window_set_titlebar(window_, bar);
}

GtkWidget *Window::build_status() {
    auto *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    for (auto set : {gtk_widget_set_margin_start, gtk_widget_set_margin_end, gtk_widget_set_margin_top, gtk_widget_set_margin_bottom})
        set(box, 24);
    spinner_ = gtk_spinner_new();
    gtk_widget_set_size_request(spinner_, 32, 32);
    icon_ = gtk_image_new_from_icon_name("network-error-symbolic");
    gtk_image_set_pixel_size(GTK_IMAGE(icon_), 64);
    headline_ = gtk_label_new(nullptr);
    detail_ = gtk_label_new(nullptr);
    centre(headline_, "title-2");
    centre(detail_, nullptr);
    gtk_label_set_selectable(GTK_LABEL(detail_), TRUE);
    retry_ = gtk_button_new_with_mnemonic(_("_Retry"));
    gtk_widget_set_halign(retry_, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(retry_, "suggested-action");
    on_retry_.attach<&Window::retry_clicked>(retry_, "clicked", this);
    for (auto *child : {spinner_, icon_, headline_, detail_, retry_}) gtk_box_append(GTK_BOX(box), child);
    return box;
}

void Window::add_actions() {
    const GActionEntry entries[] = {
        {"screenshot", on_action<&Window::take_screenshot>, nullptr, nullptr, nullptr, {}},
        {"fullscreen",
         [](GSimpleAction *, GVariant *, gpointer self) {
             auto *w = static_cast<Window *>(self);
             w->set_fullscreen(!gtk_window_is_fullscreen(w->window_));
         },
         nullptr, nullptr, nullptr, {}},
        {"send-keys",
         [](GSimpleAction *, GVariant *names, gpointer self) {
             static_cast<Window *>(self)->send_keys(g_variant_get_string(names, nullptr));
         },
         "s", nullptr, nullptr, {}},
        {"close", [](GSimpleAction *, GVariant *, gpointer self) { gtk_window_close(static_cast<Window *>(self)->window_); },
         nullptr, nullptr, nullptr, {}}};
    g_action_map_add_action_entries(G_ACTION_MAP(window_), entries, G_N_ELEMENTS(entries), this);
    for (const char *name : {"scaling", "resize-guest"}) {
        const auto action = Ref<GPropertyAction>::take(g_property_action_new(name, display_, name));
        g_action_map_add_action(G_ACTION_MAP(window_), G_ACTION(action.get()));
    }
}

void Window::set_name(const std::string &name) {
    name_ = name;
    update_title();
}

void Window::update_title() {
    std::string title = name_.empty() ? _("Remote display") : name_;
    const int number = place_.channel + place_.monitor;
    if (number > 0) title += " (" + std::to_string(number + 1) + ")";
    if (grabbed_) {
        const StrPtr keys{spice_grab_sequence_as_string(spice_display_get_grab_keys(display_))};
        // Translators: the names of the keys that give the mouse pointer back
        const StrPtr hint{g_strdup_printf(_("Press %s to release the pointer"), keys.get())};
        title += std::string{" — "} + hint.get();
    }
    gtk_window_set_title(window_, title.c_str());
}

void Window::show_busy(const char *text) {
    wants_display_ = false;
    gtk_window_set_focus(window_, nullptr); // hiding the button would give its focus, and the next Return, to another
    gtk_widget_set_visible(spinner_, TRUE);
    gtk_spinner_start(GTK_SPINNER(spinner_));
    for (auto *w : {icon_, detail_, retry_}) gtk_widget_set_visible(w, FALSE);
    gtk_label_set_text(GTK_LABEL(headline_), text);
    gtk_stack_set_visible_child_name(GTK_STACK(stack_), "status");
}

void Window::show_problem(const char *headline, const std::string &detail) {
    wants_display_ = false;
    gtk_spinner_stop(GTK_SPINNER(spinner_));
    gtk_widget_set_visible(spinner_, FALSE);
    for (auto *w : {icon_, retry_}) gtk_widget_set_visible(w, TRUE);
    gtk_widget_set_visible(detail_, !detail.empty());
    gtk_label_set_text(GTK_LABEL(headline_), headline);
    gtk_label_set_text(GTK_LABEL(detail_), detail.c_str());
    gtk_stack_set_visible_child_name(GTK_STACK(stack_), "status");
    gtk_widget_grab_focus(retry_);
}

void Window::show_display() {
    wants_display_ = true;
    ready_changed(nullptr);
}

void Window::ready_changed(GParamSpec *) {
    gboolean ready = FALSE;
    g_object_get(display_, "ready", &ready, nullptr);
    if (!ready || !wants_display_) return;
    gtk_spinner_stop(GTK_SPINNER(spinner_));
    fit_to_guest();
    gtk_stack_set_visible_child_name(GTK_STACK(stack_), "display");
    gtk_widget_grab_focus(GTK_WIDGET(display_));
}

void Window::size_changed(GParamSpec *) { fit_to_guest(); }

// The first picture decides about the size of the window; afterwards that is up to the user.
void Window::fit_to_guest() {
    int width = 0, height = 0;
    g_object_get(display_, "guest-width", &width, "guest-height", &height, nullptr);
    if (fitted_ || width <= 0 || height <= 0 || gtk_window_is_fullscreen(window_)) return;
    const int scale = std::max(1, gtk_widget_get_scale_factor(GTK_WIDGET(window_)));
    // What the window needs around its content is known once it has been laid out.
    int now_w = 0, now_h = 0;
    gtk_window_get_default_size(window_, &now_w, &now_h);
    if (gtk_widget_get_width(stack_) <= 0) return;
    const int extra_w = now_w - gtk_widget_get_width(stack_), extra_h = now_h - gtk_widget_get_height(stack_);
    GdkRectangle room{0, 0, 1920, 1080};
    const auto *monitors = gdk_display_get_monitors(gtk_widget_get_display(GTK_WIDGET(window_)));
    if (const auto first = Ref<GdkMonitor>::take(
            static_cast<GdkMonitor *>(g_list_model_get_item(const_cast<GListModel *>(monitors), 0))))
        gdk_monitor_get_geometry(first.get(), &room);
    gtk_window_set_default_size(window_, std::min(width / scale + extra_w, room.width),
                                std::min(height / scale + extra_h, room.height));
    fitted_ = true;
}

void Window::mouse_grabbed(int status) {
    grabbed_ = status != 0;
    update_title();
}

void Window::set_fullscreen(bool on) {
    if (on) gtk_window_fullscreen(window_);
    else gtk_window_unfullscreen(window_);
}

void Window::fullscreen_changed(GParamSpec *) { gtk_widget_grab_focus(GTK_WIDGET(display_)); }

void Window::retry_clicked() { host_.window_retry(); }

gboolean Window::close_requested() {
    host_.window_closed(*this);
    return TRUE; // the viewer destroys it with this object
}

void Window::send_keys(const char *names) {
    guint keyvals[8] = {};
    int n = 0;
    char **parts = g_strsplit(names, "+", 8);
    for (char **p = parts; *p; ++p) keyvals[n++] = gdk_keyval_from_name(*p);
    g_strfreev(parts);
    spice_display_send_keys(display_, keyvals, n, SPICE_DISPLAY_KEY_EVENT_CLICK);
}

void Window::take_screenshot() {
    chooser_ = Ref<GtkFileChooserNative>::take(gtk_file_chooser_native_new(_("Save Screenshot"), window_,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel")));
    const Owned<GDateTime, g_date_time_unref> now{g_date_time_new_now_local()};
    const StrPtr stamp{g_date_time_format(now.get(), "%Y-%m-%d %H-%M-%S")};
    const std::string file = (name_.empty() ? std::string{_("Screenshot")} : name_) + " " + stamp.get() + ".png";
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser_.get()), file.c_str());
    on_chosen_.attach<&Window::screenshot_chosen>(chooser_.get(), "response", this);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser_.get()));
}

void Window::screenshot_chosen(int response) {
    const auto chooser = std::exchange(chooser_, {});
    if (response != GTK_RESPONSE_ACCEPT) return;
    const auto file = Ref<GFile>::take(gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser.get())));
    const auto texture = Ref<GdkTexture>::take(spice_display_get_texture(display_));
    if (!texture || !file) return;
    const spice::gtk::BytesPtr png{gdk_texture_save_to_png_bytes(texture.get())};
    GError *raw = nullptr;
    g_file_replace_contents(file.get(), static_cast<const char *>(g_bytes_get_data(png.get(), nullptr)),
                            g_bytes_get_size(png.get()), nullptr, FALSE, G_FILE_CREATE_NONE, nullptr, nullptr, &raw);
    const ErrorPtr error{raw};
    if (!error) return;
    auto *dialog = gtk_message_dialog_new(window_, GTK_DIALOG_MODAL, GTK_MESSAGE_ERROR, GTK_BUTTONS_CLOSE, "%s",
                                          _("The screenshot could not be saved"));
    gtk_message_dialog_format_secondary_text(GTK_MESSAGE_DIALOG(dialog), "%s", error->message);
    g_signal_connect(dialog, "response", G_CALLBACK(gtk_window_destroy), nullptr);
    gtk_window_present(GTK_WINDOW(dialog));
}

}
