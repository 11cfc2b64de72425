// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace spice::test {

// The program at the other end of a port of spice-test-server ("port N connect PATH"): a UNIX socket that listens, and
// a thread that sends back what it gets. Thread-bound but for that thread.
class PortPeer {
public:
    PortPeer() = default;
    ~PortPeer();
    PortPeer(const PortPeer &) = delete;
    PortPeer &operator=(const PortPeer &) = delete;

    bool listen(const std::string &path);
    const std::string &path() const noexcept { return path_; }
    bool accept(); // the next connection; the one before is over

    // For tests that speak themselves.
    void send(std::string_view data);
    std::string receive(std::size_t at_least); // blocks at most ten seconds

    void echo();
    // Before echo(): stop reading when that many bytes came, until go_on().
    void hold_at(std::size_t bytes) { hold_at_ = bytes; }
    bool holding() const noexcept { return holding_; }
    void go_on();
    std::size_t received() const noexcept { return received_; }

private:
    void run(int fd);
    bool may_read();
    void stop();

    std::string path_;
    int listener_ = -1, fd_ = -1;
    std::thread thread_;
    std::size_t hold_at_ = 0; // 0: never
    std::atomic<std::size_t> received_{0};
    std::atomic<bool> holding_{false};
    std::mutex mutex_;
    bool may_go_ = false; // guarded by mutex_
};

}
