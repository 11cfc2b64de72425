// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scripted-connection.hh"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <spice/enums.h>
#include <spice/protocol.h>

#include <array>
#include <memory>

// spec/link.md §2 to §5, the server's side.
namespace spice::test {
namespace {

constexpr std::size_t key_size = SPICE_TICKET_PUBKEY_BYTES, ticket_size = 128, mess_size = 18;
constexpr uint32_t magic = 0x51444552, reply_size = 178, max_link = 4096;

std::vector<uint32_t> caps_of(const LinkPlan &plan, ChannelKey channel) {
    if (!plan.default_channel_caps || !plan.channel_caps.empty()) return plan.channel_caps;
    switch (channel.type) { // what server 0.15 announces
    case SPICE_CHANNEL_MAIN:
        return {0x0f};
    case SPICE_CHANNEL_DISPLAY:
        return {1u << SPICE_DISPLAY_CAP_SIZED_STREAM | 1u << SPICE_DISPLAY_CAP_MONITORS_CONFIG |
                1u << SPICE_DISPLAY_CAP_STREAM_REPORT | 1u << SPICE_DISPLAY_CAP_PREF_COMPRESSION |
                1u << SPICE_DISPLAY_CAP_PREF_VIDEO_CODEC_TYPE};
    case SPICE_CHANNEL_INPUTS:
        return {1u << SPICE_INPUTS_CAP_KEY_SCANCODE};
    case SPICE_CHANNEL_PLAYBACK:
        return {1u << SPICE_PLAYBACK_CAP_VOLUME | 1u << SPICE_PLAYBACK_CAP_OPUS};
    case SPICE_CHANNEL_RECORD:
        return {1u << SPICE_RECORD_CAP_VOLUME | 1u << SPICE_RECORD_CAP_OPUS};
    default:
        return {};
    }
}

ByteVector public_key(EVP_PKEY *key, bool garbage) {
    ByteVector out(key_size, garbage ? std::byte{0x5a} : std::byte{});
    unsigned char *der = nullptr;
    const int n = garbage ? 0 : i2d_PUBKEY(key, &der);
    for (int i = 0; i < n && static_cast<std::size_t>(i) < key_size; ++i)
        out[static_cast<std::size_t>(i)] = static_cast<std::byte>(der[i]);
    OPENSSL_free(der);
    return out;
}

ByteVector reply_bytes(const LinkPlan &plan, ChannelKey channel, EVP_PKEY *key) {
    if (!plan.raw_reply.empty()) return plan.raw_reply;
    const auto or_else = [](int64_t lie, std::size_t truth) { return lie >= 0 ? static_cast<uint64_t>(lie) : truth; };
    Bytes body;
    if (plan.error) {
        body.u32(plan.error).zeros(reply_size - 4);
    } else {
        const auto channel_caps = caps_of(plan, channel);
        body.u32(0).raw(public_key(key, plan.garbage_key));
        body.u32(or_else(plan.num_common, plan.common_caps.size())).u32(or_else(plan.num_channel, channel_caps.size()));
        body.u32(or_else(plan.caps_offset, reply_size));
        for (const auto word : plan.common_caps)
            body.u32(word);
        for (const auto word : channel_caps)
            body.u32(word);
    }
    Bytes out;
    out.u32(plan.magic).u32(plan.major).u32(plan.minor).u32(or_else(plan.size, body.size())).raw(body.get());
    return out.take();
}

bool has(const std::vector<uint32_t> &caps, unsigned bit) {
    return caps.size() > bit / 32 && (caps[bit / 32] >> bit % 32 & 1);
}

// The client's link message; false: not one.
bool read_link(ScriptedConnection &c, LinkRecord &r) {
    std::array<std::byte, 16> head;
    if (!c.read_exact(head) || number_at(head, 0, 4) != magic) return false;
    r.major = static_cast<uint32_t>(number_at(head, 4, 4));
    r.minor = static_cast<uint32_t>(number_at(head, 8, 4));
    const auto size = number_at(head, 12, 4);
    if (size < mess_size || size > max_link) return false;
    ByteVector mess(size);
    if (!c.read_exact(mess)) return false;
    r.connection_id = static_cast<uint32_t>(number_at(mess, 0, 4));
    r.channel = {static_cast<uint8_t>(number_at(mess, 4, 1)), static_cast<uint8_t>(number_at(mess, 5, 1))};
    const auto common = number_at(mess, 6, 4), channel = number_at(mess, 10, 4), offset = number_at(mess, 14, 4);
    if ((common || channel) && (offset < mess_size || offset + 4 * (common + channel) > size)) return false;
    for (uint64_t i = 0; i < common + channel; ++i)
        (i < common ? r.common_caps : r.channel_caps)
            .push_back(static_cast<uint32_t>(number_at(mess, offset + 4 * i, 4)));
    return true;
}

void decrypt(EVP_PKEY *key, std::span<const std::byte> ticket, LinkRecord &r) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> ctx{EVP_PKEY_CTX_new(key, nullptr),
                                                                          &EVP_PKEY_CTX_free};
    std::array<unsigned char, ticket_size> plain{};
    auto size = plain.size();
    if (!ctx || EVP_PKEY_decrypt_init(ctx.get()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_decrypt(ctx.get(), plain.data(), &size, reinterpret_cast<const unsigned char *>(ticket.data()),
                         ticket.size()) <= 0)
        return;
    r.ticket_valid = size > 0 && plain[size - 1] == 0;
    for (std::size_t i = 0; i < size && plain[i]; ++i)
        r.password += static_cast<char>(plain[i]);
}

uint32_t verdict(const LinkPlan &plan, const LinkRecord &r, uint32_t session_id) {
    if (plan.auth_result) return plan.auth_result;
    if (!r.ticket_valid || (!plan.password.empty() && r.password != plan.password))
        return SPICE_LINK_ERR_PERMISSION_DENIED;
    const bool main = r.channel.type == SPICE_CHANNEL_MAIN;
    if (plan.check_connection_id && session_id && !main && r.connection_id != session_id)
        return SPICE_LINK_ERR_BAD_CONNECTION_ID;
    return SPICE_LINK_ERR_OK;
}

bool stall(ScriptedConnection &c) {
    while (true) {
        const auto what = c.wait({});
        if (what == ScriptedConnection::Wait::ended || (what == ScriptedConnection::Wait::readable && !c.pump()))
            return false;
    }
}

}

bool answer_link(ScriptedConnection &c, const LinkContext &context, LinkRecord &r) {
    if (!read_link(c, r)) return false;
    const auto plan = context.plan(r.channel);
    c.limit_output(plan.close_after, plan.reset);
    if (plan.stall_before_reply) return context.linked(r), stall(c);
    if (!c.write_all(reply_bytes(plan, r.channel, context.key)) || plan.error) return context.linked(r), false;
    if (has(plan.common_caps, SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION)) {
        std::array<std::byte, 4> mechanism;
        if (!c.read_exact(mechanism)) return context.linked(r), false;
        r.auth_mechanism = static_cast<uint32_t>(number_at(mechanism, 0, 4));
    }
    std::array<std::byte, ticket_size> ticket;
    if (!c.read_exact(ticket)) return context.linked(r), false;
    decrypt(context.key, ticket, r);
    r.result = verdict(plan, r, context.session_id());
    const bool mini =
        has(plan.common_caps, SPICE_COMMON_CAP_MINI_HEADER) && has(r.common_caps, SPICE_COMMON_CAP_MINI_HEADER);
    c.set_full_header(plan.force_full_header || (!mini && !plan.force_mini_header));
    context.linked(r);
    if (plan.stall_before_result) return stall(c);
    if (plan.before_result) plan.before_result();
    return c.write_all(Bytes().u32(r.result).get()) && r.result == 0;
}

}
