// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// First byte: which message of all_messages(), or a sub-message list behind the last; the rest is the body. What is
// accepted must be written and read again to the same thing.
#include "all-messages.hh"
#include "wire/messages-common.hh"
#include "wire/reader.hh"

#include <cstdlib>

using namespace spice::wire;

namespace {

void one(const MessageOps &message, Bytes body) {
    std::string text, text_again;
    std::vector<std::byte> written, written_again;
    if (!message.read(body, text, written)) return;
    if (!message.read(written, text_again, written_again) || text_again != text) std::abort();
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

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size == 0) return 0;
    const auto body = std::as_bytes(std::span{data + 1, size - 1});
    const auto messages = all_messages();
    if (const std::size_t which = data[0] % (messages.size() + 1); which < messages.size())
        one(messages[which], body);
    else
        list(body);
    return 0;
}
