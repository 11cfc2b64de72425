// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "hex.hh"
#include "wire/dump.hh"
#include "wire/messages-cursor.hh"
#include "wire/messages-inputs.hh"
#include "wire/messages-main.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

void test_migration_target() { // spec/channels.md §1.1
    const auto raw =
        from_hex("71177217 0c000000 14000000 09000000 20000000 6473742e6578616d706c6500 433d46522c4f3d5800");
    g_assert_cmpuint(raw.size(), ==, 41);
    auto m = parse<MigrateBegin>(raw);
    g_assert_true(bool(m));
    g_assert_cmpuint(m->port, ==, 6001);
    g_assert_cmpuint(m->tls_port, ==, 6002);
    expect_text(m->host, "dst.example");
    expect_text(m->cert_subject, "C=FR,O=X");
    expect_text(to_hex(serialize(*m)), to_hex(raw));
    expect_text(dump(*m), "MIGRATE_BEGIN{port=6001 tls_port=6002 host=\"dst.example\" cert_subject=\"C=FR,O=X\"}");

    auto seamless = parse<MigrateBeginSeamless>(from_hex("0100ffff 02000000 18000000 00000000 00000000 07000000 6800"));
    g_assert_true(seamless && seamless->src_mig_version == 7 && seamless->target.tls_port == 65535);
    expect_text(seamless->target.host, "h");
    expect_text(seamless->target.cert_subject, "");
}

void test_main_bytes() {
    auto init = parse<MainInit>(from_hex("01000000 02000000 03000000 01000000 00000000 0a000000 07000000 00000001"));
    g_assert_true(init && init->session_id == 1 && init->display_channels_hint == 2);
    g_assert_true(init->supported_mouse_modes == 3 && init->current_mouse_mode == 1 && init->agent_connected == 0);
    g_assert_true(init->agent_tokens == 10 && init->multi_media_time == 7 && init->ram_hint == 0x1000000);
    auto list = parse<ChannelsList>(from_hex("02000000 0200 0401"));
    g_assert_true(list && list->channels.size() == 2);
    g_assert_true(list->channels.at(1).type == SPICE_CHANNEL_CURSOR && list->channels.at(1).id == 1);
    auto bad = parse<ChannelsList>(from_hex("00000080 0200 0401"));
    expect_text(bad.error().what, "CHANNELS_LIST: bad or missing field 'channels'");
    auto mode = parse<MouseMode>(from_hex("0300 0200"));
    g_assert_true(mode && mode->supported == 3 && mode->current == 2);
    const auto raw = from_hex("03000000 766d00");
    expect_text(to_text(parse<MainName>(raw)->name), "vm");
    auto uuid = parse<MainUuid>(from_hex("000102030405060708090a0b0c0d0e0f"));
    g_assert_true(uuid && uuid->uuid.at(15) == 15);
    expect_text(to_hex(serialize(MouseModeRequest{2})), "0200");
    expect_text(to_hex(serialize(AgentStart{10})), "0a000000");
    g_assert_cmpuint(MouseModeRequest::message_id, ==, 105);
    g_assert_cmpuint(AttachChannels::message_id, ==, 104);
    g_assert_cmpuint(ClientAgentToken::message_id, ==, 108);
    g_assert_cmpuint(AgentToken::message_id, ==, 110);
}

void test_scancodes() { // spec/channels.md §2.2
    const auto code = [](unsigned scancode, bool release) {
        KeyDown m;
        m.code = key_code(scancode, release);
        return to_hex(serialize(m));
    };
    expect_text(code(0x1e, false), "1e000000");
    expect_text(code(0x1e, true), "9e000000");
    expect_text(code(0x11d, false), "e01d0000");
    expect_text(code(0x11d, true), "e09d0000");
    expect_text(code(0x21d, false), "e11d0000");
    expect_text(code(0x21d, true), "e19d0000");
    std::vector<std::byte> codes;
    append_scancode(codes, 0x11c, false);
    append_scancode(codes, 0x11c, true);
    append_scancode(codes, 0x1e, false);
    KeyScancode m;
    m.codes = codes;
    expect_text(to_hex(serialize(m)), "e01ce09c1e");
}

void test_inputs_bytes() {
    expect_text(to_hex(serialize(MouseMotion{-1, 5, 3})), "ffffffff050000000300");
    expect_text(to_hex(serialize(MousePosition{0x102, 7, 1, 2})), "0201000007000000010002");
    MousePress press;
    press.button = 4;
    press.buttons = 0x108;
    expect_text(to_hex(serialize(press)), "040801");
    g_assert_cmpuint(MousePress::message_id, ==, 113);
    g_assert_cmpuint(MouseRelease::message_id, ==, 114);
    g_assert_cmpuint(KeyScancode::message_id, ==, 104);
    auto modifiers = parse<KeyModifiers>(from_hex("0500"));
    g_assert_true(modifiers && modifiers->modifiers == 5);
}

void test_cursor_bytes() { // spec/channels.md §3.1
    auto none = parse<CursorInit>(from_hex("0000 0000 0000 0000 01 0100"));
    g_assert_true(none && none->visible == 1 && !none->cursor.has_shape());
    const auto raw = from_hex("ffff 0200 01 0200 0807060504030201 06 0100 0200 0300 0400 aabbccdd");
    auto set = parse<CursorSet>(raw);
    g_assert_true(set && set->position.x == -1 && set->position.y == 2 &&
                  set->cursor.flags == SPICE_CURSOR_FLAGS_CACHE_ME);
    const auto &header = set->cursor.header;
    g_assert_true(header.unique == 0x0102030405060708 && header.type == SPICE_CURSOR_TYPE_COLOR32);
    g_assert_true(header.width == 1 && header.height == 2 && header.hot_x == 3 && header.hot_y == 4);
    g_assert_cmpuint(set->cursor.data.size(), ==, 4);
    auto cut = parse<CursorSet>(Bytes{raw}.first(23));
    expect_text(cut.error().what, "SET: bad or missing field 'cursor.hot_y'");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/main/migration-target", test_migration_target);
    g_test_add_func("/wire/main/bytes", test_main_bytes);
    g_test_add_func("/wire/inputs/scancodes", test_scancodes);
    g_test_add_func("/wire/inputs/bytes", test_inputs_bytes);
    g_test_add_func("/wire/cursor/bytes", test_cursor_bytes);
    return g_test_run();
}
