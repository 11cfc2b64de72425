// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api-client.hh"

#include <algorithm>

namespace spice::test {
namespace {

constexpr unsigned patience_ms = 5000;

int number(SpiceChannel *channel, const char *property) {
    int value = 0;
    g_object_get(channel, property, &value, nullptr);
    return value;
}

}

std::string channel_name(SpiceChannel *channel) {
    return std::string{spice_channel_type_to_string(number(channel, "channel-type"))} + "-" +
           std::to_string(number(channel, "channel-id"));
}

void set_ca(SpiceSession *session, const std::string &pem) {
    auto *bytes = g_byte_array_new();
    g_byte_array_append(bytes, reinterpret_cast<const guint8 *>(pem.data()), static_cast<guint>(pem.size()));
    g_object_set(session, "ca", bytes, nullptr);
    g_byte_array_unref(bytes);
}

ApiClient::ApiClient(GMainContext *context)
    : session_{Ref<SpiceSession>::take(spice_session_new())},
      context_{context ? g_main_context_ref(context) : g_main_context_ref_thread_default()} {
    g_signal_connect(session(), "channel-new", G_CALLBACK(channel_new), this);
    g_signal_connect(session(), "channel-destroy", G_CALLBACK(channel_destroy), this);
    g_signal_connect(session(), "disconnected", G_CALLBACK(disconnected), this);
}

ApiClient::~ApiClient() {
    disconnect();
    g_signal_handlers_disconnect_by_data(session(), this);
}

SpiceChannel *ApiClient::channel(int type, int id) const {
    auto *list = spice_session_get_channels(session());
    SpiceChannel *found = nullptr;
    for (auto *item = list; item; item = item->next) {
        auto *channel = SPICE_CHANNEL(item->data);
        if (number(channel, "channel-type") == type && number(channel, "channel-id") == id) found = channel;
    }
    g_list_free(list);
    return found;
}

bool ApiClient::wait_for(const std::function<bool()> &done) {
    bool late = false;
    auto *timeout = g_timeout_source_new(patience_ms);
    g_source_set_callback(timeout, [](gpointer flag) { return *static_cast<bool *>(flag) = true, G_SOURCE_REMOVE; }, &late,
                          nullptr);
    g_source_attach(timeout, context_.get());
    auto *tick = g_timeout_source_new(5); // what other threads do wakes nobody
    g_source_set_callback(tick, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_attach(tick, context_.get());
    while (!done() && !late) g_main_context_iteration(context_.get(), TRUE);
    for (auto *source : {timeout, tick}) {
        g_source_destroy(source);
        g_source_unref(source);
    }
    if (late)
        for (const auto &line : lines_) g_test_message("%s", line.c_str());
    return !late;
}

bool ApiClient::wait(const std::string &line, std::size_t times) {
    return wait_for([&] { return count(line) >= times; });
}

bool ApiClient::disconnect() {
    auto *list = spice_session_get_channels(session());
    const bool any = list != nullptr;
    g_list_free(list);
    if (!any) return true;
    const auto before = count("disconnected");
    spice_session_disconnect(session());
    return wait("disconnected", before + 1);
}

std::size_t ApiClient::count(const std::string &line) const {
    return static_cast<std::size_t>(std::count(lines_.begin(), lines_.end(), line));
}

std::vector<std::string> ApiClient::lines_of(const std::string &channel) const {
    std::vector<std::string> found;
    for (const auto &line : lines_)
        if (line.starts_with(channel + " ")) found.push_back(line.substr(channel.size() + 1));
    return found;
}

void ApiClient::write(std::string line) { lines_.push_back(std::move(line)); }

void ApiClient::channel_new(SpiceSession *, SpiceChannel *channel, ApiClient *self) {
    self->write("channel-new " + channel_name(channel));
    g_signal_connect(channel, "channel-event", G_CALLBACK(channel_event), self);
    g_signal_connect(channel, "open-fd", G_CALLBACK(open_fd), self);
    if (self->connect_channels && !SPICE_IS_MAIN_CHANNEL(channel)) g_assert_true(spice_channel_connect(channel));
}

void ApiClient::channel_destroy(SpiceSession *session, SpiceChannel *channel, ApiClient *self) {
    SpiceSession *owner = nullptr;
    g_object_get(channel, "spice-session", &owner, nullptr);
    g_assert_true(owner == session);
    g_object_unref(owner);
    self->write("channel-destroy " + channel_name(channel));
}

void ApiClient::disconnected(SpiceSession *session, ApiClient *self) {
    g_assert_null(spice_session_get_channels(session));
    self->write("disconnected");
}

void ApiClient::channel_event(SpiceChannel *channel, SpiceChannelEvent event, ApiClient *self) {
    auto *klass = G_ENUM_CLASS(g_type_class_ref(SPICE_TYPE_CHANNEL_EVENT));
    auto line = channel_name(channel) + " " + g_enum_get_value(klass, event)->value_nick;
    g_type_class_unref(klass);
    if (const auto *error = spice_channel_get_error(channel))
        line += std::string{" "} + g_quark_to_string(error->domain) + " " + std::to_string(error->code);
    self->write(std::move(line));
    if (self->on_event) self->on_event(channel, event);
}

void ApiClient::open_fd(SpiceChannel *channel, int with_tls, ApiClient *self) {
    self->write(channel_name(channel) + (with_tls ? " open-fd tls" : " open-fd"));
    if (self->on_open_fd) self->on_open_fd(channel, with_tls != 0);
}

}
