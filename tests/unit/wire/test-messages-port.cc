// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "hex.hh"
#include "wire/dump.hh"
#include "wire/messages-port.hh"
#include "wire/reader.hh"
#include "wire/writer.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

void test_port_init() { // spec/channels.md §8
    const auto raw = from_hex("04000000 09000000 01 61622e00");
    auto m = parse<PortInit>(raw);
    g_assert_true(bool(m));
    expect_text(m->name, "ab.");
    g_assert_cmpuint(m->opened, ==, 1);
    expect_text(to_hex(serialize(*m)), to_hex(raw));
    auto unnamed = parse<PortInit>(from_hex("00000000 00000000 00"));
    g_assert_true(unnamed && unnamed->name.empty() && unnamed->opened == 0);
}

void test_bad_port_init() {
    g_assert_false(bool(parse<PortInit>(from_hex(""))));
    g_assert_false(bool(parse<PortInit>(from_hex("04000000 09000000"))));          // no `opened`
    g_assert_false(bool(parse<PortInit>(from_hex("04000000 09000000 01 61622e21")))); // no NUL
    g_assert_false(bool(parse<PortInit>(from_hex("05000000 09000000 01 61622e00")))); // too long
    g_assert_false(bool(parse<PortInit>(from_hex("ffffffff 09000000 01 61622e00"))));
    g_assert_false(bool(parse<PortInit>(from_hex("04000000 ffffffff 01 61622e00"))));
    g_assert_false(bool(parse<PortInit>(from_hex("04000000 00000000 01 61622e00")))); // nowhere
}

void test_event() {
    g_assert_false(bool(parse<PortEvent>(from_hex(""))));
    g_assert_cmpuint(parse<PortEvent>(from_hex("02"))->event, ==, 2);
    expect_text(to_hex(serialize(ClientPortEvent{{2}})), "02");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/port/port-init", test_port_init);
    g_test_add_func("/wire/port/bad-port-init", test_bad_port_init);
    g_test_add_func("/wire/port/event", test_event);
    return g_test_run();
}
