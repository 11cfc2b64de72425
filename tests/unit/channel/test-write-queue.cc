// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/write-queue.hh"

#include <glib.h>

#include <thread>

using namespace spice::channel;

namespace {

using Data = WriteQueue::Data;

std::vector<std::byte> numbers(std::size_t n) {
    std::vector<std::byte> out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::byte>(i * 31 >> 3);
    return out;
}

void test_order() {
    WriteQueue queue;
    const auto big = numbers(WriteQueue::piece_bytes * 2 + 7);
    g_assert_true(queue.empty() && !queue.next());
    g_assert_true(queue.write(std::span{big}, 1));
    g_assert_true(queue.message(201, {std::byte{2}}));
    g_assert_true(queue.write(Data{std::byte{9}}, 2));
    g_assert_true(queue.write(std::span<const std::byte>{}, 3)); // nothing to send, but somebody waits
    Data seen;
    for (int i = 0; i < 3; ++i) {
        auto piece = queue.next();
        const auto &data = std::get<Data>(*piece);
        g_assert_cmpuint(data.size(), <=, WriteQueue::piece_bytes);
        seen.insert(seen.end(), data.begin(), data.end());
    }
    g_assert_true(seen == big);
    g_assert_cmpuint(std::get<WriteQueue::Mark>(*queue.next()).token, ==, 1);
    g_assert_cmpuint(std::get<WriteQueue::Message>(*queue.next()).type, ==, 201);
    g_assert_true(std::get<Data>(*queue.next()) == Data{std::byte{9}});
    g_assert_cmpuint(std::get<WriteQueue::Mark>(*queue.next()).token, ==, 2);
    g_assert_cmpuint(std::get<WriteQueue::Mark>(*queue.next()).token, ==, 3);
    g_assert_true(queue.empty());
}

// The bytes are their owner's again as soon as close() has returned; a thread that still takes pieces sees none of them.
void test_close() {
    for (int round = 0; round < 50; ++round) {
        WriteQueue queue;
        auto data = std::make_unique<std::vector<std::byte>>(numbers(1u << 20));
        g_assert_true(queue.write(std::span{*data}, 1));
        std::thread engine{[&] {
            while (auto piece = queue.next())
                if (auto *bytes = std::get_if<Data>(&*piece)) g_assert_cmpuint(bytes->size(), >, 0);
        }};
        queue.close();
        data.reset();
        g_assert_false(queue.write(Data{std::byte{1}}, 2));
        engine.join();
        g_assert_true(queue.empty());
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/write-queue/order", test_order);
    g_test_add_func("/write-queue/close", test_close);
    return g_test_run();
}
