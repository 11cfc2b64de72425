// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "scripted-message.hh"

#include <optional>
#include <string>

namespace spice::test {

// The smallest client that can talk to a server over a raw blocking socket; proves the test servers without the
// library under test. Reads give up after ten seconds.
class MiniClient {
public:
    struct Link {
        uint32_t connection_id = 0;
        ChannelKey channel{1, 0};
        std::string password;
        std::vector<uint32_t> common_caps{0x0d}, channel_caps;
    };
    MiniClient() = default;
    MiniClient(MiniClient &&other) noexcept : fd_{std::exchange(other.fd_, -1)}, full_{other.full_} {}
    MiniClient &operator=(MiniClient &&) = delete;
    ~MiniClient();

    bool connect_tcp(uint16_t port);
    bool connect_unix(const std::string &path);
    void send_link(const Link &link);
    uint32_t link(const Link &link); // link reply error or link result; ~0 when the server left or talks nonsense
    void send(uint16_t type, const ByteVector &body, uint64_t serial = 1);
    std::optional<Message> receive(); // none: the server left
    ByteVector read_to_end_or(std::size_t limit);

private:
    bool adopt(int fd, const void *address, std::size_t length);
    void write(const ByteVector &bytes);
    int fd_ = -1;
    bool full_ = false;
};

}
