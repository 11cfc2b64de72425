// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/messages-link.hh"

#include "wire/reader.hh"
#include "wire/writer.hh"

namespace spice::wire {

namespace {

// Both sets lie one behind the other, so one reader does for both and no sum can overflow.
Capabilities read_words(Reader &reader, uint64_t count, const char *name) {
    if (count > reader.remaining() / sizeof(uint32_t)) {
        reader.fail(name);
        return {};
    }
    std::vector<uint32_t> words(static_cast<std::size_t>(count));
    for (auto &word : words)
        word = reader.scalar<uint32_t>(name);
    return Capabilities{std::move(words)};
}

template <class M> Result<M> parse_with_caps(Bytes body) {
    M m;
    Reader fixed{body};
    fixed.message(m);
    if (!fixed.ok()) return parse_error(M::message_name, fixed.fault());
    Reader caps = Reader{body}.at(m.caps_offset, "caps_offset");
    m.common_caps = read_words(caps, m.num_common_caps, "num_common_caps");
    m.channel_caps = read_words(caps, m.num_channel_caps, "num_channel_caps");
    if (!caps.ok()) return parse_error(M::message_name, caps.fault());
    return m;
}

template <class Fixed, class M> std::vector<std::byte> serialize_with_caps(const M &m) {
    const auto &common = m.common_caps.words(), &channel = m.channel_caps.words();
    Fixed fixed = m;
    fixed.num_common_caps = static_cast<uint32_t>(common.size());
    fixed.num_channel_caps = static_cast<uint32_t>(channel.size());
    fixed.caps_offset = static_cast<uint32_t>(wire_size<Fixed>());
    LinkHeader header;
    header.size = static_cast<uint32_t>(wire_size<Fixed>() + sizeof(uint32_t) * (common.size() + channel.size()));
    std::vector<std::byte> out;
    Writer writer{out};
    writer.message(header);
    writer.message(fixed);
    for (const auto word : common)
        writer.scalar(word);
    for (const auto word : channel)
        writer.scalar(word);
    return out;
}

}

Result<LinkHeader> parse_link_header(Bytes raw, std::size_t min_size) {
    auto header = parse<LinkHeader>(raw);
    if (!header) return header;
    const auto bad = [](const char *field) { return parse_error(LinkHeader::message_name, field); };
    if (header->magic != LinkHeader::redq) return bad("magic");
    if (header->major_version != LinkHeader::current_major) return bad("major_version");
    if (header->size < min_size || header->size > max_link_size) return bad("size");
    return header;
}

Result<LinkReply> parse_link_reply(Bytes body) { return parse_with_caps<LinkReply>(body); }
Result<LinkMess> parse_link_mess(Bytes body) { return parse_with_caps<LinkMess>(body); }
std::vector<std::byte> serialize_link(const LinkMess &mess) { return serialize_with_caps<LinkMessFixed>(mess); }
std::vector<std::byte> serialize_link(const LinkReply &reply) { return serialize_with_caps<LinkReplyFixed>(reply); }

}
