// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec-test.hh"

#include "codec/scratch.hh"

#include "base/sanitizer.hh"

#include <thread>

using namespace spice::codec;

namespace {

// The blocks of a thread come back, each to one user at a time.
void test_reuse() {
    const std::byte *first = nullptr, *second = nullptr;
    for (int round = 0; round < 3; ++round) {
        Scratch a{100}, b{50'000}, large{200'000};
        g_assert_true(a && b && large && a.data() != b.data());
        std::memset(b.data(), 1, 50'000);
        std::memset(large.data(), 2, 200'000);
        if (round > 0)
            g_assert_true((a.data() == first && b.data() == second) || (a.data() == second && b.data() == first));
        first = a.data();
        second = b.data();
        std::thread other{[mine = a.data()] { g_assert_true(Scratch{100}.data() != mine); }};
        other.join();
    }
}

// More at a time than are kept.
void test_many() {
    std::vector<std::unique_ptr<Scratch>> blocks;
    for (unsigned i = 0; i < 10; ++i) {
        blocks.push_back(std::make_unique<Scratch>(1000));
        g_assert_true(*blocks.back());
        std::memset(blocks.back()->data(), static_cast<int>(i), 1000);
    }
    for (unsigned i = 0; i < 10; ++i) {
        g_assert_cmpuint(std::to_integer<unsigned>(blocks[i]->data()[0]), ==, i);
        g_assert_cmpuint(std::to_integer<unsigned>(blocks[i]->data()[999]), ==, i);
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    // Nothing is kept under AddressSanitizer.
    if (!spice::address_sanitizer) g_test_add_func("/scratch/reuse", test_reuse);
    g_test_add_func("/scratch/many", test_many);
    return g_test_run();
}
