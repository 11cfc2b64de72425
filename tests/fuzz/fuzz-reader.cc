// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// First byte: which message of AllMessages, or a sub-message list behind the last; the rest is the body. What is
// accepted must be written and read again to the same thing.
#include "all-messages.hh"

#include <cstdlib>

using namespace spice::wire;

namespace {

template <class M> void one(Bytes body) {
    auto m = parse<M>(body);
    if (!m) return;
    const auto text = dump(*m);
    const auto written = serialize(*m);
    auto again = parse<M>(written);
    if (!again || dump(*again) != text) std::abort();
}

void list(Bytes body) {
    const auto offset = Reader{body}.scalar<uint8_t>("offset");
    auto messages = parse_sub_messages(body, offset);
    if (!messages) return;
    std::size_t total = 0;
    for (const auto &message : *messages)
        total += message.body.size();
    if (total > body.size()) std::abort();
}

constexpr auto table = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<void (*)(Bytes), sizeof...(I)>{one<std::tuple_element_t<I, AllMessages>>...};
}
(std::make_index_sequence<message_count>{});
static_assert(message_count < 255);

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size == 0) return 0;
    const auto body = std::as_bytes(std::span{data + 1, size - 1});
    if (const std::size_t which = data[0] % (message_count + 1); which < message_count)
        table[which](body);
    else
        list(body);
    return 0;
}
