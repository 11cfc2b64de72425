// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/shared-folder.hh"

#include "base/log.hh"
#include "device/webdav-request.hh"

#include <libphodav/phodav.h>

#include <cstring>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace spice::device {

// What requests are looked at for. They may end after their folder.
struct FolderRules {
    SoupServer *server = nullptr; // only to be compared
    std::atomic<bool> read_only{false};
    // The folder's thread.
    unsigned locks = 0;
    std::unordered_set<std::size_t> paths; // hashes of those that have been locked
    std::size_t path_bytes = 0;            // what phodav keeps of them
};

namespace {

constexpr const char *clipboard_folder = "/.spice-clipboard";
// What is no file is a question of a few hundred bytes; the HTTP server gathers all of it in memory.
constexpr goffset max_question = 16 << 10;
// phodav keeps each lock, with what its owner says of himself, until it is taken off, and the path for good.
constexpr unsigned max_locks = 1000;
constexpr std::size_t max_locked_paths = 16u << 20;

// Data of requests.
constexpr const char *asks_to_go_on = "spice-client-expect", *status_to_be = "spice-client-status";

using Connections = std::shared_ptr<std::atomic<unsigned>>;

bool is(SoupServerMessage *message, const char *method) {
    return std::strcmp(soup_server_message_get_method(message), method) == 0;
}

// Of several headers of one name phodav looks at one, and it is not always the same.
bool comes_twice(SoupMessageHeaders *headers, const char *name) {
    SoupMessageHeadersIter next;
    soup_message_headers_iter_init(&next, headers);
    unsigned count = 0;
    const char *found = nullptr, *value = nullptr;
    while (soup_message_headers_iter_next(&next, &found, &value))
        count += g_ascii_strcasecmp(found, name) == 0;
    return count > 1;
}

// What phodav would fail on, or leave the folder by.
bool is_sound(SoupServerMessage *message, SoupMessageHeaders *headers) {
    // The HTTP server has unescaped it.
    if (!is_plain_path(g_uri_get_path(soup_server_message_get_uri(message)))) return false;
    for (const char *name : {"Destination", "If", "Lock-Token", "Depth", "Timeout", "Overwrite"})
        if (comes_twice(headers, name)) return false;
    if (const char *to = soup_message_headers_get_one(headers, "Destination")) {
        const auto uri = plain_uri(to);
        if (!uri) return false;
        soup_message_headers_replace(headers, "Destination", uri->c_str());
    }
    const char *condition = soup_message_headers_get_one(headers, "If");
    if (condition && !is_condition(condition)) return false;
    if (is(message, SOUP_METHOD_UNLOCK)) {
        const char *value = soup_message_headers_get_one(headers, "Lock-Token");
        const std::string_view token{value ? value : ""};
        if (token.size() < 3 || !token.starts_with('<') || !token.ends_with('>')) return false;
    }
    const bool asks_nothing = soup_message_headers_get_encoding(headers) == SOUP_ENCODING_NONE ||
                              soup_message_headers_get_content_length(headers) == 0;
    return !is(message, SOUP_METHOD_LOCK) || condition || !asks_nothing;
}

// phodav crashes on properties that it does not expect. They are not kept, but Windows takes a file that it has written
// for lost unless it may say when the file was made.
guint forget_properties(SoupServerMessage *message) {
    const StrPtr path{g_uri_escape_string(g_uri_get_path(soup_server_message_get_uri(message)), "/", FALSE)};
    const auto text =
        std::string{
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\"><D:response><D:href>"} +
        path.get() +
        "</D:href><D:propstat><D:prop/><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>";
    soup_server_message_set_response(message, "application/xml", SOUP_MEMORY_COPY, text.data(), text.size());
    return SOUP_STATUS_MULTI_STATUS;
}

// Only the body of a PUT is passed on as it comes.
guint refusal_of(SoupServerMessage *message) {
    auto *headers = soup_server_message_get_request_headers(message);
    if (const auto status = soup_server_message_get_status(message); status >= SOUP_STATUS_BAD_REQUEST) return status;
    if (!is_sound(message, headers)) return SOUP_STATUS_BAD_REQUEST;
    if (is(message, SOUP_METHOD_PUT)) return SOUP_STATUS_NONE;
    switch (soup_message_headers_get_encoding(headers)) {
    case SOUP_ENCODING_NONE:
        return SOUP_STATUS_NONE;
    case SOUP_ENCODING_CONTENT_LENGTH:
        return soup_message_headers_get_content_length(headers) <= max_question ? SOUP_STATUS_NONE
                                                                                : SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;
    default:
        return SOUP_STATUS_LENGTH_REQUIRED;
    }
}

// The HTTP server ends connections that it did not accept itself after one request, and does not say so.
void will_close(SoupServerMessage *message) {
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection", "close");
}

using SharedRules = std::shared_ptr<FolderRules>;

void look_at_headers(SoupServerMessage *message, gpointer data) noexcept {
    auto &rules = **static_cast<SharedRules *>(data);
    will_close(message);
    auto *headers = soup_server_message_get_request_headers(message);
    if (soup_message_headers_get_expectations(headers) & SOUP_EXPECTATION_CONTINUE)
        g_object_set_data(G_OBJECT(message), asks_to_go_on, message);
    // phodav does not look at them, and only complains that they are there.
    for (const char *name : {"Expect", "If-Match", "If-None-Match"})
        soup_message_headers_remove(headers, name);
    auto answer = refusal_of(message);
    if (answer == SOUP_STATUS_NONE && is(message, SOUP_METHOD_PROPPATCH))
        answer = rules.read_only ? guint{SOUP_STATUS_FORBIDDEN} : forget_properties(message);
    if (answer == SOUP_STATUS_NONE) return;
    soup_server_message_set_status(message, answer, nullptr);
    soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE); // it is read nevertheless
    g_signal_stop_emission_by_name(message, "got-headers");
}

