// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// What a server may do wrong in the exchange of SASL; the right ones are in tests/interop.
#include "link/sasl.hh"
#include "memory-transport.hh"
#include "scripted-message.hh"

#include <glib.h>

#include <string>

using namespace spice;
using test::Bytes;
using test::MemoryTransport;
using Kind = Error::Kind;

namespace {

constexpr unsigned in_tls = 256;

struct Outcome {
    bool good = false;
    Kind kind = Kind::internal;
    int code = -1;
    std::string what, told;
};

Outcome run(Bytes says, const link::SaslLogin &login, unsigned bits = in_tls) {
    MemoryTransport transport{says.take(), bits};
    link::Wakeup wakeup;
    link::LinkStream stream{transport, wakeup, std::chrono::seconds(5)};
    auto result = link::perform_sasl(stream, transport, login);
    Outcome out;
    out.good = static_cast<bool>(result);
    out.told.assign(reinterpret_cast<const char *>(transport.told().data()), transport.told().size());
    if (!result) out.kind = result.error().kind, out.code = result.error().code, out.what = result.error().what;
    return out;
}

const link::SaslLogin known{"127.0.0.1", "user", "secret"};

Bytes list(std::string_view mechanisms) { return Bytes{}.u32(mechanisms.size()).text(mechanisms); }

void assert_fails(const Outcome &out, Kind kind, int code) {
    g_assert_false(out.good);
    if (out.kind != kind || out.code != code) g_error("kind %d, code %d: %s", static_cast<int>(out.kind), out.code, out.what.c_str());
}

void test_plain() {
    const auto out = run(list(",PLAIN,").u32(0).u8(1).u32(0), known);
    if (!out.good) g_error("%s", out.what.c_str());
    const std::string wanted = std::string{"\5\0\0\0PLAIN\x11\0\0\0user\0user\0secret\0", 4 + 5 + 4 + 17};
    g_assert_true(out.told == wanted);
}

// In clear a password is never sent in clear, whatever the server would like.
void test_clear() {
    for (const char *mechanisms : {",PLAIN,", ",ANONYMOUS,LOGIN,PLAIN,", ",SCRAM-SHA-256,", ",EXTERNAL,"}) {
        const auto out = run(list(mechanisms).u32(0).u8(1).u32(0), known, 0);
        assert_fails(out, Kind::auth, -1);
        g_assert_cmpuint(out.told.size(), ==, 0);
    }
}

void test_needs() {
    const auto plain = [] { return list(",PLAIN,").u32(0).u8(1).u32(0); };
    const auto nobody = run(plain(), {"host", {}, {}});
    g_assert_false(nobody.good);
    g_assert_true(nobody.kind == Kind::auth && nobody.code >= 4);
    g_assert_cmpuint(nobody.told.size(), ==, 0);
    const auto nameless = run(plain(), {"host", {}, "secret"});
    g_assert_true(!nameless.good && nameless.kind == Kind::auth && nameless.code >= 4);
    assert_fails(run(plain(), {"host", "user", {}}), Kind::auth, 5);
    assert_fails(run(list(",PLAIN,"), known), Kind::auth, 5);                       // closed: the server says no
    assert_fails(run(list(",PLAIN,").u32(0).u8(1).u32(1), known), Kind::auth, 5);   // or says it
    assert_fails(run(list(",PLAIN,").u32(0).u8(1), known), Kind::auth, 5);
}

void test_bad_lists() {
    assert_fails(run(Bytes{}, known), Kind::link, 0);
    assert_fails(run(Bytes{}.u32(0), known), Kind::link, 0);
    assert_fails(run(Bytes{}.u32(301).zeros(301), known), Kind::link, 0);
    assert_fails(run(Bytes{}.u32(0xffffffff), known), Kind::link, 0);
    assert_fails(run(Bytes{}.u32(10).text("short"), known), Kind::link, 0);
    for (const char *text : {"PLAIN\n", "plain", "PL AIN", "PLAIN;X"}) assert_fails(run(list(text), known), Kind::link, 0);
    assert_fails(run(Bytes{}.u32(6).text(std::string_view{"PLAIN\0", 6}), known), Kind::link, 0);
    assert_fails(run(list(",NO-SUCH-THING,"), known), Kind::auth, -1);
    assert_fails(run(list(",,,,"), known), Kind::auth, -1);
}

void test_bad_data() {
    assert_fails(run(list(",PLAIN,").u32((1u << 20) + 1), known), Kind::link, 0);
    assert_fails(run(list(",PLAIN,").u32(0xffffffff), known), Kind::link, 0);
    assert_fails(run(list(",PLAIN,").u32(1u << 20).zeros(100), known), Kind::auth, 5);
    // A server that never comes to an end, and one that ends before the mechanism does.
    Bytes endless = list(",PLAIN,");
    for (int i = 0; i < 1000; ++i) endless.u32(0).u8(0);
    g_assert_false(run(std::move(endless), known).good);
    g_assert_false(run(list(",SCRAM-SHA-256,").u32(0).u8(1).u32(0), known).good);
    g_assert_false(run(list(",SCRAM-SHA-256,").u32(4).text("r=x").u8(0).u8(0).u32(0), known).good);
    g_assert_false(run(list(",DIGEST-MD5,").u32(0).u8(1).u32(0), known, 0).good);
    g_assert_false(run(list(",DIGEST-MD5,").u32(5).text("junk").u8(0).u8(0), known, 0).good);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!link::sasl_available()) {
        g_print("1..0 # SKIP built without SASL\n");
        return 0;
    }
    g_test_add_func("/sasl/plain", test_plain);
    g_test_add_func("/sasl/clear", test_clear);
    g_test_add_func("/sasl/needs", test_needs);
    g_test_add_func("/sasl/bad-lists", test_bad_lists);
    g_test_add_func("/sasl/bad-data", test_bad_data);
    return g_test_run();
}
