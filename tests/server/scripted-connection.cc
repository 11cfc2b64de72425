// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scripted-connection.hh"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace spice::test {
namespace {

constexpr std::size_t mini_size = 6, full_size = 18;

bool transient(int error) { return error == EINTR || error == EAGAIN || error == EWOULDBLOCK; }

}

ScriptedConnection::~ScriptedConnection() { close(false); }

void ScriptedConnection::close(bool reset) {
    if (fd_ < 0) return;
    if (reset) {
        const linger now{1, 0};
        setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    ::close(std::exchange(fd_, -1));
}

void ScriptedConnection::drain_wake() {
    std::array<char, 64> sink;
    while (::read(wake_fd_, sink.data(), sink.size()) > 0) {}
}

ScriptedConnection::Wait ScriptedConnection::wait(std::optional<Clock::time_point> deadline, bool read) {
    if (fd_ < 0 || (stop_ && stop_())) return Wait::ended;
    int timeout = -1;
    if (deadline) {
        const auto left = std::chrono::duration_cast<Milliseconds>(*deadline - Clock::now()).count();
        if (left < 0) return Wait::timeout;
        timeout = static_cast<int>(left) + 1;
    }
    std::array<pollfd, 2> fds{{{gone_ || !read ? -1 : fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}}};
    const int n = poll(fds.data(), fds.size(), timeout);
    if (n == 0) return Wait::timeout;
    if (fds[1].revents) drain_wake();
    if (stop_ && stop_()) return Wait::ended;
    return n > 0 && fds[0].revents ? Wait::readable : Wait::woken;
}

bool ScriptedConnection::pump() {
    std::array<std::byte, 16384> chunk;
    const auto n = fd_ < 0 ? 0 : recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (n > 0) in_.insert(in_.end(), chunk.begin(), chunk.begin() + n);
    if (n == 0 || (n < 0 && !transient(errno))) gone_ = true;
    return !gone_;
}

bool ScriptedConnection::read_exact(std::span<std::byte> out) {
    while (in_.size() < out.size()) {
        const auto what = wait({});
        if (what == Wait::ended || (what == Wait::readable && !pump() && in_.size() < out.size())) return false;
    }
    std::copy_n(in_.begin(), out.size(), out.begin());
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(out.size()));
    return true;
}

bool ScriptedConnection::write_all(std::span<const std::byte> in) {
    const bool cut = left_ >= 0 && static_cast<std::size_t>(left_) <= in.size();
    if (cut) in = in.first(static_cast<std::size_t>(left_));
    if (left_ >= 0) left_ -= static_cast<int64_t>(in.size());
    while (!in.empty() && fd_ >= 0) {
        const auto n = send(fd_, in.data(), in.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n > 0) in = in.subspan(static_cast<std::size_t>(n));
        if (n > 0 || (n < 0 && errno == EINTR)) continue;
        if (!transient(errno)) return false;
        std::array<pollfd, 2> fds{
            {{fd_, static_cast<short>(POLLOUT | (gone_ ? 0 : POLLIN)), 0}, {wake_fd_, POLLIN, 0}}};
        poll(fds.data(), fds.size(), -1);
        if (fds[1].revents) drain_wake();
        if (stop_ && stop_()) return false;
        if (fds[0].revents & POLLIN) pump();
        if (fds[0].revents & (POLLERR | POLLHUP)) return false;
    }
    if (cut) close(reset_);
    return fd_ >= 0;
}

bool ScriptedConnection::send_message(uint16_t type, std::span<const std::byte> body, uint32_t sub_list) {
    Bytes head;
    ++sent_;
    if (full_)
        head.u64(sent_).u16(type).u32(body.size()).u32(sub_list);
    else
        head.u16(type).u32(body.size());
    return write_all(head.raw(body).get());
}

bool ScriptedConnection::send_fds(std::span<const int> fds, std::span<const std::byte> in) {
    std::vector<std::byte> text{in.begin(), in.end()};
    iovec piece{text.data(), text.size()};
    std::vector<std::byte> control(CMSG_SPACE(fds.size_bytes()));
    msghdr header{};
    header.msg_iov = &piece, header.msg_iovlen = 1;
    header.msg_control = control.data(), header.msg_controllen = control.size();
    auto *part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET, part->cmsg_type = SCM_RIGHTS, part->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(part), fds.data(), fds.size_bytes());
    while (fd_ >= 0 && !(stop_ && stop_())) {
        const auto n = sendmsg(fd_, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n >= 0) return static_cast<std::size_t>(n) == in.size();
        if (!transient(errno)) return false;
        std::array<pollfd, 2> ready{{{fd_, POLLOUT, 0}, {wake_fd_, POLLIN, 0}}};
        poll(ready.data(), ready.size(), -1);
        if (ready[1].revents) drain_wake();
    }
    return false;
}

std::optional<Message> ScriptedConnection::next_message() {
    const auto head = full_ ? full_size : mini_size;
    if (in_.size() < head) return {};
    const auto size = number_at(in_, full_ ? 10 : 2, 4);
    if (in_.size() - head < size) return {};
    Message m;
    m.type = static_cast<uint16_t>(number_at(in_, full_ ? 8 : 0, 2));
    m.serial = full_ ? number_at(in_, 0, 8) : ++received_;
    const auto begin = in_.begin() + static_cast<std::ptrdiff_t>(head), end = begin + static_cast<std::ptrdiff_t>(size);
    m.body.assign(begin, end);
    in_.erase(in_.begin(), end);
    return m;
}

}
