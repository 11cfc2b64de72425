// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/worker-pool.hh"
#include "channel/decode-queue.hh"
#include "codec-test.hh"

#include <spice/enums.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <random>

using namespace spice::channel;
using spice::display::ImageSlot;
using spice::display::SlotPtr;
using spice::test::Stream;
using State = ImageSlot::State;

// One worker (set in main): jobs run in the order in which they are started, and nothing may wait inside one.
namespace {

constexpr uint64_t window_pixels = 1u << 20;

// Submitted behind everything that has been started: once it ran, all that has.
void let_worker_finish() {
    std::mutex mutex;
    std::condition_variable ran;
    bool done = false;
    spice::WorkerPool::shared().submit([&] {
        std::lock_guard lock{mutex};
        done = true;
        ran.notify_all();
    });
    std::unique_lock lock{mutex};
    g_assert_true(ran.wait_for(lock, std::chrono::seconds(20), [&] { return done; }));
}

// Jobs that finish start others: several rounds reach the end of any chain of the tests.
void let_all_finish() {
    for (int i = 0; i < 4; ++i) let_worker_finish();
}

struct Pending {
    SlotPtr slot = std::make_shared<ImageSlot>();
    DecodeQueue::Lease lease;
    State state() const { return slot->state(); }
    bool ready() const { return state() == State::ready; }
    uint32_t pixel(uint32_t x, uint32_t y) const { return spice::test::pixel32(slot->picture().view, x, y); }
};

struct Queue {
    std::shared_ptr<spice::codec::GlzWindow> window = std::make_shared<spice::codec::GlzWindow>(window_pixels);
    std::atomic<unsigned> parked{0};
    std::shared_ptr<DecodeQueue> queue = std::make_shared<DecodeQueue>(window, window_pixels, [this] { ++parked; });

    uint64_t presence = 0; // of what is submitted next

    ~Queue() { window->close(); }

    Pending submit(DecodeRequest request) {
        Pending p;
        p.lease = queue->submit(std::move(request), p.slot);
        return p;
    }
    // An uncompressed picture; row y is 0x100 * y + value.
    Pending raw(uint32_t width, uint32_t height, uint32_t value = 0) {
        const std::size_t size = std::size_t{width} * height * 4;
        DecodeRequest r;
        r.keep = std::shared_ptr<std::byte[]>(new std::byte[size]);
        for (uint32_t y = 0; y < height; ++y) {
            const uint32_t pixel = 0x100 * y + value;
            for (uint32_t x = 0; x < width; ++x)
                std::memcpy(r.keep.get() + (std::size_t{y} * width + x) * 4, &pixel, 4);
        }
        spice::wire::BitmapImage bitmap;
        bitmap.format = SPICE_BITMAP_FMT_32BIT;
        bitmap.flags = SPICE_BITMAP_FLAGS_TOP_DOWN;
        bitmap.width = width, bitmap.height = height, bitmap.stride = width * 4;
        bitmap.data = {r.keep.get(), size};
        r.image.type = spice::wire::ImageType::bitmap;
        r.image.width = width, r.image.height = height;
        r.image.data = bitmap;
        return submit(std::move(r));
    }
    Pending glz_stream(Stream stream, uint32_t width, uint32_t height, uint8_t channel, uint8_t flags = 0) {
        const auto &bytes = stream.get();
        DecodeRequest r;
        r.keep = std::shared_ptr<std::byte[]>(new std::byte[bytes.size()]);
        std::copy(bytes.begin(), bytes.end(), r.keep.get());
        r.image.type = spice::wire::ImageType::glz_rgb;
        r.image.flags = flags;
        r.image.width = width, r.image.height = height;
        r.image.data = spice::wire::GlzImage{{r.keep.get(), bytes.size()}};
        r.channel = channel;
        r.presence = presence;
        return submit(std::move(r));
    }
    // Four pixels: written out, or copied from the image `distance` before.
    Pending glz_plain(uint64_t id, uint8_t channel = 0, uint8_t flags = 0) {
        auto s = spice::test::glz_header(8, 4, 1, id, static_cast<uint32_t>(id));
        s.byte(3).bytes({1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0});
        return glz_stream(std::move(s), 4, 1, channel, flags);
    }
    Pending glz_copy(uint64_t id, unsigned distance, uint8_t channel = 0) {
        auto s = spice::test::glz_header(8, 4, 1, id, static_cast<uint32_t>(id));
        s.byte(4u << 5).byte(0).byte(distance);
        return glz_stream(std::move(s), 4, 1, channel);
    }
};

constexpr uint32_t side = 512; // 1 MiB decoded: four fit the budget

void test_decodes() {
    Queue q;
    auto p = q.raw(300, 200, 7);
    unsigned settled = 0;
    p.slot->when_settled([&settled] { ++settled; });
    let_all_finish();
    g_assert_true(p.ready());
    g_assert_cmpuint(settled, ==, 1);
    g_assert_cmphex(p.pixel(299, 199), ==, 0x100 * 199 + 7);
    g_assert_false(q.queue->decoding());
}

void test_budget() {
    Queue q;
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 7; ++i) images.push_back(q.raw(side, side, i));
    let_all_finish();
    for (std::size_t i = 0; i < 7; ++i) g_assert_true(images[i].ready() == (i < 4));
    images[0].lease = {}; // drawn: there is room for one more
    let_all_finish();
    for (std::size_t i = 0; i < 7; ++i) g_assert_true(images[i].ready() == (i < 5));
    images[1].lease = {};
    images[2].lease = {};
    let_all_finish();
    g_assert_true(images[5].ready() && images[6].ready());
    g_assert_cmphex(images[6].pixel(0, 3), ==, 0x306);
}

