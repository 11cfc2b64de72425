// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "hex.hh"
#include "wire/messages-link.hh"
#include "wire/writer.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

std::vector<std::byte> reply_body(const char *counts_and_rest, const char *error = "00000000") {
    auto body = from_hex(error);
    body.resize(4 + LinkReplyFixed::pub_key_size, std::byte{0x30});
    const auto rest = from_hex(counts_and_rest);
    body.insert(body.end(), rest.begin(), rest.end());
    return body;
}

template <class M> std::string fault(const spice::Result<M> &result) { return result ? "" : result.error().what; }

void test_mess_bytes() { // spec/link.md §3.3
    LinkMess mess;
    mess.channel_type = 1;
    mess.common_caps = Capabilities{0, 2, 3};
    mess.channel_caps = Capabilities{0, 1, 2, 3};
    const auto raw = serialize_link(mess);
    expect_text(to_hex(raw), "5245445102000000020000001a000000"
                             "00000000010001000000010000001200000"
                             "00d0000000f000000");
    g_assert_cmpuint(raw.size(), ==, 42);
    auto header = parse_link_header(Bytes{raw}.first(16), wire_size<LinkMessFixed>());
    g_assert_true(bool(header));
    g_assert_cmpuint(header->size, ==, 26);
    auto back = parse_link_mess(Bytes{raw}.subspan(16));
    g_assert_true(bool(back));
    g_assert_cmpuint(back->channel_type, ==, 1);
    g_assert_true(back->common_caps.test(2) && !back->common_caps.test(1));
    g_assert_cmpuint(back->channel_caps.words().at(0), ==, 15);
}

void test_header() {
    expect_text(fault(parse_link_header(from_hex("52454451 02000000 02000000 ba000000"))), "");
    expect_text(fault(parse_link_header(from_hex("52454451 02000000 63000000 b2000000"))), ""); // minor is free
    expect_text(fault(parse_link_header(from_hex("52454452 02000000 02000000 ba000000"))),
                "LinkHeader: bad or missing field 'magic'");
    expect_text(fault(parse_link_header(from_hex("52454451 01000000 02000000 ba000000"))),
                "LinkHeader: bad or missing field 'major_version'");
    for (const char *size : {"b1000000", "01100000", "00000000", "ffffffff"})
        expect_text(fault(parse_link_header(from_hex(std::string{"52454451 02000000 02000000"} + size))),
                    "LinkHeader: bad or missing field 'size'");
    for (std::size_t n = 0; n < 16; ++n) {
        auto cut = from_hex("52454451 02000000 02000000 ba000000");
        cut.resize(n);
        g_assert_false(bool(parse_link_header(cut)));
    }
}

void test_reply() {
    auto body = reply_body("01000000 01000000 b2000000 0b000000 0f000000");
    auto reply = parse_link_reply(body);
    g_assert_true(bool(reply));
    g_assert_cmpuint(reply->pub_key.at(161), ==, 0x30);
    g_assert_cmpuint(reply->common_caps.words().at(0), ==, 0x0b);
    g_assert_cmpuint(reply->channel_caps.words().at(0), ==, 0x0f);
    const auto raw = serialize_link(*reply);
    expect_text(to_hex(Bytes{raw}.first(16)), "524544510200000002000000ba000000");
    expect_text(to_hex(Bytes{raw}.subspan(16)), to_hex(body));
    for (std::size_t n = 0; n < body.size(); ++n)
        g_assert_false(bool(parse_link_reply(std::vector<std::byte>{body.begin(), body.begin() + std::ptrdiff_t(n)})));
    auto refused = parse_link_reply(reply_body("00000000 00000000 00000000", "07000000"));
    g_assert_true(bool(refused));
    g_assert_cmpuint(refused->error, ==, 7);
}

void test_reply_caps_outside() {
    const char *at = "LinkReply: bad or missing field 'caps_offset'";
    const char *common = "LinkReply: bad or missing field 'num_common_caps'";
    const char *channel = "LinkReply: bad or missing field 'num_channel_caps'";
    const auto with = [](const char *rest) { return fault(parse_link_reply(reply_body(rest))); };
    expect_text(with("00000000 00000000 b3000000"), at);
    expect_text(with("00000000 00000000 ffffffff"), at);
    expect_text(with("02000000 00000000 b2000000 01020304 010203"), common);
    expect_text(with("01000000 01000000 b2000000 01020304 010203"), channel);
    expect_text(with("ffffffff 02000000 b2000000 01020304 01020304"), common); // the sum of both would be 1
    expect_text(with("01000000 ffffffff b2000000 01020304 01020304"), channel);
    expect_text(with("01000000 00000000 b6000000 01020304 01020304"), ""); // a gap is legal
}

void test_capabilities() {
    Capabilities caps;
    g_assert_false(caps.test(0));
    g_assert_false(caps.test(4000000000U));
    caps.set(33);
    g_assert_cmpuint(caps.words().size(), ==, 2);
    g_assert_true(caps.test(33) && !caps.test(1) && !caps.test(32));
    caps.clear(33);
    caps.clear(99);
    g_assert_false(caps.test(33));
    g_assert_cmpuint(Capabilities({31}).words().at(0), ==, 0x80000000);
    g_assert_cmpuint(Capabilities(std::vector<uint32_t>{0x1052}).test(12), ==, 1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/link/mess-bytes", test_mess_bytes);
    g_test_add_func("/wire/link/header", test_header);
    g_test_add_func("/wire/link/reply", test_reply);
    g_test_add_func("/wire/link/reply-caps-outside", test_reply_caps_outside);
    g_test_add_func("/wire/link/capabilities", test_capabilities);
    return g_test_run();
}
