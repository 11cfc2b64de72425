// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/vmc-payload.hh"

#include "codec/lz4-block.hh"
#include "wire/reader.hh"

#include <glib.h>

#include <algorithm>
#include <cstring>
#include <random>

using namespace spice;

namespace {

using ByteVector = std::vector<std::byte>;

ByteVector text(std::size_t size) {
    ByteVector out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>("spicy "[i % 6]);
    return out;
}

ByteVector noise(std::size_t size) {
    std::mt19937 random{7};
    ByteVector out(size);
    for (auto &b : out) b = static_cast<std::byte>(random());
    return out;
}

Result<ByteVector> unpack(const ByteVector &body) {
    const auto message = wire::parse<wire::VmcCompressedData>(body);
    if (!message) return message.error();
    return channel::unpack_vmc(*message);
}

bool same(const Result<ByteVector> &got, const ByteVector &wanted) { return got && *got == wanted; }

// Both sides of the threshold, and what does not shrink.
void test_pack() {
    for (const std::size_t size : {0u, 1u, 1000u, 1001u, 65536u}) {
        const auto plain = text(size);
        const auto message = channel::pack_vmc(plain, true);
        const bool packed = size > 1000 && codec::have_lz4_blocks();
        g_assert_cmpint(message.type, ==, packed ? 102 : 101);
        g_assert_true(packed ? same(unpack(message.body), plain) : message.body == plain);
        if (packed) g_assert_cmpuint(message.body.size(), <, size);
        g_assert_cmpint(channel::pack_vmc(plain, false).type, ==, 101);
    }
    const auto random = noise(5000);
    const auto message = channel::pack_vmc(random, true);
    g_assert_cmpint(message.type, ==, 101);
    g_assert_true(message.body == random);
}

void test_plain_type() {
    const ByteVector body{std::byte{0}, std::byte{'h'}, std::byte{'i'}};
    g_assert_true(same(unpack(body), {std::byte{'h'}, std::byte{'i'}}));
}

// Every size but the right one, every cut and an unknown type are refused; none takes much memory.
void test_damage() {
    const auto plain = text(3000);
    const auto good = channel::pack_vmc(plain, true).body;
    if (!codec::have_lz4_blocks()) return g_test_skip("built without LZ4");
    for (const uint32_t size : {0u, 1u, 2999u, 3001u, 1u << 22, (1u << 22) + 1, 0x7fffffffu, 0xffffffffu}) {
        auto body = good;
        for (unsigned i = 0; i < 4; ++i) body[1 + i] = static_cast<std::byte>(size >> (8 * i));
        g_assert_false(unpack(body));
    }
    for (std::size_t cut = 0; cut < good.size(); ++cut) g_assert_false(unpack({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(cut)}));
    for (const int type : {2, 3, 255}) {
        auto body = good;
        body[0] = static_cast<std::byte>(type);
        g_assert_false(unpack(body));
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/vmc/pack", test_pack);
    g_test_add_func("/vmc/plain-type", test_plain_type);
    g_test_add_func("/vmc/damage", test_damage);
    return g_test_run();
}
