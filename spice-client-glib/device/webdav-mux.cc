// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/webdav-mux.hh"

#include "base/log.hh"
#include "device/folder-server.hh"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace spice::device {

struct WebdavMux::Source {
    GSource base;
    WebdavMux *mux;

    static gboolean dispatch(GSource *source, GSourceFunc, gpointer) noexcept {
        reinterpret_cast<Source *>(source)->mux->dispatch();
        return G_SOURCE_CONTINUE;
    }
};

WebdavMux::WebdavMux(std::shared_ptr<FolderServer> server, std::function<void()> wake)
    : server_{std::move(server)}, wake_{std::move(wake)} {}

// Where there is a source, the folder server holds a reference until shut().
WebdavMux::~WebdavMux() = default;

// --- the channel's side

void WebdavMux::push(std::vector<std::byte> data) {
    if (data.empty()) return;
    if (!attached_ && !(attached_ = server_->attach(shared_from_this()))) {
        log::warn("no thread can be started for the shared folder");
        return;
    }
    {
        std::lock_guard lock{mutex_};
        input_bytes_ += data.size();
        input_.push_back(std::move(data));
        if (input_bytes_ >= max_input) full_ = true;
    }
    server_->wake();
}

void WebdavMux::reset() {
    if (!attached_) return;
    {
        std::lock_guard lock{mutex_};
        input_.clear();
        input_bytes_ = 0;
        full_ = false;
        input_.emplace_back();
        frames_.clear();
        ++resets_;
    }
    server_->wake();
}

std::optional<std::vector<std::byte>> WebdavMux::next_frame() {
    std::unique_lock lock{mutex_};
    if (frames_.empty()) return std::nullopt;
    auto frame = std::move(frames_.front());
    frames_.pop_front();
    left_.push_back(frame.id);
    lock.unlock();
    server_->wake();
    return std::move(frame.bytes);
}

bool WebdavMux::frame_waits() {
    std::lock_guard lock{mutex_};
    return !frames_.empty();
}

void WebdavMux::end() {
    if (!attached_) return;
    {
        std::lock_guard lock{mutex_};
        ending_ = true;
        input_.clear();
        frames_.clear();
        full_ = false;
    }
    server_->wake();
}

void WebdavMux::set_silent(bool silent) {
    if (silent_.exchange(silent) || !silent) return;
    {
        std::lock_guard lock{mutex_};
        frames_.clear();
    }
    ++silences_;
    hang_up_ = true;
    server_->wake();
}

// --- the folder server's side

std::optional<std::vector<std::byte>> WebdavMux::take_input() {
    std::unique_lock lock{mutex_};
    if (input_.empty()) return std::nullopt;
    auto data = std::move(input_.front());
    input_.pop_front();
    input_bytes_ -= data.size();
    const bool room = full_ && input_bytes_ <= max_input / 2;
    if (room) full_ = false;
    if (data.empty()) resets_seen_ = resets_;
    lock.unlock();
    if (room) wake_();
    return data;
}

// The guest does not take what it is told: it is not listened to either.
bool WebdavMux::backlog() {
    std::lock_guard lock{mutex_};
    return frames_.size() >= max_frames;
}

void WebdavMux::work() {
    if (ended_) return;
    bool ending = false;
    {
        std::lock_guard lock{mutex_};
        ending = ending_;
    }
    if (ending) return shut();
    if (!source_) {
        static GSourceFuncs funcs = {nullptr, nullptr, &Source::dispatch, nullptr, nullptr, nullptr};
        source_ = g_source_new(&funcs, sizeof(Source));
        reinterpret_cast<Source *>(source_)->mux = this;
        g_source_set_static_name(source_, "spice-client shared folder");
        g_source_attach(source_, server_->context());
    }
    if (hang_up_.exchange(false)) hang_up();
    frames_left();
    while (pending_ <= max_pending && !backlog()) {
        auto data = take_input();
        if (!data) break;
        if (!data->empty()) {
            demux_.feed(*data, *this);
        } else {
            drop_all();
            demux_.reset();
            current_.reset();
        }
    }
}

void WebdavMux::shut() {
    drop_all();
    if (source_) {
        g_source_destroy(source_);
        g_source_unref(source_);
        source_ = nullptr;
    }
    ended_ = true;
}

void WebdavMux::frame_begins(int64_t id, std::size_t size) {
    current_.reset();
    const auto silences = silences_.load(); // before the next line: what was opened at the same time goes too
    if (silent_) return;
    const auto known = clients_.find(id);
    if (size == 0) {
        if (known != clients_.end()) close_by_guest(known);
        return;
    }
    if (known == clients_.end()) {
        auto fd = clients_.size() + lingering_.size() < FolderServer::max_connections ? server_->connect() : UniqueFd{};
        if (!fd) return post(id, {});
        clients_[id].fd = std::move(fd);
        clients_[id].silences = silences;
        watch(clients_[id], true);
    }
    current_ = id;
}

