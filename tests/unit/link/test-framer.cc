// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/framer.hh"

#include <glib.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

using spice::link::Framer;

namespace {

using Stream = std::vector<std::byte>;

template <class T> void put(Stream &out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

// The body tells its own number, so that mixed-up bytes are seen.
std::byte pattern(unsigned number, std::size_t i) { return static_cast<std::byte>(number * 31 + i * 7 + (i >> 8)); }

void put_mini(Stream &out, uint16_t type, uint32_t size, unsigned number) {
    put(out, type);
    put(out, size);
    for (std::size_t i = 0; i < size; ++i) out.push_back(pattern(number, i));
}

bool body_is(const Framer::Message &message, uint32_t size, unsigned number) {
    if (message.body.size() != size) return false;
    for (std::size_t i = 0; i < size; ++i)
        if (message.body[i] != pattern(number, i)) return false;
    return true;
}

// As an engine reads: at most `chunk` bytes a time, everything complete is taken at once.
void feed(Framer &framer, std::span<const std::byte> bytes, std::size_t chunk, std::vector<Framer::Message> &out) {
    while (!bytes.empty()) {
        const auto space = framer.space();
        g_assert_cmpuint(space.size(), >, 0);
        const auto n = std::min({space.size(), chunk, bytes.size()});
        std::memcpy(space.data(), bytes.data(), n);
        framer.filled(n);
        bytes = bytes.subspan(n);
        while (true) {
            auto next = framer.next();
            g_assert_true(static_cast<bool>(next));
            if (!*next) break;
            out.push_back(std::move(**next));
        }
    }
}

std::vector<Framer::Message> feed_all(Framer &framer, const Stream &bytes, std::size_t chunk = SIZE_MAX) {
    std::vector<Framer::Message> out;
    feed(framer, bytes, chunk, out);
    return out;
}

void test_mini() {
    Stream s;
    put_mini(s, 101, 3, 1);
    put_mini(s, 65535, 0, 2);
    put_mini(s, 7, 300, 3);
    Framer framer{true};
    const auto got = feed_all(framer, s);
    g_assert_cmpuint(got.size(), ==, 3);
    g_assert_true(got[0].type == 101 && got[0].serial == 1 && got[0].sub_list == 0 && body_is(got[0], 3, 1));
    g_assert_true(got[1].type == 65535 && got[1].serial == 2 && got[1].body.empty());
    g_assert_true(got[2].type == 7 && got[2].serial == 3 && body_is(got[2], 300, 3));
}

void test_full() {
    Stream s;
    for (const uint64_t serial : {uint64_t{1}, uint64_t{0x1122334455667788}, uint64_t{3}}) { // the server may skip values
        put(s, serial);
        put(s, uint16_t{104});
        put(s, uint32_t{2});
        put(s, static_cast<uint32_t>(serial == 3 ? 1 : 0));
        s.push_back(std::byte{0xaa});
        s.push_back(std::byte{0xbb});
    }
    Framer framer{false};
    const auto got = feed_all(framer, s);
    g_assert_cmpuint(got.size(), ==, 3);
    g_assert_cmpuint(got[1].serial, ==, 0x1122334455667788);
    g_assert_cmpuint(got[2].serial, ==, 3);
    g_assert_cmpuint(got[2].sub_list, ==, 1);
    for (const auto &m : got) g_assert_true(m.type == 104 && m.body.size() == 2 && m.body[1] == std::byte{0xbb});
}

void test_split_at_every_byte() {
    Stream s;
    put_mini(s, 1, 5, 1);
    put_mini(s, 2, 0, 2);
    put_mini(s, 3, 17, 3);
    for (std::size_t cut = 0; cut <= s.size(); ++cut) {
        Framer framer{true};
        std::vector<Framer::Message> got;
        feed(framer, std::span{s}.first(cut), SIZE_MAX, got);
        feed(framer, std::span{s}.subspan(cut), SIZE_MAX, got);
        g_assert_cmpuint(got.size(), ==, 3);
        g_assert_true(body_is(got[0], 5, 1) && body_is(got[1], 0, 2) && body_is(got[2], 17, 3));
    }
    for (const std::size_t chunk : {1u, 2u, 3u, 7u}) {
        Framer framer{true};
        g_assert_cmpuint(feed_all(framer, s, chunk).size(), ==, 3);
    }
}

void test_many_per_read() {
    Stream s;
    for (unsigned i = 0; i < 5000; ++i) put_mini(s, 9, i % 40, i);
    Framer framer{true};
    const auto got = feed_all(framer, s); // all kept: every block stays as it is
    g_assert_cmpuint(got.size(), ==, 5000);
    for (unsigned i = 0; i < 5000; ++i) {
        g_assert_cmpuint(got[i].serial, ==, i + 1);
        g_assert_true(body_is(got[i], i % 40, i));
    }
}

void test_larger_than_a_block() {
    for (const uint32_t size : {16u << 10, (16u << 10) + 1, 256u << 10, 3u << 20}) {
        Stream s;
        put_mini(s, 1, 10, 1);
        put_mini(s, 2, size, 2);
        put_mini(s, 3, 10, 3);
        for (const std::size_t chunk : {std::size_t{1000}, std::size_t{65536}, SIZE_MAX}) {
            Framer framer{true};
            const auto got = feed_all(framer, s, chunk);
            g_assert_cmpuint(got.size(), ==, 3);
            g_assert_true(body_is(got[0], 10, 1) && body_is(got[1], size, 2) && body_is(got[2], 10, 3));
        }
    }
}

// The pixels of a large uncompressed picture in a DRAW_COPY are aligned, whatever came before it.
void test_pictures_are_aligned() {
    constexpr std::size_t pixels_in_copy = 93;
    for (const uint32_t before : {0u, 1u, 2u, 3u, 500u}) {
        Stream s;
        put_mini(s, 1, before, 1);
        put_mini(s, 2, 1u << 20, 2);
        Framer framer{true};
        const auto got = feed_all(framer, s, 1000);
        g_assert_cmpuint(got.size(), ==, 2);
        g_assert_cmpuint(reinterpret_cast<uintptr_t>(got[1].body.data() + pixels_in_copy) % 4, ==, 0);
    }
}

// What a large message needed is given back once that is gone: buffers are `max_block` at most.
void test_large_block_is_given_back() {
    Framer framer{true};
    for (int round = 0; round < 3; ++round) {
        Stream s;
        put_mini(s, 1, 8u << 20, 1);
        std::weak_ptr<std::byte[]> watch;
        {
            const auto got = feed_all(framer, s);
            g_assert_cmpuint(got.size(), ==, 1);
            watch = got[0].keep;
        }
        g_assert_cmpuint(framer.space().size(), <=, Framer::max_block);
        g_assert_true(watch.expired());
    }
}

void test_blocks_grow_and_shrink() {
    Framer framer{true};
    Stream flood;
    for (unsigned i = 0; i < 40'000; ++i) put_mini(flood, 1, 100, i);
    { auto dropped = feed_all(framer, flood); }
    g_assert_cmpuint(framer.space().size(), >, Framer::max_block / 2);
    g_assert_cmpuint(framer.space().size(), <=, Framer::max_block);
    Stream tiny;
    put_mini(tiny, 1, 4, 1);
    for (int i = 0; i < 1000; ++i) { auto dropped = feed_all(framer, tiny); }
    g_assert_cmpuint(framer.space().size(), <=, Framer::min_block);
}

// A message may be limited for a while, and the count goes on where another connection has ended.
void test_other_limit() {
    Framer framer{true};
    framer.set_max_body(100);
    framer.count_from(41);
    Stream s;
    put_mini(s, 1, 100, 0);
    const auto first = feed_all(framer, s);
    g_assert_cmpuint(first.size(), ==, 1);
    g_assert_cmpuint(first[0].serial, ==, 42);
    g_assert_cmpuint(framer.count(), ==, 42);
    Stream large;
    put(large, uint16_t{1});
    put(large, uint32_t{101});
    std::memcpy(framer.space().data(), large.data(), large.size());
    framer.filled(large.size());
    g_assert_false(static_cast<bool>(framer.next()));
}

void test_size_limit() {
    for (const bool mini : {true, false}) {
        Stream s;
        if (!mini) put(s, uint64_t{1});
        put(s, uint16_t{1});
        put(s, static_cast<uint32_t>(Framer::max_body));
        if (!mini) put(s, uint32_t{0});
        Framer framer{mini};
        g_assert_cmpuint(feed_all(framer, s).size(), ==, 0); // waits for it
        for (const uint32_t size : {static_cast<uint32_t>(Framer::max_body) + 1, UINT32_MAX}) {
            Stream bad;
            if (!mini) put(bad, uint64_t{1});
            put(bad, uint16_t{1});
            put(bad, size);
            if (!mini) put(bad, uint32_t{0});
            Framer refusing{mini};
            std::memcpy(refusing.space().data(), bad.data(), bad.size());
            refusing.filled(bad.size());
            auto next = refusing.next();
            g_assert_false(static_cast<bool>(next));
            g_assert_true(next.error().kind == spice::Error::Kind::protocol);
        }
    }
}

// A message keeps its bytes whatever is read later, and its block goes with the last message.
void test_messages_keep_blocks() {
    Framer framer{true};
    std::vector<Framer::Message> kept;
    unsigned number = 0;
    for (int round = 0; round < 200; ++round) {
        Stream s;
        const auto first = number;
        for (int i = 0; i < 20; ++i) put_mini(s, 5, 200 + number % 300, number), ++number;
        auto got = feed_all(framer, s, 1500);
        g_assert_cmpuint(got.size(), ==, 20);
        g_assert_true(body_is(got[3], 200 + (first + 3) % 300, first + 3));
        kept.push_back(std::move(got[3]));
    }
    for (unsigned round = 0; round < kept.size(); ++round) {
        const auto n = round * 20 + 3;
        g_assert_true(body_is(kept[round], 200 + n % 300, n));
    }
    std::weak_ptr<std::byte[]> watch = kept[0].keep;
    kept.clear();
    g_assert_true(watch.expired());
}

void test_random() {
    for (int round = 0; round < 60; ++round) {
        Stream s;
        std::vector<uint32_t> sizes;
        for (int i = 0; i < 60; ++i) {
            const int kind = g_test_rand_int_range(0, 12);
            const int limit = kind == 0 ? 100'000 : kind < 4 ? 6000 : 60;
            sizes.push_back(static_cast<uint32_t>(g_test_rand_int_range(0, limit)));
            put_mini(s, 2, sizes.back(), static_cast<unsigned>(i));
        }
        Framer framer{true};
        std::vector<Framer::Message> got;
        const bool keep = g_test_rand_bit() != 0;
        std::size_t at = 0;
        while (at < s.size()) {
            const auto n = std::min(s.size() - at, static_cast<std::size_t>(g_test_rand_int_range(1, 20'000)));
            const auto before = got.size();
            feed(framer, std::span{s}.subspan(at, n), SIZE_MAX, got);
            for (auto i = before; i < got.size(); ++i) {
                g_assert_true(body_is(got[i], sizes[i], static_cast<unsigned>(i)));
                if (!keep) got[i].keep.reset();
            }
            at += n;
        }
        g_assert_cmpuint(got.size(), ==, sizes.size());
        for (std::size_t i = 0; keep && i < got.size(); ++i)
            g_assert_true(body_is(got[i], sizes[i], static_cast<unsigned>(i)));
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/framer/mini", test_mini);
    g_test_add_func("/framer/full", test_full);
    g_test_add_func("/framer/split-at-every-byte", test_split_at_every_byte);
    g_test_add_func("/framer/many-per-read", test_many_per_read);
    g_test_add_func("/framer/larger-than-a-block", test_larger_than_a_block);
    g_test_add_func("/framer/pictures-are-aligned", test_pictures_are_aligned);
    g_test_add_func("/framer/large-block-is-given-back", test_large_block_is_given_back);
    g_test_add_func("/framer/blocks-grow-and-shrink", test_blocks_grow_and_shrink);
    g_test_add_func("/framer/size-limit", test_size_limit);
    g_test_add_func("/framer/other-limit", test_other_limit);
    g_test_add_func("/framer/messages-keep-blocks", test_messages_keep_blocks);
    g_test_add_func("/framer/random", test_random);
    return g_test_run();
}
