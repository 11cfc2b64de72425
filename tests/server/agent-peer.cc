// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent-peer.hh"

#include <spice/vd_agent.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace spice::test {
namespace {

constexpr std::size_t chunk_head = 8, message_head = 20;

}

AgentPeer::AgentPeer(const std::string &path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || pipe(wake_) != 0) {
        std::perror(path.c_str());
        std::abort();
    }
    thread_ = std::thread{[this] { run(); }};
}

AgentPeer::~AgentPeer() {
    {
        std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake();
    thread_.join();
    close(fd_);
    close(wake_[0]);
    close(wake_[1]);
}

void AgentPeer::wake() {
    if (write(wake_[1], "", 1) < 0) std::abort();
}

void AgentPeer::say(uint32_t type, const ByteVector &body) {
    say_raw(Bytes().u32(1).u32(type).u64(0).u32(body.size()).raw(body));
}

void AgentPeer::say_raw(const ByteVector &stream) {
    {
        std::lock_guard lock{mutex_};
        for (std::size_t at = 0; at < stream.size(); at += VD_AGENT_MAX_DATA_SIZE) {
            const auto part = std::span{stream}.subspan(at, std::min<std::size_t>(VD_AGENT_MAX_DATA_SIZE, stream.size() - at));
            const ByteVector chunk = Bytes().u32(VDP_CLIENT_PORT).u32(part.size()).raw(part);
            out_.insert(out_.end(), chunk.begin(), chunk.end());
        }
    }
    wake();
}

void AgentPeer::announce(uint32_t caps, bool request) {
    say(VD_AGENT_ANNOUNCE_CAPABILITIES, Bytes().u32(request).u32(caps));
}

void AgentPeer::pause(bool paused) {
    {
        std::lock_guard lock{mutex_};
        paused_ = paused;
    }
    wake();
}

std::vector<AgentPeer::Said> AgentPeer::said() const {
    std::lock_guard lock{mutex_};
    return said_;
}

bool AgentPeer::take(uint32_t type, Said &out) {
    std::lock_guard lock{mutex_};
    const auto found = std::find_if(said_.begin(), said_.end(), [=](const Said &s) { return s.type == type; });
    if (found == said_.end()) return false;
    out = std::move(*found);
    said_.erase(found);
    return true;
}

std::size_t AgentPeer::count(uint32_t type) const {
    std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(std::count_if(said_.begin(), said_.end(), [=](const Said &s) { return s.type == type; }));
}

uint64_t AgentPeer::received() const {
    std::lock_guard lock{mutex_};
    return received_;
}

void AgentPeer::run() {
    while (true) {
        pollfd fds[2] = {{fd_, 0, 0}, {wake_[0], POLLIN, 0}};
        {
            std::lock_guard lock{mutex_};
            if (stopping_) return;
            if (!paused_) fds[0].events |= POLLIN;
            if (written_ < out_.size()) fds[0].events |= POLLOUT;
        }
        if (fds[0].events == 0) fds[0].fd = -1; // or a hang-up would wake us again and again
        if (poll(fds, 2, -1) < 0) return;
        char token[64];
        if (fds[1].revents && read(wake_[0], token, sizeof token) < 0) return;
        if ((fds[0].revents & POLLOUT) && !write_some()) return;
        if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) && !read_some()) return;
    }
}

bool AgentPeer::write_some() {
    std::lock_guard lock{mutex_};
    const auto n = send(fd_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN;
    written_ += static_cast<std::size_t>(n);
    if (written_ == out_.size()) {
        out_.clear();
        written_ = 0;
    }
    return true;
}

bool AgentPeer::read_some() {
    std::byte buffer[65536];
    const auto n = recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    in_.insert(in_.end(), buffer, buffer + n);
    std::size_t at = 0;
    while (in_.size() - at >= chunk_head) {
        const auto size = number_at(in_, at + 4, 4);
        if (in_.size() - at - chunk_head < size) break;
        const auto begin = in_.begin() + static_cast<std::ptrdiff_t>(at + chunk_head);
        if (number_at(in_, at, 4) == VDP_CLIENT_PORT) chunk({begin, begin + static_cast<std::ptrdiff_t>(size)});
        at += chunk_head + size;
    }
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
}

void AgentPeer::chunk(ByteVector data) {
    stream_.insert(stream_.end(), data.begin(), data.end());
    std::lock_guard lock{mutex_};
    received_ += data.size();
    if (stream_.size() < message_head) return;
    const auto size = number_at(stream_, 16, 4);
    if (stream_.size() < message_head + size) return;
    const auto begin = stream_.begin() + message_head;
    said_.push_back({static_cast<uint32_t>(number_at(stream_, 4, 4)), {begin, begin + static_cast<std::ptrdiff_t>(size)}});
    stream_.clear(); // a message ends with its last chunk
}

}
