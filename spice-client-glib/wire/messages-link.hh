// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "wire/schema.hh"

// What is said before a channel is a channel (spec/link.md §3): header, link message, link reply, capabilities.
namespace spice::wire {

// A set of capability bits. Bits of words that are not there are clear.
class Capabilities {
public:
    Capabilities() = default;
    explicit Capabilities(std::vector<uint32_t> words) : words_{std::move(words)} {}
    Capabilities(std::initializer_list<unsigned> bits) {
        for (const auto bit : bits)
            set(bit);
    }
    bool test(unsigned bit) const noexcept {
        return bit / 32 < words_.size() && (words_[bit / 32] >> bit % 32 & 1U) != 0;
    }
    void set(unsigned bit) {
        if (bit / 32 >= words_.size()) words_.resize(bit / 32 + 1);
        words_[bit / 32] |= uint32_t{1} << bit % 32;
    }
    void clear(unsigned bit) noexcept {
        if (bit / 32 < words_.size()) words_[bit / 32] &= ~(uint32_t{1} << bit % 32);
    }
    const std::vector<uint32_t> &words() const noexcept { return words_; }

private:
    std::vector<uint32_t> words_;
};

struct LinkHeader {
    static constexpr const char *message_name = "LinkHeader";
    static constexpr uint32_t redq = 0x51444552; // "REDQ"
    static constexpr uint32_t current_major = 2, current_minor = 2;
    uint32_t magic = redq, major_version = current_major, minor_version = current_minor;
    uint32_t size = 0; // bytes behind the header
    static constexpr std::tuple fields{
        Field{"magic", &LinkHeader::magic}, Field{"major_version", &LinkHeader::major_version},
        Field{"minor_version", &LinkHeader::minor_version}, Field{"size", &LinkHeader::size}};
};
static_assert(wire_size<LinkHeader>() == 16);

// The fixed parts. Their counts and offset are filled in and checked by the functions below.
struct LinkMessFixed {
    static constexpr const char *message_name = "LinkMess";
    uint32_t connection_id = 0; // the session's id; 0 opens a new session
    uint8_t channel_type = 0, channel_id = 0;
    uint32_t num_common_caps = 0, num_channel_caps = 0, caps_offset = 0;
    static constexpr std::tuple fields{Field{"connection_id", &LinkMessFixed::connection_id},
                                       Field{"channel_type", &LinkMessFixed::channel_type},
                                       Field{"channel_id", &LinkMessFixed::channel_id},
                                       Field{"num_common_caps", &LinkMessFixed::num_common_caps},
                                       Field{"num_channel_caps", &LinkMessFixed::num_channel_caps},
                                       Field{"caps_offset", &LinkMessFixed::caps_offset}};
};
static_assert(wire_size<LinkMessFixed>() == 18);

struct LinkReplyFixed {
    static constexpr const char *message_name = "LinkReply";
    static constexpr std::size_t pub_key_size = 162;
    uint32_t error = 0;                          // SPICE_LINK_ERR_*; the rest means something only without one
    std::array<uint8_t, pub_key_size> pub_key{}; // DER; all zero when the server wants SASL
    uint32_t num_common_caps = 0, num_channel_caps = 0, caps_offset = 0;
    static constexpr std::tuple fields{Field{"error", &LinkReplyFixed::error},
                                       Field{"pub_key", &LinkReplyFixed::pub_key},
                                       Field{"num_common_caps", &LinkReplyFixed::num_common_caps},
                                       Field{"num_channel_caps", &LinkReplyFixed::num_channel_caps},
                                       Field{"caps_offset", &LinkReplyFixed::caps_offset}};
};
static_assert(wire_size<LinkReplyFixed>() == 178);

// More than a peer ever sends, and little enough to wait for.
inline constexpr uint32_t max_link_size = 4096;

struct LinkMess : LinkMessFixed {
    Capabilities common_caps, channel_caps;
};

struct LinkReply : LinkReplyFixed {
    Capabilities common_caps, channel_caps;
};

// Magic, major version and size are checked; `min_size` is that of the fixed part which follows.
Result<LinkHeader> parse_link_header(Bytes raw, std::size_t min_size = wire_size<LinkReplyFixed>());
// `body` is what follows the header.
Result<LinkReply> parse_link_reply(Bytes body);
Result<LinkMess> parse_link_mess(Bytes body);
// Header included.
std::vector<std::byte> serialize_link(const LinkMess &mess);
std::vector<std::byte> serialize_link(const LinkReply &reply);

}
