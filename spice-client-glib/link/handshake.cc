// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/handshake.hh"

#include "link/ticket.hh"

#include <array>
#include <spice/protocol.h>
#include <vector>

namespace spice::link {

namespace {

constexpr std::size_t header_bytes = 16;

const char *link_error_text(uint32_t code) noexcept {
    switch (code) {
    case SPICE_LINK_ERR_ERROR: return "the server refuses the connection";
    case SPICE_LINK_ERR_INVALID_MAGIC: return "the server does not recognise this client";
    case SPICE_LINK_ERR_INVALID_DATA: return "the server did not accept the link message";
    case SPICE_LINK_ERR_VERSION_MISMATCH: return "the server speaks another version of the protocol";
    case SPICE_LINK_ERR_NEED_SECURED: return "the server demands TLS for this channel";
    case SPICE_LINK_ERR_NEED_UNSECURED: return "the server does not offer this channel over TLS";
    case SPICE_LINK_ERR_PERMISSION_DENIED: return "the password was not accepted";
    case SPICE_LINK_ERR_BAD_CONNECTION_ID: return "the server has closed this session";
    case SPICE_LINK_ERR_CHANNEL_NOT_AVAILABLE: return "the server has no such channel";
    default: return "the server refuses the connection with an unknown code";
    }
}

Error refusal(uint32_t code) { return {Error::Kind::link, link_error_text(code), static_cast<int>(code)}; }

std::vector<std::byte> link_message(const LinkRequest &request) {
    wire::LinkMess mess;
    mess.connection_id = request.connection_id;
    mess.channel_type = request.channel_type;
    mess.channel_id = request.channel_id;
    mess.common_caps = request.common_caps;
    mess.channel_caps = request.channel_caps;
    return wire::serialize_link(mess);
}

Result<wire::LinkReply> read_reply(LinkStream &stream) {
    std::array<std::byte, header_bytes> raw;
    if (auto status = stream.read_exact(raw); !status) return std::move(status.error());
    auto header = wire::parse_link_header(raw);
    if (!header) return Error{Error::Kind::link, std::move(header.error().what)};
    std::vector<std::byte> body(header->size); // bounded by parse_link_header()
    if (auto status = stream.read_exact(body); !status) return std::move(status.error());
    auto reply = wire::parse_link_reply(body);
    if (!reply) return Error{Error::Kind::link, std::move(reply.error().what)};
    return reply;
}

std::array<std::byte, 4> word(uint32_t value) {
    std::array<std::byte, 4> out;
    for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::byte>(value >> (8 * i));
    return out;
}

Result<uint32_t> read_word(LinkStream &stream) {
    std::array<std::byte, 4> raw;
    if (auto status = stream.read_exact(raw); !status) return std::move(status.error());
    uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::to_integer<uint32_t>(raw[i]) << (8 * i);
    return value;
}

// Which way to authenticate the server is told to expect; none where it does not ask (an ancient one: tickets).
enum class Way { ticket, sasl };

Result<Way> choose_way(LinkStream &stream, const LinkRequest &request, const wire::LinkReply &reply) {
    const auto both = [&](unsigned cap) { return reply.common_caps.test(cap) && request.common_caps.test(cap); };
    if (!both(SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION)) return Way::ticket;
    const bool sasl = both(SPICE_COMMON_CAP_AUTH_SASL);
    if (!sasl && !reply.common_caps.test(SPICE_COMMON_CAP_AUTH_SPICE))
        return Error{Error::Kind::link, "the server offers no way to authenticate that this client has"};
    if (!sasl && request.password.size() > max_password_length)
        return Error{Error::Kind::auth, "the password is too long"};
    auto status = stream.write_all(word(sasl ? SPICE_COMMON_CAP_AUTH_SASL : SPICE_COMMON_CAP_AUTH_SPICE));
    if (!status) return std::move(status.error());
    return sasl ? Way::sasl : Way::ticket;
}

Status send_ticket(LinkStream &stream, const LinkRequest &request, const wire::LinkReply &reply) {
    auto ticket = make_ticket(std::as_bytes(std::span{reply.pub_key}), request.password);
    if (!ticket) return std::move(ticket.error());
    return stream.write_all(*ticket);
}

Status authenticate(LinkStream &stream, const LinkRequest &request, const wire::LinkReply &reply,
                    std::unique_ptr<SaslLayer> &layer) {
    const auto way = choose_way(stream, request, reply);
    if (!way) return way.error();
    if (*way == Way::sasl) {
        auto done = perform_sasl(stream, stream.transport(),
                                 {request.host, request.username,
                                  request.has_password ? std::optional{request.password} : std::nullopt});
        if (!done) return std::move(done.error());
        layer = std::move(*done);
        if (layer) stream.switch_to(*layer);
    } else if (auto status = send_ticket(stream, request, reply); !status) {
        return status;
    }
    auto result = read_word(stream);
    if (!result) return std::move(result.error());
    switch (*result) {
    case SPICE_LINK_ERR_OK: return success();
    // The ticket was good, what it should open is not there (spec/link.md §5).
    case SPICE_LINK_ERR_BAD_CONNECTION_ID:
    case SPICE_LINK_ERR_CHANNEL_NOT_AVAILABLE: return refusal(*result);
    case SPICE_LINK_ERR_PERMISSION_DENIED:
        return Error{Error::Kind::auth, link_error_text(*result), static_cast<int>(*result)};
    default: return Error{Error::Kind::auth, "the server refuses the authentication"};
    }
}

}

Result<LinkAnswer> perform_link(LinkStream &stream, const LinkRequest &request) {
    if (auto status = stream.write_all(link_message(request)); !status) return std::move(status.error());
    auto reply = read_reply(stream);
    if (!reply) return std::move(reply.error());
    if (reply->error != SPICE_LINK_ERR_OK) return refusal(reply->error);
    LinkAnswer answer;
    if (auto status = authenticate(stream, request, *reply, answer.layer); !status) return std::move(status.error());
    answer.mini_header = request.common_caps.test(SPICE_COMMON_CAP_MINI_HEADER) &&
                         reply->common_caps.test(SPICE_COMMON_CAP_MINI_HEADER);
    answer.common_caps = std::move(reply->common_caps);
    answer.channel_caps = std::move(reply->channel_caps);
    return answer;
}

}
