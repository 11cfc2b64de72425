// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/messages-common.hh"

#include "wire/reader.hh"

#include <algorithm>

namespace spice::wire {

namespace {

template <class T> std::size_t store(std::byte *out, T value) noexcept {
    auto bits = static_cast<uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i, bits >>= 8)
        out[i] = static_cast<std::byte>(bits);
    return sizeof(T);
}

}

DataHeader decode_header(HeaderMode mode, Bytes raw) noexcept {
    Reader reader{raw};
    DataHeader header;
    if (mode == HeaderMode::full) header.serial = reader.scalar<uint64_t>("serial");
    header.type = reader.scalar<uint16_t>("type");
    header.size = reader.scalar<uint32_t>("size");
    if (mode == HeaderMode::full) header.sub_list = reader.scalar<uint32_t>("sub_list");
    return header;
}

std::size_t encode_header(HeaderMode mode, const DataHeader &header,
                          std::span<std::byte, max_header_size> out) noexcept {
    std::byte *const start = out.data();
    std::byte *p = start;
    if (mode == HeaderMode::full) p += store(p, header.serial);
    p += store(p, header.type);
    p += store(p, header.size);
    if (mode == HeaderMode::full) p += store(p, header.sub_list);
    return static_cast<std::size_t>(p - start);
}

Result<std::vector<SubMessage>> parse_sub_messages(Bytes body, uint32_t list_offset) {
    Reader list = Reader{body}.at(list_offset, "list");
    const std::size_t count = list.scalar<uint16_t>("count");
    std::vector<SubMessage> messages;
    if (!list.ok() || count > list.remaining() / sizeof(uint32_t)) return parse_error(list_name, "count");
    messages.reserve(count);
    uint64_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Reader sub = Reader{body}.at(list.scalar<uint32_t>("offset"), "offset");
        const auto type = sub.scalar<uint16_t>("type");
        const auto size = sub.scalar<uint32_t>("size");
        const auto inner = sub.bytes(size, "size");
        if (!sub.ok()) return parse_error(list_name, sub.fault());
        if (type == SPICE_MSG_LIST) return parse_error(list_name, "type");
        total += size + 6U;
        if (total > body.size()) return parse_error(list_name, "size");
        messages.push_back({type, inner});
    }
    return messages;
}

std::string to_text(Bytes raw) {
    const auto end = std::find(raw.begin(), raw.end(), std::byte{0});
    return {reinterpret_cast<const char *>(raw.data()), static_cast<std::size_t>(end - raw.begin())};
}

}