// An image larger than the whole budget is decoded, alone.
void test_one_large_image() {
    Queue q;
    auto large = q.raw(2500, 2000), small = q.raw(100, 100);
    let_all_finish();
    g_assert_true(large.ready());
    g_assert_true(small.state() == State::pending);
    large.lease = {};
    let_all_finish();
    g_assert_true(small.ready());
}

void test_order_is_kept() {
    Queue q;
    auto a = q.raw(side, 3 * side), b = q.raw(side, 2 * side), c = q.raw(10, 10);
    let_all_finish();
    g_assert_true(a.ready() && b.state() == State::pending);
    g_assert_true(c.state() == State::pending); // does not overtake
    a.lease = {};
    let_all_finish();
    g_assert_true(b.ready() && c.ready());
}

// The drawing that is next gets its image, whatever the budget says.
void test_hurry() {
    Queue q;
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 6; ++i) images.push_back(q.raw(side, side, i));
    let_all_finish();
    images[5].lease.hurry();
    images[5].lease.hurry();
    let_all_finish();
    g_assert_true(images[5].ready());
    g_assert_true(images[4].state() == State::pending);
    images[0].lease.hurry(); // done already
    images[5].lease = {};    // was never charged
    let_all_finish();
    g_assert_true(images[4].state() == State::pending);
    images[3].lease = {};
    let_all_finish();
    g_assert_true(images[4].ready());
}

// A drawing may go before its image was decoded; the cache may still want it.
void test_lease_goes_first() {
    Queue q;
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 5; ++i) images.push_back(q.raw(side, side, i));
    images[4].lease = {};
    let_all_finish();
    g_assert_true(images[4].ready());
}

void test_bad_image() {
    Queue q;
    auto s = spice::test::glz_header(8, 4, 1, 0, 0);
    s.byte(3).bytes({1, 0}); // cut short
    auto bad = q.glz_stream(std::move(s), 4, 1, 0);
    auto after = q.glz_copy(1, 1); // refers to what could not be decoded: something stands in for it
    auto headless = q.glz_stream(Stream{}, 4, 1, 0);
    let_all_finish();
    g_assert_true(bad.state() == State::failed);
    g_assert_true(headless.state() == State::failed);
    g_assert_true(after.ready());
    g_assert_false(q.queue->waits_for_unsent());
    g_assert_false(q.queue->decoding());
}

void test_reference_comes_later() {
    Queue q;
    auto second = q.glz_copy(1, 1, 1);
    let_all_finish();
    g_assert_true(second.state() == State::pending);
    g_assert_cmpuint(q.parked, ==, 1);
    g_assert_true(q.queue->waits_for_unsent());
    g_assert_true(q.queue->waits_for_unsent(1));
    g_assert_false(q.queue->waits_for_unsent(0));
    g_assert_false(q.queue->decoding()); // it occupies no worker
    auto first = q.glz_plain(0, 0);
    let_all_finish();
    g_assert_true(first.ready() && second.ready());
    g_assert_false(q.queue->waits_for_unsent());
    for (uint32_t x = 0; x < 4; ++x) g_assert_cmphex(second.pixel(x, 0), ==, x + 1);
}

// Many images over two channels, each built from the one before, in any order in which the two may be heard.
void test_any_order_of_channels() {
    std::mt19937 random{static_cast<unsigned>(g_test_rand_int())};
    for (int round = 0; round < 20; ++round) {
        Queue q;
        constexpr uint64_t count = 40;
        std::vector<uint64_t> order[2];
        for (uint64_t id = 0; id < count; ++id) order[random() % 2].push_back(id);
        std::vector<Pending> images(count);
        std::size_t at[2] = {0, 0};
        while (at[0] < order[0].size() || at[1] < order[1].size()) {
            auto channel = static_cast<uint8_t>(random() % 2);
            if (at[channel] == order[channel].size()) channel = static_cast<uint8_t>(1 - channel);
            const auto id = order[channel][at[channel]++];
            images[id] = id == 0 ? q.glz_plain(0, channel) : q.glz_copy(id, 1, channel);
        }
        // Each image is begun, may park, and goes on: three turns of the pool at the most.
        for (uint64_t i = 0; i <= 3 * count; ++i) let_worker_finish();
        for (const auto &image : images) {
            g_assert_true(image.ready());
            g_assert_cmphex(image.pixel(2, 0), ==, 3);
        }
        g_assert_false(q.queue->decoding());
    }
}