// phodav sets the status of a PUT before the body comes. To a client that asks whether it may go on, the HTTP server
// would answer with that, and leave an empty file. So the status is kept until the body comes.
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

// False: phodav would have to keep too much.
bool may_lock(FolderRules &rules, std::string_view path) {
    if (rules.locks >= max_locks) return false;
    constexpr std::size_t entry = 128;
    const auto hash = std::hash<std::string_view>{}(path);
    if (rules.paths.count(hash)) return true;
    if (rules.path_bytes + path.size() + entry > max_locked_paths) return false;
    rules.paths.insert(hash);
    rules.path_bytes += path.size() + entry;
    return true;
}

// The body is there, phodav has not seen it.
void look_at_body(SoupServer *, SoupServerMessage *message, gpointer data) noexcept {
    const bool locks = is(message, SOUP_METHOD_LOCK);
    if (soup_server_message_get_status(message) != SOUP_STATUS_NONE || (!locks && !is(message, SOUP_METHOD_PROPFIND)))
        return;
    const BytesPtr bytes{soup_message_body_flatten(soup_server_message_get_request_body(message))};
    gsize size = 0;
    const auto *text = static_cast<const char *>(g_bytes_get_data(bytes.get(), &size));
    if (size == 0) return; // nothing in particular is asked for, or a lock is to last longer
    const std::string_view body{text, size};
    auto &rules = **static_cast<SharedRules *>(data);
    if (!(locks ? is_lockinfo(body) : is_propfind(body)))
        soup_server_message_set_status(message, SOUP_STATUS_BAD_REQUEST, nullptr);
    else if (locks && !rules.read_only && !may_lock(rules, g_uri_get_path(soup_server_message_get_uri(message))))
        soup_server_message_set_status(message, SOUP_STATUS_INSUFFICIENT_STORAGE, nullptr);
}

// phodav keeps a lock even where it could not make the file.
void count_locks(SoupServer *, SoupServerMessage *message, gpointer data) noexcept {
    auto &rules = **static_cast<SharedRules *>(data);
    const auto status = soup_server_message_get_status(message);
    auto *headers = soup_server_message_get_response_headers(message);
    if (is(message, SOUP_METHOD_LOCK) && status != SOUP_STATUS_LOCKED &&
        soup_message_headers_get_one(headers, "Lock-Token"))
        ++rules.locks;
    else if (is(message, SOUP_METHOD_UNLOCK) && status == SOUP_STATUS_NO_CONTENT && rules.locks > 0)
        --rules.locks;
}

guint request_signal() { return g_signal_lookup("request-started", SOUP_TYPE_SERVER); }

void connect(gpointer object, const char *signal, GCallback call, const SharedRules &rules) {
    const auto forget = [](gpointer copy, GClosure *) noexcept { delete static_cast<SharedRules *>(copy); };
    g_signal_connect_data(object, signal, call, new SharedRules{rules}, forget, GConnectFlags{});
}

// phodav begins to write a file when it sees the headers, even of requests that the HTTP server refuses. Its handler
// was connected before anybody else could; a hook comes before all handlers. It hears of every HTTP server of the
// process.
gboolean request_started(GSignalInvocationHint *, guint, const GValue *values, gpointer data) noexcept {
    const auto &rules = *static_cast<SharedRules *>(data);
    if (g_value_get_object(&values[0]) != rules->server) return TRUE;
    auto *message = g_value_get_object(&values[1]);
    connect(message, "got-headers", G_CALLBACK(look_at_headers), rules);
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
    rules_ = std::make_shared<FolderRules>();
    rules_->server = soup();
    connect(soup(), "request-read", G_CALLBACK(look_at_body), rules_);
    for (const char *end : {"request-finished", "request-aborted"})
        connect(soup(), end, G_CALLBACK(count_locks), rules_);
    // Its rules are its own: another thread's HTTP server may be in it when this folder goes.
    const auto forget = [](gpointer copy) noexcept { delete static_cast<SharedRules *>(copy); };
    hook_ = g_signal_add_emission_hook(request_signal(), 0, request_started, new SharedRules{rules_}, forget);
}

SharedFolder::~SharedFolder() { g_signal_remove_emission_hook(request_signal(), hook_); }

SoupServer *SharedFolder::soup() const { return phodav_server_get_soup_server(PHODAV_SERVER(server_.get())); }

void SharedFolder::set_root(const std::optional<std::string> &path) {
    phodav_virtual_dir_root_set_real(PHODAV_VIRTUAL_DIR(root_.get()), path && !path->empty() ? path->c_str() : nullptr);
}

void SharedFolder::set_read_only(bool read_only) {
    rules_->read_only = read_only;
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
