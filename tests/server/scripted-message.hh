// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spice::test {

using ByteVector = std::vector<std::byte>;

// Builds little-endian bytes: Bytes().u32(1).u16(2).text("x").take(). Deliberately knows nothing of the client's own
// writer: a test must not check code against itself.
class Bytes {
public:
    Bytes &u8(uint64_t v) { return number(v, 1); }
    Bytes &u16(uint64_t v) { return number(v, 2); }
    Bytes &u32(uint64_t v) { return number(v, 4); }
    Bytes &u64(uint64_t v) { return number(v, 8); }
    Bytes &raw(std::span<const std::byte> bytes) {
        data_.insert(data_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Bytes &text(std::string_view s) { return raw(std::as_bytes(std::span{s.data(), s.size()})); }
    Bytes &zeros(std::size_t n) {
        data_.resize(data_.size() + n);
        return *this;
    }
    std::size_t size() const noexcept { return data_.size(); }
    const ByteVector &get() const noexcept { return data_; }
    ByteVector take() { return std::move(data_); }
    operator ByteVector() const { return data_; }

private:
    Bytes &number(uint64_t v, unsigned n) {
        for (unsigned i = 0; i < n; ++i)
            data_.push_back(static_cast<std::byte>(v >> 8 * i));
        return *this;
    }
    ByteVector data_;
};

// A little-endian number inside received bytes; 0 when it does not lie inside.
inline uint64_t number_at(std::span<const std::byte> bytes, std::size_t at, std::size_t size) {
    uint64_t v = 0;
    if (at > bytes.size() || size > bytes.size() - at) return 0;
    for (std::size_t i = size; i-- > 0;)
        v = v << 8 | std::to_integer<uint64_t>(bytes[at + i]);
    return v;
}

struct Message {
    uint16_t type = 0;
    ByteVector body;
    uint64_t serial = 0; // explicit with full headers, counted with mini headers
    int connection = 0;  // which connection of its channel, from 0
    uint64_t u(std::size_t at, std::size_t size) const { return number_at(body, at, size); }
};

struct ChannelKey {
    uint8_t type = 0, id = 0;
    auto operator<=>(const ChannelKey &) const = default;
};

// What a client said while linking.
struct LinkRecord {
    uint32_t connection_id = 0;
    ChannelKey channel;
    uint32_t major = 0, minor = 0;
    std::vector<uint32_t> common_caps, channel_caps;
    uint32_t auth_mechanism = 0; // 0: it sent none
    std::string password;        // decrypted ticket without its NUL
    bool ticket_valid = false;   // it could be decrypted and ended in NUL
    uint32_t result = 0;         // what the server answered
};

// How the server behaves while linking; the defaults make a correct server. All faults can be combined.
struct LinkPlan {
    uint32_t magic = 0x51444552, major = 2, minor = 2; // of the reply's header
    uint32_t error = 0;                                // link reply error, followed by closing
    std::vector<uint32_t> common_caps{0x0b};           // AUTH_SELECTION, AUTH_SPICE, MINI_HEADER
    std::vector<uint32_t> channel_caps;                // by default those of server 0.15 for the channel's type
    bool default_channel_caps = true;                  // false: channel_caps as given, even when empty
    int64_t size = -1;                                 // a lie in the header's size, -1: the truth
    int64_t num_common = -1, num_channel = -1, caps_offset = -1; // likewise
    bool garbage_key = false;                                    // pub_key is no key
    ByteVector raw_reply;                                        // replaces the whole reply, header included
    uint32_t auth_result = 0;                                    // link result whatever the password, when not 0
    std::string password;                                        // wanted; empty: any is right
    bool check_connection_id = true; // 8 (BAD_CONNECTION_ID) unless it is that of main().init()
    bool force_full_header = false, force_mini_header = false;
    int64_t close_after = -1; // close after this many bytes were sent in this connection
    bool reset = false;       // that close is an RST
    bool stall_before_reply = false, stall_before_result = false; // say nothing until the client leaves
    std::function<void()> before_result;                          // called on the connection's thread
};

}
