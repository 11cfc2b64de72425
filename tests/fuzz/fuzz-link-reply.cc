// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// What a server, or a client, may say before a channel is up: header, then reply or link message.
#include "wire/messages-link.hh"

#include <algorithm>
#include <cstdlib>

using namespace spice::wire;

namespace {

constexpr std::size_t header_bytes = wire_size<LinkHeader>();

// What was accepted survives being written; only gaps before and bytes behind the capabilities go.
template <class M, class Parse> void round_trip(Bytes body, Parse parse) {
    auto m = parse(body);
    if (!m) return;
    const auto raw = serialize_link(*m);
    auto again = parse(Bytes{raw}.subspan(header_bytes));
    if (!again || again->common_caps.words() != m->common_caps.words()) std::abort();
    if (again->channel_caps.words() != m->channel_caps.words()) std::abort();
}

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    const auto raw = std::as_bytes(std::span{data, size});
    if (!parse_link_header(raw.first(std::min(size, header_bytes)), 0) || size < header_bytes) return 0;
    const auto body = raw.subspan(header_bytes);
    round_trip<LinkReply>(body, parse_link_reply);
    round_trip<LinkMess>(body, parse_link_mess);
    return 0;
}
