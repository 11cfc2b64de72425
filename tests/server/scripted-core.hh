// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-server.hh"

#include <openssl/evp.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace spice::test {

// Internal to the scripted server. One connection while its script runs; belongs to the connection's thread.
struct ScriptedRun {
    ScriptedCore &core;
    ScriptedConnection &connection;
    ChannelKey key;
    int index = 0;              // which connection of the channel
    std::vector<Message> inbox; // received on this connection
    std::size_t looked = 0;     // expect() has passed over this many of them

    bool pump();                        // moves what has arrived to the inbox and the record; false: the client left
    bool fail(const std::string &what); // records it; always false
};

// Everything the threads share; all members after the mutex are guarded by it.
struct ScriptedCore {
    using Step = std::function<bool(ScriptedRun &)>;
    struct Script {
        std::deque<Step> steps;
        std::size_t done = 0; // steps that the furthest connection has behind it
    };
    struct Channel {
        std::unique_ptr<ChannelScript> face;
        std::optional<LinkPlan> plan;
        std::deque<Script> scripts{1};
        std::vector<Message> received;
        std::vector<LinkRecord> links;
        int connections = 0, open = 0, gates = 0;
        bool released = false;
        Script &script_of(int connection) {
            return scripts[std::min(static_cast<std::size_t>(connection), scripts.size() - 1)];
        }
    };

    ScriptedCore();
    ~ScriptedCore();
    bool wait_until(Milliseconds timeout, const std::function<bool()> &what); // called and returns under the mutex
    void changed(); // wakes waiting tests and all connections; the mutex is held
    void accept_loop(int fd);
    void serve(int fd, int wake_fd);
    void run_script(ScriptedRun &run);
    Step next_step(ScriptedRun &run, std::size_t position);

    mutable std::mutex mutex;
    std::condition_variable event;
    EVP_PKEY *key = nullptr; // constant
    int accept_wake = -1;    // constant
    bool stopping = false;
    uint64_t kick = 0; // connections older than this end
    uint64_t serial = 0;
    uint32_t session_id = 0;
    LinkPlan default_plan;
    std::map<ChannelKey, Channel> channels;
    std::vector<LinkRecord> links;
    std::string failures;
    std::set<int> wakes; // of the open connections
    std::thread acceptor;
    std::vector<std::thread> threads;
};

}
