// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/rop.hh"

#include <cstring>
#include <random>
#include <vector>

#include <glib.h>

using namespace spice::display;

namespace {

// spec/display.md §9.1, word for word.
uint32_t by_descriptor(uint16_t ropd, uint16_t s_bit, uint16_t d_bit, uint32_t s, uint32_t d) {
    const uint32_t S = ropd & s_bit ? ~s : s, D = ropd & d_bit ? ~d : d;
    const uint32_t flip = ropd & 0x400 ? ~0u : 0;
    if (ropd & 0x008) return S ^ flip;
    if (ropd & 0x010) return (S | D) ^ flip;
    if (ropd & 0x020) return (S & D) ^ flip;
    if (ropd & 0x040) return (S ^ D) ^ flip;
    if (ropd & 0x080) return 0;
    if (ropd & 0x100) return ~0u;
    if (ropd & 0x200) return ~d;
    return s;
}

uint32_t by_table(unsigned rop3, uint32_t p, uint32_t s, uint32_t d) {
    uint32_t out = 0;
    for (unsigned bit = 0; bit < 32; ++bit) {
        const unsigned i = (p >> bit & 1) << 2 | (s >> bit & 1) << 1 | (d >> bit & 1);
        out |= (rop3 >> i & 1) << bit;
    }
    return out;
}

constexpr uint32_t s = 0x0f0fc3a5, d = 0x3355665a, p = 0x00ff96c3;

void test_descriptors() {
    struct Case {
        RopInputs inputs;
        uint16_t s_bit, d_bit;
    };
    for (const Case &c :
         {Case{RopInputs::brush_dest, 2, 4}, Case{RopInputs::source_dest, 1, 4}, Case{RopInputs::brush_source, 2, 1}}) {
        for (unsigned ropd = 0; ropd < 0x800; ++ropd) {
            const auto descriptor = static_cast<uint16_t>(ropd);
            const Rop2 rop = rop2_from_descriptor(descriptor, c.inputs);
            const uint32_t expected = by_descriptor(descriptor, c.s_bit, c.d_bit, s, d);
            uint32_t got = d;
            rop2_solid(rop, reinterpret_cast<uint8_t *>(&got), s, 4);
            g_assert_cmphex(got, ==, expected);
            g_assert_true(rop.uses_source() || by_descriptor(descriptor, c.s_bit, c.d_bit, ~s, d) == expected);
            const uint32_t twice = by_descriptor(descriptor, c.s_bit, c.d_bit, s, expected);
            g_assert_true(rop.inverts() == (twice != expected));
            g_assert_true(rop.uses_dest() || by_descriptor(descriptor, c.s_bit, c.d_bit, s, ~d) == expected);
        }
    }
}

// Every length up to a few words, at every alignment, without touching the neighbours.
void test_rows() {
    std::mt19937 random{7};
    std::vector<uint8_t> source(80), dest(80);
    for (unsigned table = 0; table < 16; ++table) {
        const Rop2 rop{static_cast<uint8_t>(table)};
        for (std::size_t start = 0; start < 8; ++start) {
            for (std::size_t n = 0; n <= 40; ++n) {
                for (auto &b : source)
                    b = static_cast<uint8_t>(random());
                for (auto &b : dest)
                    b = static_cast<uint8_t>(random());
                auto expected = dest, solid = dest;
                for (std::size_t i = start; i < start + n; ++i)
                    expected[i] = static_cast<uint8_t>(by_table(table | table << 4, 0, source[i], dest[i]));
                rop2_row(rop, dest.data() + start, source.data() + start, n);
                g_assert_true(dest == expected);
                const std::size_t words = n / 4 * 4;
                auto by_row = solid;
                std::vector<uint8_t> colour(80);
                for (std::size_t i = 0; i < words; ++i)
                    colour[i] = static_cast<uint8_t>(s >> (i % 4 * 8));
                rop2_row(rop, by_row.data() + start, colour.data(), words);
                rop2_solid(rop, solid.data() + start, s, words);
                g_assert_true(solid == by_row);
            }
        }
    }
}

void test_rop3() {
    constexpr std::size_t n = 13;
    for (unsigned rop = 0; rop < 256; ++rop) {
        uint32_t dest[n], source[n], brush[n], solid[n];
        for (unsigned i = 0; i < n; ++i) {
            source[i] = s * (i + 1);
            dest[i] = solid[i] = d ^ i * 0x01010101u;
            brush[i] = p + i;
        }
        const auto bytes = [](uint32_t *v) { return reinterpret_cast<uint8_t *>(v); };
        rop3_row(static_cast<uint8_t>(rop), bytes(dest), bytes(source), bytes(brush), sizeof dest);
        rop3_solid(static_cast<uint8_t>(rop), bytes(solid), bytes(source), p, sizeof solid);
        for (unsigned i = 0; i < n; ++i) {
            g_assert_cmphex(dest[i], ==, by_table(rop, brush[i], source[i], d ^ i * 0x01010101u));
            g_assert_cmphex(solid[i], ==, by_table(rop, p, source[i], d ^ i * 0x01010101u));
        }
    }
}

void test_odd_pixels() {
    std::vector<uint16_t> row(9, 0x1234);
    rop2_solid(rop2_copy, reinterpret_cast<uint8_t *>(row.data() + 1), 0x7abc7abc, 7 * 2);
    g_assert_cmphex(row.front(), ==, 0x1234);
    g_assert_cmphex(row[7], ==, 0x7abc);
    g_assert_cmphex(row.back(), ==, 0x1234);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/display/rop/descriptors", test_descriptors);
    g_test_add_func("/display/rop/rows", test_rows);
    g_test_add_func("/display/rop/rop3", test_rop3);
    g_test_add_func("/display/rop/odd-pixels", test_odd_pixels);
    return g_test_run();
}