// The budget never holds back what another image waits for.
void test_reference_over_budget() {
    Queue q;
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 4; ++i) images.push_back(q.raw(side, side, i));
    auto first = q.glz_plain(0, 0), second = q.glz_copy(1, 1, 1);
    let_all_finish();
    g_assert_true(first.state() == State::pending && second.state() == State::pending);
    second.lease.hurry(); // needs the first, which nobody hurries
    let_all_finish();
    g_assert_true(second.ready() && first.ready());
}

// The same when the other channel brings it afterwards.
void test_later_reference_over_budget() {
    Queue q;
    auto second = q.glz_copy(1, 1, 1);
    let_all_finish();
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 8; ++i) images.push_back(q.raw(side, side, i));
    auto first = q.glz_plain(0, 0);
    let_all_finish();
    g_assert_true(images[7].state() == State::pending); // the budget is used up
    g_assert_true(first.ready());
    g_assert_true(second.ready());
}

void test_give_up() {
    Queue q;
    auto second = q.glz_copy(1, 1, 0), other = q.glz_copy(6, 1, 1);
    let_all_finish();
    q.queue->give_up_unsent(0);
    let_all_finish();
    g_assert_true(second.state() == State::failed);
    g_assert_true(other.state() == State::pending); // the other channel has its own patience
    auto third = q.glz_copy(2, 1, 0); // goes on from what stands in for it
    let_all_finish();
    g_assert_true(third.ready());
    q.queue->give_up_unsent(1);
    let_all_finish();
    g_assert_true(other.state() == State::failed);
}

// A channel is connected again before its old connection has left: nothing of the new one is given up.
void test_late_leave() {
    Queue q;
    const auto before = q.queue->join();
    q.presence = before;
    auto old = q.glz_copy(1, 1);
    const auto now = q.queue->join();
    q.presence = now;
    auto early = q.glz_copy(11, 1);
    let_all_finish();
    q.queue->leave(before);
    let_all_finish();
    g_assert_true(old.state() == State::failed);
    auto late = q.glz_copy(21, 1);
    let_all_finish();
    g_assert_true(early.state() == State::pending && late.state() == State::pending);
    auto reference = q.glz_plain(10);
    let_all_finish();
    g_assert_true(early.ready());
    q.queue->leave(now);
    let_all_finish();
    g_assert_true(late.state() == State::failed);
    auto orphan = q.glz_copy(31, 1); // was on its way
    let_all_finish();
    g_assert_true(orphan.state() == State::failed);
}

// A reference that was sent and is not decoded yet is never given up.
void test_sent_is_not_given_up() {
    Queue q;
    std::vector<Pending> images;
    for (uint32_t i = 0; i < 4; ++i) images.push_back(q.raw(side, side, i));
    auto first = q.glz_plain(0, 0), second = q.glz_copy(1, 1, 0); // deferred, both
    g_assert_false(q.queue->waits_for_unsent());
    q.queue->give_up_unsent(0);
    images.clear();
    let_all_finish();
    g_assert_true(first.ready() && second.ready());
}

void test_high_bits() {
    Queue q;
    auto first = q.glz_plain(0, 0, SPICE_IMAGE_FLAGS_HIGH_BITS_SET), second = q.glz_copy(1, 1);
    let_all_finish();
    g_assert_cmphex(first.pixel(1, 0), ==, 0xff000002);
    g_assert_cmphex(second.pixel(1, 0), ==, 0x00000002); // the dictionary keeps what the codec made
}

// The session ends while images wait: everything settles.
void test_window_closes() {
    Queue q;
    auto second = q.glz_copy(1, 1);
    let_all_finish();
    q.window->close();
    let_all_finish();
    g_assert_true(second.state() == State::failed);
    auto late = q.glz_plain(0);
    let_all_finish();
    g_assert_true(late.state() == State::failed);
}

}

int main(int argc, char **argv) {
    g_setenv("SPICE_DECODE_THREADS", "1", TRUE);
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/decode-queue/decodes", test_decodes);
    g_test_add_func("/decode-queue/budget", test_budget);
    g_test_add_func("/decode-queue/one-large-image", test_one_large_image);
    g_test_add_func("/decode-queue/order-is-kept", test_order_is_kept);
    g_test_add_func("/decode-queue/hurry", test_hurry);
    g_test_add_func("/decode-queue/lease-goes-first", test_lease_goes_first);
    g_test_add_func("/decode-queue/bad-image", test_bad_image);
    g_test_add_func("/decode-queue/reference-comes-later", test_reference_comes_later);
    g_test_add_func("/decode-queue/any-order-of-channels", test_any_order_of_channels);
    g_test_add_func("/decode-queue/reference-over-budget", test_reference_over_budget);
    g_test_add_func("/decode-queue/later-reference-over-budget", test_later_reference_over_budget);
    g_test_add_func("/decode-queue/give-up", test_give_up);
    g_test_add_func("/decode-queue/late-leave", test_late_leave);
    g_test_add_func("/decode-queue/sent-is-not-given-up", test_sent_is_not_given_up);
    g_test_add_func("/decode-queue/high-bits", test_high_bits);
    g_test_add_func("/decode-queue/window-closes", test_window_closes);
    return g_test_run();
}
