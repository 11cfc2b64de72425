// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-message.hh"

#include <chrono>
#include <functional>
#include <optional>

struct evp_pkey_st;

namespace spice::test {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

// One accepted connection: blocking reads and writes that a wake-up descriptor interrupts. Lives on the connection's
// own thread.
class ScriptedConnection {
public:
    enum class Wait { readable, woken, ended, timeout };

    ScriptedConnection(int fd, int wake_fd) : fd_{fd}, wake_fd_{wake_fd} {} // owns fd, borrows wake_fd
    ~ScriptedConnection();
    ScriptedConnection(const ScriptedConnection &) = delete;
    ScriptedConnection &operator=(const ScriptedConnection &) = delete;

    Wait wait(std::optional<Clock::time_point> deadline, bool read = true); // read = false: only for wake-ups
    bool read_exact(std::span<std::byte> out);                              // false: the client left, or stop() says so
    bool write_all(std::span<const std::byte> in); // goes on reading meanwhile, so that no two sides block each other
    bool pump();                                   // reads what is there; false: the client left
    std::optional<Message> next_message();         // a complete message out of what was read
    bool send_message(uint16_t type, std::span<const std::byte> body, uint32_t sub_list);
    bool send_fds(std::span<const int> fds, std::span<const std::byte> in); // in one piece; waits for room
    void close(bool reset);
    bool open() const noexcept { return fd_ >= 0; }
    bool gone() const noexcept { return gone_; }

    void on_stop(std::function<bool()> stop) { stop_ = std::move(stop); }
    void set_full_header(bool full) noexcept { full_ = full; }
    void limit_output(int64_t bytes, bool reset) noexcept { left_ = bytes, reset_ = reset; }

private:
    void drain_wake();
    int fd_, wake_fd_;
    bool full_ = false, gone_ = false, reset_ = false;
    int64_t left_ = -1; // bytes that may still be sent
    uint64_t sent_ = 0, received_ = 0;
    ByteVector in_;
    std::function<bool()> stop_;
};

// Answers one client's link message; false: the connection is of no further use. The record is passed to `linked`
// as soon as the client's part is known, before the result is sent.
struct LinkContext {
    std::function<LinkPlan(ChannelKey)> plan;
    std::function<uint32_t()> session_id; // 0: not known
    std::function<void(const LinkRecord &)> linked;
    evp_pkey_st *key = nullptr;
};
bool answer_link(ScriptedConnection &connection, const LinkContext &context, LinkRecord &record);

}
