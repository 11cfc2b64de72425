// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/session.hh"

#include "base/log.hh"
#include "device/folder-server.hh"
#include "session/live-migration.hh"

#include <algorithm>

namespace spice::session {

namespace {

constexpr uint64_t default_cache_bytes = 80u << 20;
constexpr uint64_t min_window_bytes = 12u << 20, max_window_bytes = 64u << 20;
constexpr uint64_t max_window_pixels = 1u << 25; // GLZ offsets reach no further
constexpr int main_type = static_cast<int>(channel::Type::main);

const char *channel_name(channel::Type type) noexcept {
    switch (type) {
    case channel::Type::main: return "main";
    case channel::Type::display: return "display";
    case channel::Type::inputs: return "inputs";
    case channel::Type::cursor: return "cursor";
    case channel::Type::playback: return "playback";
    case channel::Type::record: return "record";
    case channel::Type::tunnel: return "tunnel";
    case channel::Type::smartcard: return "smartcard";
    case channel::Type::usbredir: return "usbredir";
    case channel::Type::port: return "port";
    case channel::Type::webdav: return "webdav";
    }
    return "";
}

bool is_main(const Session::Channel &channel) { return channel.model->type() == channel::Type::main; }

}

Session::Session(Observer &observer, GMainContext *context)
    : observer_{observer}, context_{g_main_context_ref(context ? context : g_main_context_default())},
      folder_{std::make_shared<device::FolderServer>()} {}

Session::~Session() {
    for (auto &channel : channels_) channel.model->leave_session();
}

void Session::set_read_only(bool read_only) {
    if (std::exchange(options.read_only, read_only) == read_only) return;
    for (const auto &channel : channels_) channel.model->read_only_changed();
}

// Never around a proxy that was asked for, not even around one that cannot be understood.
std::optional<link::ProxyTarget> Session::proxy_target() const {
    link::ProxyTarget target;
    if (!options.proxy) return options.proxy_unreadable ? std::optional{target} : std::nullopt;
    const auto &uri = *options.proxy;
    target.https = uri.scheme && is_https(*uri.scheme);
    target.host = uri.hostname.value_or("");
    target.port = uri.port <= UINT16_MAX ? static_cast<uint16_t>(uri.port) : uint16_t{0};
    target.user = uri.user;
    target.password = uri.password;
    return target;
}

std::shared_ptr<const link::TlsPolicy> Session::tls_policy() const {
    auto policy = std::make_shared<link::TlsPolicy>();
    policy->host = options.host.value_or("");
    policy->ca = options.ca.value_or("");
    policy->ca_file = options.ca_file.value_or("");
    policy->ciphers = options.ciphers.value_or("");
    policy->pubkey = options.pubkey.value_or("");
    policy->subject = options.cert_subject;
    policy->verify = options.verify;
    // A target is checked by what its source says of it, and by its name when that is nothing.
    if (for_migration_ && !(policy->verify & link::TlsPolicy::verify_subject))
        policy->verify |= link::TlsPolicy::verify_hostname;
    return policy;
}

channel::AttemptParams Session::attempt_params(channel::Type type) const {
    channel::AttemptParams params;
    auto &endpoint = params.endpoint;
    endpoint.host = options.host.value_or("");
    endpoint.port = options.port.value_or("");
    endpoint.tls_port = options.tls_port.value_or("");
    endpoint.unix_path = options.unix_path.value_or("");
    endpoint.proxy = proxy_target();
    endpoint.tls = std::any_of(options.secure_channels.begin(), options.secure_channels.end(),
                               [&](const std::string &s) { return s == "all" || s == channel_name(type); });
    endpoint.tls_policy = tls_policy();
    params.connection_id = type == channel::Type::main && !for_migration_ ? 0 : connection_id_;
    params.password = options.password.value_or("");
    params.has_password = options.password.has_value();
    params.username = options.username;
    return params;
}

Session::Channel *Session::find(int type, int id) {
    const auto found = std::find_if(channels_.begin(), channels_.end(), [=](const Channel &c) {
        return static_cast<int>(c.model->type()) == type && c.model->id() == id;
    });
    return found == channels_.end() ? nullptr : &*found;
}

bool Session::has_channel_type(int type) const {
    return std::any_of(channels_.begin(), channels_.end(),
                       [type](const Channel &c) { return static_cast<int>(c.model->type()) == type; });
}

void Session::add_channel(void *object, channel::Model *model) {
    channels_.insert(channels_.begin(), {object, model});
    ++living_;
    observer_.on_channel_new(object);
}

void Session::channel_finalized() {
    --living_;
    announce_if_gone();
}

void Session::announce_if_gone() {
    if (living_ > 0 || !channels_.empty() || !announce_disconnected_ || removing_) return;
    announce_disconnected_ = false;
    auto keep = observer_.keep_alive(); // the task may hold the last reference
    disconnect_task_.cancel();          // asked for meanwhile: it has happened, and may not stop who connects again
    observer_.on_disconnected();
}

void Session::remove_channel(std::size_t index) {
    const auto channel = channels_[index];
    channels_.erase(channels_.begin() + static_cast<std::ptrdiff_t>(index));
    // The signal comes first: its handlers still find the channel's session. What is said to the channel after it
    // keeps it alive until `closed` was delivered.
    observer_.on_channel_destroy(channel.object);
}

void Session::drop_channel(void *object) {
    const auto found = std::find_if(channels_.begin(), channels_.end(), [=](const Channel &c) { return c.object == object; });
    if (found != channels_.end()) remove_channel(static_cast<std::size_t>(found - channels_.begin()));
}

void Session::drop_others() {
    std::vector<void *> leaving;
    for (const auto &channel : channels_)
        if (!is_main(channel)) leaving.push_back(channel.object);
    for (auto *object : leaving) drop_channel(object);
}

void Session::close_caches() {
    if (caches_) caches_->decode->close();
    caches_.reset();
}

void Session::forget_server() {
    if (auto live = live_) live->stop();
    switch_task_.cancel();
    set_migration_state(Migration::none);
    connection_id_ = 0;
    name_.clear();
    uuid_ = {};
    listed_.clear();
    list_task_.cancel();
    close_caches();
}

// Every channel but main goes; main is disconnected without a reason and used again: applications hold on to it
// while they ask for a password.
bool Session::prepare_connect() {
    if (for_migration_) {
        log::warn("a session that stands for the target of a migration cannot be connected");
        return false;
    }
    if (disconnect_task_.pending()) {
        g_critical("the session is disconnecting: connect again after its signal \"disconnected\"");
        return false;
    }
    drop_others();
    if (auto *main = find(main_type, 0)) main->model->disconnect(channel::Event::none);
    forget_server();
    return true;
}

bool Session::connect() {
    auto keep = observer_.keep_alive();
    if (!prepare_connect()) return false;
    options.client_sockets = false;
    if (!find(main_type, 0)) observer_.create_channel(main_type, 0);
    auto *main = find(main_type, 0);
    return main && main->model->connect();
}

bool Session::open_fd(int fd) {
    auto keep = observer_.keep_alive();
    if (!prepare_connect()) return false;
    options.client_sockets = true;
    if (!find(main_type, 0)) observer_.create_channel(main_type, 0);
    auto *main = find(main_type, 0);
    if (!main) return false;
    return fd >= 0 ? main->model->open_fd(fd) : main->model->connect();
}

void Session::disconnect() {
    if (disconnect_task_.pending()) return;
    if (for_migration_) {
        disconnect_task_.schedule(context_.get(), 0, [this, keep = observer_.keep_alive()] {
            if (auto give_up = given_up_) give_up();
        });
        return;
    }
    disconnect_task_.schedule(context_.get(), 0, [this, keep = observer_.keep_alive()] { disconnect_now(); });
}

void Session::disconnect_now() {
    disconnect_task_.cancel();
    if (channels_.empty() && living_ == 0) return;
    announce_disconnected_ = true;
    forget_server();
    // Handlers may connect again: what they make is not part of what leaves.
    std::vector<void *> leaving;
    for (const auto &channel : channels_) leaving.push_back(channel.object);
    removing_ = true;
    for (auto *object : leaving) drop_channel(object);
    removing_ = false;
    announce_if_gone();
}

bool Session::main_initialised(uint32_t session_id, uint32_t ram_hint) {
    connection_id_ = session_id;
    const auto cache = options.cache_size > 0 ? static_cast<uint64_t>(options.cache_size) : default_cache_bytes;
    const auto window = options.glz_window_size > 0
                            ? static_cast<uint64_t>(options.glz_window_size)
                            : std::clamp<uint64_t>(ram_hint / 2, min_window_bytes, max_window_bytes);
    caches_ = std::make_shared<channel::DisplayCaches>(cache / 4, std::min(window / 4, max_window_pixels));
    return !(live_ && std::shared_ptr{live_}->welcomed());
}

void Session::set_mm_time(uint32_t time) {
    if (shared_->clock.set(time)) observer_.on_mm_time_reset();
}

void Session::set_name(std::string name) {
    name_ = std::move(name);
    observer_.on_name();
}

void Session::set_uuid(const std::array<uint8_t, 16> &uuid) {
    uuid_ = uuid;
    observer_.on_uuid();
}

// Channels appear one a turn of the loop, so that a long list does not hold up the application.
void Session::channels_listed(std::vector<std::pair<uint8_t, uint8_t>> type_and_id) {
    auto keep = observer_.keep_alive();
    observer_.on_uuid(); // known now, also with servers that send none
    listed_.insert(listed_.end(), type_and_id.begin(), type_and_id.end());
    if (listed_.size() > max_listed) listed_.resize(max_listed);
    if (!listed_.empty() && !list_task_.pending())
        list_task_.schedule(context_.get(), 0, [this] { create_next_listed(); });
}

void Session::create_next_listed() {
    auto keep = observer_.keep_alive();
    const auto [type, id] = listed_.front();
    listed_.erase(listed_.begin());
    if (!listed_.empty()) list_task_.schedule(context_.get(), 0, [this] { create_next_listed(); });
    if (type != main_type && !find(type, id)) observer_.create_channel(type, id);
}

}
