// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/shared-folder.hh"

#include "base/log.hh"

#include <libphodav/phodav.h>

#include <cstring>
#include <string_view>

namespace spice::device {

namespace {

constexpr const char *clipboard_folder = "/.spice-clipboard";
// What is no file is a question of a few hundred bytes; the HTTP server gathers all of it in memory.
constexpr goffset max_question = 1 << 20;

// Data of requests.
constexpr const char *asks_to_go_on = "spice-client-expect", *status_to_be = "spice-client-status";

using Connections = std::shared_ptr<std::atomic<unsigned>>;

// Segments that lead upwards, or none at all between two slashes, which phodav is not prepared for.
bool is_plain(const char *encoded) {
    const StrPtr path{g_uri_unescape_string(encoded, nullptr)};
    if (!path || path.get()[0] != '/') return false;
    const StrvPtr segments{g_strsplit(path.get() + 1, "/", -1)};
    for (char **segment = segments.get(); *segment; ++segment) {
        const std::string_view name{*segment};
        if (name == "." || name == ".." || (name.empty() && segment[1])) return false;
    }
    return true;
}

bool is_plain_destination(const char *text) {
    if (text[0] == '/') return is_plain(text);
    const Owned<GUri, g_uri_unref> uri{g_uri_parse(text, G_URI_FLAGS_ENCODED, nullptr)};
    return uri && is_plain(g_uri_get_path(uri.get()));
}

// Only the body of a PUT is passed on as it comes.
guint refusal_of(SoupServerMessage *message) {
    auto *headers = soup_server_message_get_request_headers(message);
    if (!is_plain(g_uri_get_path(soup_server_message_get_uri(message)))) return SOUP_STATUS_BAD_REQUEST;
    const char *to = soup_message_headers_get_list(headers, "Destination");
    if (to && !is_plain_destination(to)) return SOUP_STATUS_BAD_REQUEST;
    if (std::strcmp(soup_server_message_get_method(message), SOUP_METHOD_PUT) == 0) return SOUP_STATUS_NONE;
    switch (soup_message_headers_get_encoding(headers)) {
    case SOUP_ENCODING_NONE: return SOUP_STATUS_NONE;
    case SOUP_ENCODING_CONTENT_LENGTH:
        return soup_message_headers_get_content_length(headers) <= max_question ? SOUP_STATUS_NONE
                                                                                : SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;
    default: return SOUP_STATUS_LENGTH_REQUIRED;
    }
}

// The HTTP server ends connections that it did not accept itself after one request, and does not say so.
void will_close(SoupServerMessage *message) {
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection", "close");
}

void look_at_headers(SoupServerMessage *message, gpointer) noexcept {
    will_close(message);
    auto *headers = soup_server_message_get_request_headers(message);
    if (soup_message_headers_get_expectations(headers) & SOUP_EXPECTATION_CONTINUE)
        g_object_set_data(G_OBJECT(message), asks_to_go_on, message);
    // phodav does not look at them, and only complains that they are there.
    for (const char *name : {"Expect", "If-Match", "If-None-Match"}) soup_message_headers_remove(headers, name);
    const auto refusal = refusal_of(message);
    if (refusal == SOUP_STATUS_NONE) return;
    soup_server_message_set_status(message, refusal, nullptr);
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE); // it is read nevertheless
    g_signal_stop_emission_by_name(message, "got-headers");
}

// phodav sets the status of a PUT before the body comes. To a client that asks whether it may go on, the HTTP server would
// answer with that, and leave an empty file. So the status is kept until the body comes.
void go_on(SoupServerMessage *message, gpointer) noexcept {
    const auto status = soup_server_message_get_status(message);
    if (!SOUP_STATUS_IS_SUCCESSFUL(status) || !g_object_get_data(G_OBJECT(message), asks_to_go_on)) return;
    auto *headers = soup_server_message_get_request_headers(message);
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH &&
        soup_message_headers_get_content_length(headers) == 0)
        return; // there is nothing to go on with
    g_object_set_data(G_OBJECT(message), status_to_be, GUINT_TO_POINTER(status));
    soup_server_message_set_status(message, SOUP_STATUS_CONTINUE, nullptr);
}

void body_comes(SoupServerMessage *message, GBytes *, gpointer) noexcept {
    const auto status = GPOINTER_TO_UINT(g_object_steal_data(G_OBJECT(message), status_to_be));
    if (status == SOUP_STATUS_NONE) return;
    will_close(message); // the answer in between has taken it away
    soup_server_message_set_status(message, status, nullptr);
}

guint request_signal() { return g_signal_lookup("request-started", SOUP_TYPE_SERVER); }

// phodav begins to write a file when it sees the headers, even of requests that the HTTP server refuses. Its handler was
// connected before anybody else could; a hook comes before all handlers. It hears of every HTTP server of the process.
gboolean request_started(GSignalInvocationHint *, guint, const GValue *values, gpointer ours) noexcept {
    if (g_value_get_object(&values[0]) != ours) return TRUE;
    auto *message = g_value_get_object(&values[1]);
    g_signal_connect(message, "got-headers", G_CALLBACK(look_at_headers), nullptr);
    g_signal_connect_after(message, "got-headers", G_CALLBACK(go_on), nullptr);
    g_signal_connect(message, "got-chunk", G_CALLBACK(body_comes), nullptr);
    return TRUE;
}

}

SharedFolder::SharedFolder() {
    root_ = Ref<GObject>::take(G_OBJECT(phodav_virtual_dir_new_root()));
    auto *folder = phodav_virtual_dir_new_dir(PHODAV_VIRTUAL_DIR(root_.get()), clipboard_folder, nullptr);
    g_clear_object(&folder); // its parent has it
    server_ = Ref<GObject>::take(G_OBJECT(phodav_server_new_for_root_file(G_FILE(root_.get()))));
    hook_ = g_signal_add_emission_hook(request_signal(), 0, request_started, soup(), nullptr);
}

SharedFolder::~SharedFolder() { g_signal_remove_emission_hook(request_signal(), hook_); }

SoupServer *SharedFolder::soup() const { return phodav_server_get_soup_server(PHODAV_SERVER(server_.get())); }

void SharedFolder::set_root(const std::optional<std::string> &path) {
    phodav_virtual_dir_root_set_real(PHODAV_VIRTUAL_DIR(root_.get()), path && !path->empty() ? path->c_str() : nullptr);
}

void SharedFolder::set_read_only(bool read_only) {
    g_object_set(server_.get(), "read-only", static_cast<gboolean>(read_only), nullptr);
}

bool SharedFolder::serve(UniqueFd fd) {
    auto socket = Ref<GSocket>::take(g_socket_new_from_fd(fd.get(), nullptr));
    if (!socket) return false;
    static_cast<void>(fd.release());
    auto stream = Ref<GSocketConnection>::take(g_socket_connection_factory_create_connection(socket.get()));
    const auto gone = [](gpointer data, GObject *) noexcept {
        const std::unique_ptr<Connections> count{static_cast<Connections *>(data)};
        --**count;
    };
    ++*connections_;
    g_object_weak_ref(G_OBJECT(stream.get()), gone, new Connections{connections_});
    GError *raw = nullptr;
    // It insists on addresses, which our sockets have none of.
    const auto address = Ref<GSocketAddress>::take(g_inet_socket_address_new_from_string("127.0.0.1", 0));
    if (soup_server_accept_iostream(soup(), G_IO_STREAM(stream.get()), address.get(), address.get(), &raw)) return true;
    const GErrorPtr error{raw};
    log::warn("the shared folder cannot be served: %s", error ? error->message : "no reason");
    return false;
}

}
