// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spice::test {

// Listens on a free port of 127.0.0.1 and serves each connection on a thread of its own. The last member of its owner:
// its end shuts all connections and joins their threads.
class ThreadedListener {
public:
    using Serve = std::function<void(int fd)>; // the listener closes fd

    explicit ThreadedListener(Serve serve);
    ~ThreadedListener();
    ThreadedListener(const ThreadedListener &) = delete;
    ThreadedListener &operator=(const ThreadedListener &) = delete;

    uint16_t port() const noexcept { return port_; }
    int accepted() const noexcept { return accepted_; } // connections

private:
    void accept_loop();
    void run(int fd);

    const Serve serve_;
    std::mutex mutex_;
    std::vector<int> open_; // guarded by mutex_, as the next two
    std::vector<std::thread> threads_;
    bool stopping_ = false;
    std::atomic<int> accepted_{0};
    int listener_ = -1;
    uint16_t port_ = 0;
    std::thread acceptor_;
};

bool send_all(int fd, const char *data, std::size_t size);
int connect_to(uint16_t port); // on 127.0.0.1; -1: nobody listens

}