void WebdavMux::frame_bytes(std::span<const std::byte> piece) {
    const auto found = current_ ? clients_.find(*current_) : clients_.end();
    if (found == clients_.end()) return; // refused, or closed in the middle of the frame
    auto &client = found->second;
    if (!client.head.feed(piece)) return close_by_server(found);
    if (client.deaf) return;
    client.pending.insert(client.pending.end(), piece.begin(), piece.end());
    pending_ += piece.size();
    flush(client);
    watch(client, !client.frame_queued);
}

void WebdavMux::post(int64_t id, std::span<const std::byte> payload) {
    {
        std::lock_guard lock{mutex_};
        if (resets_ != resets_seen_ || ending_ || silent_) return;
        frames_.push_back({id, wire::webdav_frame(id, payload)});
    }
    wake_();
}

void WebdavMux::frames_left() {
    std::vector<int64_t> left;
    {
        std::lock_guard lock{mutex_};
        left.swap(left_);
    }
    for (const auto id : left) {
        const auto client = clients_.find(id);
        if (client == clients_.end()) continue;
        client->second.frame_queued = false;
        watch(client->second, true);
    }
}

// A descriptor that nothing is wanted of is left out: it would report for ever that the other end is closed.
void WebdavMux::watch(Client &client, bool reading) {
    const auto events = static_cast<GIOCondition>((reading ? G_IO_IN : 0) | (client.pending.empty() ? 0 : G_IO_OUT));
    if (client.tag && events == 0) g_source_remove_unix_fd(source_, std::exchange(client.tag, nullptr));
    else if (client.tag) g_source_modify_unix_fd(source_, client.tag, events);
    else if (events != 0) client.tag = g_source_add_unix_fd(source_, client.fd.get(), events);
}

// When the server takes no more, it may have answered nevertheless.
void WebdavMux::flush(Client &client) {
    std::size_t sent = 0;
    while (sent < client.pending.size()) {
        const auto n = ::send(client.fd.get(), client.pending.data() + sent, client.pending.size() - sent,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            client.deaf = errno != EAGAIN;
            break;
        }
        sent += static_cast<std::size_t>(n);
    }
    if (client.deaf) sent = client.pending.size();
    client.pending.erase(client.pending.begin(), client.pending.begin() + static_cast<std::ptrdiff_t>(sent));
    pending_ -= sent;
}

// False: the server has closed the connection.
bool WebdavMux::read(int64_t id, Client &client) {
    std::array<std::byte, wire::WebdavDemux::max_payload> block;
    const auto n = ::recv(client.fd.get(), block.data(), block.size(), MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return false;
    client.frame_queued = true;
    post(id, std::span{block}.first(static_cast<std::size_t>(n)));
    return true;
}

unsigned WebdavMux::ready_for(const Client &client) const {
    if (!client.tag) return 0;
    return static_cast<unsigned>(g_source_query_unix_fd(source_, client.tag));
}

void WebdavMux::dispatch() {
    constexpr unsigned ended = G_IO_HUP | G_IO_ERR | G_IO_NVAL;
    for (auto next = clients_.begin(); next != clients_.end();) {
        const auto at = next++;
        auto &[id, client] = *at;
        const auto ready = ready_for(client);
        if (ready == 0) continue;
        if (ready & (G_IO_OUT | ended)) flush(client);
        const bool open = !(ready & (G_IO_IN | ended)) || client.frame_queued || read(id, client);
        if (open) watch(client, !client.frame_queued);
        else close_by_server(at);
    }
    for (auto next = lingering_.begin(); next != lingering_.end();) {
        const auto at = next++;
        const auto ready = ready_for(*at);
        if (ready == 0) continue;
        if (!(ready & ended)) flush(*at);
        if (!(ready & ended) && !at->pending.empty()) continue;
        drop(*at);
        lingering_.erase(at);
    }
}

void WebdavMux::drop(Client &client) {
    if (client.tag) g_source_remove_unix_fd(source_, std::exchange(client.tag, nullptr));
    pending_ -= client.pending.size();
    client.pending.clear();
    client.fd.reset();
}

void WebdavMux::drop_all() {
    for (auto &[id, client] : clients_) drop(client);
    for (auto &client : lingering_) drop(client);
    clients_.clear();
    lingering_.clear();
}

// The connections of before the silence; it may be over, and others may have been opened since.
void WebdavMux::hang_up() {
    const auto old = [now = silences_.load()](const Client &client) { return client.silences != now; };
    for (auto next = clients_.begin(); next != clients_.end();) {
        const auto at = next++;
        if (!old(at->second)) continue;
        drop(at->second);
        clients_.erase(at);
    }
    for (auto &client : lingering_)
        if (old(client)) drop(client);
    lingering_.remove_if(old);
}

// The answer to it is the same frame; the id may be used again at once.
void WebdavMux::close_by_guest(Clients::iterator at) {
    const auto id = at->first;
    auto client = std::move(at->second);
    clients_.erase(at);
    if (!client.pending.empty()) {
        watch(client, false);
        lingering_.push_back(std::move(client));
    } else {
        drop(client);
    }
    post(id, {});
}

void WebdavMux::close_by_server(Clients::iterator at) {
    const auto id = at->first;
    drop(at->second);
    clients_.erase(at);
    post(id, {});
}

}
