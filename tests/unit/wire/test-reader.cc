// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "all-messages.hh"
#include "hex.hh"
#include "wire/messages-image.hh"
#include "wire/messages-main.hh"
#include "wire/reader.hh"

#include <glib.h>

using namespace spice::wire;

namespace {

// The test's own messages: what the entries do is shown on them, not on a real channel's.
struct Leaf {
    uint8_t a = 0;
    int16_t b = 0;
    static constexpr std::tuple fields{Field{"leaf.a", &Leaf::a}, Field{"leaf.b", &Leaf::b}};
};

struct Probe {
    static constexpr const char *message_name = "PROBE";
    uint32_t number = 0;
    std::optional<Leaf> leaf;
    std::vector<uint16_t> items;
    Bytes tail;
    static constexpr std::tuple fields{Field{"number", &Probe::number, 1000}, Pointer{"leaf", &Probe::leaf},
                                       counted<uint32_t>("items", &Probe::items, 5), Rest{"tail", &Probe::tail}};
};
static_assert(wire_size<Probe>() == 12);

struct Level4 {
    Leaf leaf;
    static constexpr std::tuple fields{Pointer{"level4.leaf", &Level4::leaf}};
};
struct Level3 {
    Level4 next;
    static constexpr std::tuple fields{Pointer{"level3.next", &Level3::next}};
};
struct Level2 {
    Level3 next;
    static constexpr std::tuple fields{Pointer{"level2.next", &Level2::next}};
};
struct Level1 {
    Level2 next;
    static constexpr std::tuple fields{Pointer{"level1.next", &Level1::next}};
};
struct Level0 {
    Level1 next;
    static constexpr std::tuple fields{Pointer{"level0.next", &Level0::next}};
};

template <class M> std::string fault_of(const std::vector<std::byte> &body) {
    Reader reader{body};
    M m;
    return parse_into(reader, m) ? "" : reader.fault();
}

void test_little_endian() {
    const auto raw = from_hex("ff 01 8000 78563412 efcdab8967452301 ff");
    Reader reader{Bytes{raw}.subspan(1)}; // unaligned throughout
    g_assert_cmpuint(reader.scalar<uint8_t>("a"), ==, 1);
    g_assert_cmpint(reader.scalar<int16_t>("b"), ==, 0x80);
    g_assert_cmpuint(reader.scalar<uint32_t>("c"), ==, 0x12345678);
    g_assert_cmpuint(reader.scalar<uint64_t>("d"), ==, 0x0123456789abcdef);
    g_assert_cmpint(reader.scalar<int8_t>("e"), ==, -1);
    g_assert_true(reader.ok());
    g_assert_cmpuint(reader.remaining(), ==, 0);
}

void test_first_fault_latches() {
    const auto raw = from_hex("0102");
    Reader reader{raw};
    g_assert_cmpuint(reader.scalar<uint32_t>("first"), ==, 0);
    g_assert_cmpuint(reader.scalar<uint8_t>("second"), ==, 0); // two bytes are there, but nobody gets them
    g_assert_true(reader.bytes(1, "third").empty());
    expect_text(reader.fault(), "first");
    Reader outside{raw};
    g_assert_false(outside.at(3, "far").ok());
    g_assert_true(outside.at(2, "end").ok());
    g_assert_true(outside.bytes(G_MAXUINT64, "huge").empty());
    expect_text(outside.fault(), "huge");
}

void test_entries() {
    const auto body = from_hex("e8030000 0e000000 01000000 0102 05 80ff");
    auto m = parse<Probe>(body);
    g_assert_true(bool(m));
    g_assert_cmpuint(m->number, ==, 1000);
    g_assert_cmpint(m->leaf->b, ==, -128);
    g_assert_cmpuint(m->items.at(0), ==, 0x0201);
    g_assert_cmpuint(m->tail.size(), ==, 3);
    g_assert_true(m->tail.data() == body.data() + 14); // a view, no copy
    const auto bad = parse<Probe>(from_hex("e9030000 00000000 00000000"));
    g_assert_false(bool(bad));
    expect_text(bad.error().what, "PROBE: bad or missing field 'number'");
    g_assert_true(bad.error().kind == spice::Error::Kind::protocol);
}

void test_counts() {
    expect_text(fault_of<Probe>(from_hex("00000000 00000000 02000000 010203")), "items");
    expect_text(fault_of<Probe>(from_hex("00000000 00000000 06000000 010203040506070809101112")),
                "items"); // the bytes are there, the limit is not
    expect_text(fault_of<Probe>(from_hex("00000000 00000000 ffffffff")), "items");
    expect_text(fault_of<Probe>(from_hex("00000000 00000000 00000080 0102")), "items");
}

void test_pointers() {
    const auto with = [](const char *offset) {
        return fault_of<Probe>(from_hex(std::string{"00000000"} + offset + "00000000 050607"));
    };
    expect_text(with("0c000000"), "");
    expect_text(with("01000000"), ""); // onto itself: odd, but inside
    expect_text(with("0e000000"), "leaf.b");
    expect_text(with("0f000000"), "leaf");
    expect_text(with("10000000"), "leaf");
    expect_text(with("ffffffff"), "leaf");
    expect_text(fault_of<PatternBrush>(from_hex("00000000 00000000 00000000")), "brush.image");
}

void test_nesting_is_bounded() {
    // Each pointer points at the next word; the fifth level is one too many.
    expect_text(fault_of<Level1>(from_hex("04000000 08000000 0c000000 10000000 010000")), "");
    expect_text(fault_of<Level0>(from_hex("04000000 08000000 0c000000 10000000 14000000 010000")), "level4.leaf");
}

void test_texts() {
    const auto fault = [](const char *hex) { return fault_of<MigrateBegin>(from_hex(hex)); };
    expect_text(fault("71177217 02000000 14000000 00000000 00000000 6100"), "");
    expect_text(fault("71177217 02000000 14000000 00000000 00000000 6162"), "host"); // no NUL
    expect_text(fault("71177217 03000000 14000000 00000000 00000000 6100"), "host");
    expect_text(fault("71177217 ffffffff 14000000 00000000 00000000 6100"), "host");
    expect_text(fault("71177217 02000000 00000000 00000000 00000000 6100"), "host");
    expect_text(fault("71177217 00000000 14000000 00000000 00000000 6100"), "host");
    expect_text(fault("71177217 02000000 14000000 05000000 00000000 6100"), "cert_subject");
    expect_text(fault("71177217"), "host");
}

// --- every message

using Body = std::vector<std::byte>;

void check_truncations(const MessageOps &message, const Body &body, const std::string &whole) {
    for (std::size_t n = 0; n < body.size(); ++n) {
        const Body cut{body.begin(), body.begin() + static_cast<std::ptrdiff_t>(n)}; // exact on the heap
        std::string text;
        Body written;
        if (!message.read(cut, text, written)) continue;
        if (message.takes_rest)
            expect_text(to_hex(written), to_hex(cut));
        else
            g_error("%zu of %zu bytes were accepted: %s", n, body.size(), whole.c_str());
    }
}

// Any byte set to all ones or zero: accepted or not, what was accepted can be written and read again.
void check_mutations(const MessageOps &message, Body body) {
    for (auto &b : body) {
        const auto old = b;
        for (const auto other : {std::byte{0xff}, std::byte{0}}) {
            b = other;
            std::string text, text_again;
            Body written, written_again;
            if (!message.read(body, text, written)) continue;
            g_assert_true(message.read(written, text_again, written_again));
            expect_text(text_again, text);
        }
        b = old;
    }
}

void test_every_message() {
    for (const auto &message : all_messages()) {
        for (unsigned seed = 1; seed <= 60; ++seed) {
            std::string text, back;
            auto body = message.sample(seed, text);
            Body written;
            if (!message.read(body, back, written)) g_error("%s: %s", text.c_str(), back.c_str());
            expect_text(back, text);
            expect_text(to_hex(written), to_hex(body));
            check_truncations(message, body, text);
            if (seed <= 8) check_mutations(message, body);
            if (message.takes_rest) continue;
            body.push_back(std::byte{0x55});
            g_assert_true(message.read(body, back, written)); // trailing bytes are legal
            expect_text(back, text);
        }
    }
}

void test_ids() {
    const auto id = [](std::string_view name) {
        for (const auto &message : all_messages())
            if (name == message.name) return unsigned{message.id};
        return 0U;
    };
    static constexpr const char *draws[] = {"DRAW_FILL",      "DRAW_OPAQUE",    "DRAW_COPY",        "DRAW_BLEND",
                                            "DRAW_BLACKNESS", "DRAW_WHITENESS", "DRAW_INVERS",      "DRAW_ROP3",
                                            "DRAW_STROKE",    "DRAW_TEXT",      "DRAW_TRANSPARENT", "DRAW_ALPHA_BLEND"};
    unsigned expected = 302;
    for (const auto *name : draws)
        g_assert_cmpuint(id(name), ==, expected++);
    g_assert_cmpuint(id("COPY_BITS"), ==, 104);
    g_assert_cmpuint(id("DRAW_COMPOSITE"), ==, 318);
    g_assert_cmpuint(id("GL_SCANOUT2_UNIX"), ==, 323);
    g_assert_cmpuint(id("MONITORS_CONFIG"), ==, 317);
    g_assert_cmpuint(id("STREAM_CREATE"), ==, 122);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/wire/reader/little-endian", test_little_endian);
    g_test_add_func("/wire/reader/first-fault-latches", test_first_fault_latches);
    g_test_add_func("/wire/reader/entries", test_entries);
    g_test_add_func("/wire/reader/counts", test_counts);
    g_test_add_func("/wire/reader/pointers", test_pointers);
    g_test_add_func("/wire/reader/nesting-is-bounded", test_nesting_is_bounded);
    g_test_add_func("/wire/reader/texts", test_texts);
    g_test_add_func("/wire/reader/every-message", test_every_message);
    g_test_add_func("/wire/reader/ids", test_ids);
    return g_test_run();
}
