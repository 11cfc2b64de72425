// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "threaded-listener.hh"

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace spice::test {

// How an HttpProxy behaves.
struct ProxyPlan {
    uint16_t backend = 0;             // where every tunnel leads to, whatever was asked for
    std::string credentials;          // "user:password" that it wants
    std::string answer;               // says this instead of thinking
    bool endless = false;             // and goes on with header lines for ever
    bool silent = false;              // says nothing
    bool hang_up = false;             // closes instead of answering
};

// A proxy for CONNECT on 127.0.0.1, on threads of its own. Thread-safe.
class HttpProxy {
public:
    explicit HttpProxy(ProxyPlan plan = {});
    HttpProxy(const HttpProxy &) = delete;
    HttpProxy &operator=(const HttpProxy &) = delete;

    uint16_t port() const noexcept { return listener_.port(); }
    std::string uri(const std::string &credentials = {}) const;
    void set_plan(ProxyPlan plan);             // for the connections that follow
    std::vector<std::string> requests() const; // as they came, headers and all

private:
    void serve(int fd);
    void relay(int fd, uint16_t port);

    mutable std::mutex mutex_;
    ProxyPlan plan_; // guarded by mutex_, as the next one
    std::vector<std::string> requests_;
    ThreadedListener listener_;
};

}
