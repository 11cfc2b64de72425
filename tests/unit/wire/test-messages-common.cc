// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "hex.hh"
#include "wire/messages-common.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

template <class M> std::string fault(const spice::Result<M> &result) { return result ? "" : result.error().what; }

void test_headers() {
    const DataHeader header{0x0102030405060708, 0x130, 0x11223344, 0x55667788};
    std::array<std::byte, max_header_size> out;
    const auto mini = encode_header(HeaderMode::mini, header, out);
    expect_text(to_hex(Bytes{out}.first(mini)), "300144332211");
    auto back = decode_header(HeaderMode::mini, Bytes{out}.first(mini));
    g_assert_cmpuint(back.type, ==, 0x130);
    g_assert_cmpuint(back.size, ==, 0x11223344);
    g_assert_cmpuint(back.serial, ==, 0);
    const auto full = encode_header(HeaderMode::full, header, out);
    expect_text(to_hex(Bytes{out}.first(full)), "080706050403020130014433221188776655");
    back = decode_header(HeaderMode::full, Bytes{out}.first(full));
    g_assert_cmpuint(back.serial, ==, header.serial);
    g_assert_cmpuint(back.sub_list, ==, header.sub_list);
    g_assert_cmpuint(header_size(HeaderMode::mini) + header_size(HeaderMode::full), ==, 24);
}

void test_list() {
    // Two messages: WAIT_FOR_CHANNELS with one entry, then an INVAL_LIST of none.
    const auto body = from_hex("0200 0a000000 1b000000"
                               "0500 0b000000 01 02 01 0700000000000000"
                               "6900 02000000 0000");
    auto list = parse_sub_messages(body);
    g_assert_true(bool(list));
    g_assert_cmpuint(list->size(), ==, 2);
    g_assert_cmpuint(list->at(0).type, ==, SPICE_MSG_WAIT_FOR_CHANNELS);
    auto waits = parse<WaitForChannels>(list->at(0).body);
    g_assert_true(bool(waits));
    g_assert_cmpuint(waits->waits.at(0).channel_type, ==, 2);
    g_assert_cmpuint(waits->waits.at(0).serial, ==, 7);
    g_assert_cmpuint(list->at(1).type, ==, 105);
    g_assert_cmpuint(list->at(1).body.size(), ==, 2);
    for (std::size_t n = 0; n < body.size(); ++n)
        g_assert_false(
            bool(parse_sub_messages(std::vector<std::byte>{body.begin(), body.begin() + std::ptrdiff_t(n)})));
    g_assert_cmpuint(parse_sub_messages(from_hex("ffff 0000"), 2)->size(), ==, 0); // a list behind the main message
}

void test_list_faults() {
    const auto with = [](const char *hex, uint32_t offset = 0) {
        return fault(parse_sub_messages(from_hex(hex), offset));
    };
    expect_text(with("0000"), "");
    expect_text(with("0000", 3), "LIST: bad or missing field 'count'");
    expect_text(with("0000", 0xffffffff), "LIST: bad or missing field 'count'");
    expect_text(with("ffff 06000000 0500 00000000"), "LIST: bad or missing field 'count'");
    expect_text(with("0100 ffffffff 0500 00000000"), "LIST: bad or missing field 'offset'");
    expect_text(with("0100 06000000 0500 01000000"), "LIST: bad or missing field 'size'");
    expect_text(with("0100 06000000 0500 ffffffff"), "LIST: bad or missing field 'size'");
    expect_text(with("0100 06000000 0800 00000000"), "LIST: bad or missing field 'type'"); // no nesting
    expect_text(with("0200 0a000000 0a000000 0500 02000000 0000"), ""); // shared, yet within the body
    expect_text(with("0300 0e000000 0e000000 0e000000 0500 04000000 00000000"), "LIST: bad or missing field 'size'");
}

void test_base_bytes() {
    expect_text(to_hex(serialize(Pong{0x11223344, 0x0102030405060708})), "443322110807060504030201");
    expect_text(to_hex(serialize(AckSync{1})), "01000000");
    expect_text(to_hex(serialize(Ack{})), "");
    auto set = parse<SetAck>(from_hex("01000000 14000000"));
    g_assert_true(set && set->generation == 1 && set->window == 20);
    const auto raw = from_hex("05000000 0600000000000000 aabbcc");
    auto ping = parse<Ping>(raw);
    g_assert_true(ping && ping->id == 5 && ping->timestamp == 6 && ping->data.size() == 3);
    auto bye = parse<Disconnecting>(from_hex("0100000000000000 05000000"));
    g_assert_true(bye && bye->time_stamp == 1 && bye->reason == 5);
    auto migrate = parse<Migrate>(from_hex("03000000"));
    g_assert_true(migrate && migrate->flags == 3);
}

void test_notify() {
    const auto raw = from_hex("0100000000000000 01000000 02000000 09000000 02000000 686900");
    auto notify = parse<Notify>(raw);
    g_assert_true(notify && notify->severity == 1 && notify->visibility == 2 && notify->what == 9);
    expect_text(to_text(notify->message), "hi");
    expect_text(fault(parse<Notify>(from_hex("0100000000000000 01000000 02000000 09000000 04000000 686900"))),
                "NOTIFY: bad or missing field 'message'");
    expect_text(to_text(from_hex("6100 62")), "a");
    expect_text(to_text({}), "");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/common/headers", test_headers);
    g_test_add_func("/wire/common/list", test_list);
    g_test_add_func("/wire/common/list-faults", test_list_faults);
    g_test_add_func("/wire/common/base-bytes", test_base_bytes);
    g_test_add_func("/wire/common/notify", test_notify);
    return g_test_run();
}
