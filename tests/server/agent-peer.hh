// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-message.hh"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace spice::test {

// A guest agent that says what a test wants, at the port of spice-test-server (--agent). It reads and writes on a
// thread of its own, so that the test's loop can run the client meanwhile. Knows nothing of the client's code.
class AgentPeer {
public:
    struct Said {
        uint32_t type = 0;
        ByteVector body;
        uint64_t u(std::size_t at, std::size_t size) const { return number_at(body, at, size); }
    };

    explicit AgentPeer(const std::string &path); // connects; aborts when nobody listens
    ~AgentPeer();                                // the agent's death
    AgentPeer(const AgentPeer &) = delete;
    AgentPeer &operator=(const AgentPeer &) = delete;

    void say(uint32_t type, const ByteVector &body); // to the client, cut into chunks
    void say_raw(const ByteVector &stream);          // bytes of the stream as they are
    void announce(uint32_t caps, bool request = false);
    void pause(bool paused); // a guest that reads nothing

    // What the client has said, in order; the oldest of that type is taken out. Empty: there is none yet.
    std::vector<Said> said() const;
    bool take(uint32_t type, Said &out);
    std::size_t count(uint32_t type) const;
    uint64_t received() const; // bytes of chunks

private:
    void run();
    bool read_some();
    bool write_some();
    void chunk(ByteVector data);
    void wake();

    int fd_ = -1, wake_[2] = {-1, -1};
    mutable std::mutex mutex_;
    ByteVector out_; // guarded by mutex_, as the next three
    std::vector<Said> said_;
    bool paused_ = false, stopping_ = false;
    uint64_t received_ = 0;
    ByteVector in_, stream_; // the thread's
    std::size_t written_ = 0;
    std::thread thread_;
};

}
