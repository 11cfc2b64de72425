// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "display/image-cache.hh"

#include <glib.h>

#include <thread>

using spice::display::ImageCache;
using spice::display::ImageSlot;
using spice::display::Picture;
using spice::display::SlotPtr;

namespace {

SlotPtr new_slot() { return std::make_shared<ImageSlot>(); }

// A picture that can be told from others by its width.
Picture picture(uint32_t width) {
    auto pixels = std::make_shared<const std::byte>();
    return {{pixels.get(), width, 1, 4, spice::codec::Layout::bgrx}, pixels};
}

SlotPtr ready_slot(uint32_t width) {
    auto slot = new_slot();
    slot->complete(picture(width));
    return slot;
}

bool has(ImageCache &cache, uint64_t id, const SlotPtr &slot, bool lossless = false) {
    const auto found = cache.find(id, lossless);
    if (found.awaited) cache.give_up(found.image);
    return !found.awaited && found.image == slot;
}

void test_slot_settles_once() {
    auto slot = new_slot();
    unsigned calls = 0;
    slot->when_settled([&] { ++calls; });
    slot->when_settled([&] { calls += 10; });
    g_assert_true(slot->state() == ImageSlot::State::pending && calls == 0);
    slot->complete(picture(3));
    g_assert_cmpuint(calls, ==, 11);
    slot->fail();
    slot->complete(picture(4));
    g_assert_true(slot->state() == ImageSlot::State::ready);
    g_assert_cmpuint(slot->picture().view.width, ==, 3);
    slot->when_settled([&] { calls += 100; }); // at once
    g_assert_cmpuint(calls, ==, 111);
    auto failed = new_slot();
    failed->fail();
    g_assert_true(failed->state() == ImageSlot::State::failed && !failed->picture());
}

void test_references() {
    ImageCache cache;
    const auto first = ready_slot(1), second = ready_slot(2);
    g_assert_true(cache.put(7, first, false));
    g_assert_true(has(cache, 7, first));
    g_assert_true(cache.put(7, second, false)); // another reference, and the newer image
    g_assert_true(has(cache, 7, second));
    g_assert_cmpuint(cache.entries(), ==, 1);
    cache.invalidate(7);
    g_assert_true(has(cache, 7, second));
    cache.invalidate(7);
    g_assert_false(has(cache, 7, second));
    cache.invalidate(7);
    cache.invalidate(12345);
    g_assert_cmpuint(cache.entries(), ==, 0);
}

void test_replace_keeps_references() {
    ImageCache cache;
    const auto lossy = ready_slot(1), lossless = ready_slot(2);
    cache.put(7, lossy, true);
    cache.put(7, lossy, true);
    g_assert_true(cache.replace(7, lossless));
    g_assert_true(has(cache, 7, lossless, true));
    cache.invalidate(7);
    g_assert_true(has(cache, 7, lossless));
    cache.invalidate(7);
    g_assert_cmpuint(cache.entries(), ==, 0);
    cache.replace(8, lossless); // of what is not there: a first reference
    g_assert_true(has(cache, 8, lossless));
    cache.invalidate(8);
    g_assert_cmpuint(cache.entries(), ==, 0);
}

void test_lossless() {
    ImageCache cache;
    const auto lossy = ready_slot(1), good = ready_slot(2);
    cache.put(7, lossy, true);
    g_assert_true(has(cache, 7, lossy, false));
    auto awaited = cache.find(7, true); // the lossy one does not do
    g_assert_true(awaited.awaited);
    cache.put(7, ready_slot(5), true);
    g_assert_true(awaited.image->state() == ImageSlot::State::pending);
    cache.replace(7, good);
    g_assert_true(awaited.image->state() == ImageSlot::State::ready);
    g_assert_cmpuint(awaited.image->picture().view.width, ==, 2);
}

// What another channel brings later, decoded then or still later, reaches whoever asked before.
void test_awaited() {
    ImageCache cache;
    g_assert_false(cache.anybody_waits());
    auto a = cache.find(1, false), b = cache.find(1, true), other = cache.find(2, false);
    g_assert_true(a.awaited && b.awaited && other.awaited && a.image != b.image);
    g_assert_true(cache.anybody_waits());
    const auto slot = new_slot();
    cache.put(1, slot, false);
    g_assert_true(a.image->state() == ImageSlot::State::pending);
    slot->complete(picture(9));
    for (const auto &found : {a, b}) {
        g_assert_true(found.image->state() == ImageSlot::State::ready);
        g_assert_cmpuint(found.image->picture().view.width, ==, 9);
    }
    g_assert_true(other.image->state() == ImageSlot::State::pending);
    cache.give_up(other.image);
    g_assert_true(other.image->state() == ImageSlot::State::failed);
    g_assert_false(cache.anybody_waits());
    cache.put(2, ready_slot(1), false); // too late for that one
    g_assert_true(other.image->state() == ImageSlot::State::failed);
}

void test_awaited_fails() {
    ImageCache cache;
    auto found = cache.find(1, false);
    const auto slot = new_slot();
    cache.put(1, slot, false);
    slot->fail(); // the codec refused it
    g_assert_true(found.image->state() == ImageSlot::State::failed);
}

// An image outlives its entry: drawings that named it before still get it.
void test_invalidate_while_used() {
    ImageCache cache;
    const auto slot = new_slot();
    cache.put(1, slot, false);
    auto found = cache.find(1, false);
    cache.invalidate(1);
    slot->complete(picture(4));
    g_assert_cmpuint(found.image->picture().view.width, ==, 4);
}

void test_clear() {
    ImageCache cache;
    for (uint64_t id = 0; id < 10; ++id) cache.put(id, ready_slot(1), false);
    auto awaited = cache.find(99, false);
    cache.clear();
    g_assert_cmpuint(cache.entries(), ==, 0);
    cache.put(99, ready_slot(1), false);
    g_assert_true(awaited.image->state() == ImageSlot::State::ready); // who waits goes on waiting
}

void test_bound() {
    ImageCache cache;
    const auto slot = ready_slot(1);
    for (uint64_t id = 0; id < ImageCache::max_entries; ++id) g_assert_true(cache.put(id, slot, false));
    g_assert_false(cache.put(ImageCache::max_entries, slot, false));
    g_assert_false(cache.replace(ImageCache::max_entries, slot));
    g_assert_true(cache.put(5, slot, false)); // what is there may be named again
    g_assert_cmpuint(cache.entries(), ==, ImageCache::max_entries);
}

void test_threads() {
    ImageCache cache;
    constexpr uint64_t ids = 2000;
    std::thread sender{[&] {
        for (uint64_t id = 0; id < ids; ++id) {
            auto slot = new_slot();
            cache.put(id, slot, false);
            slot->complete(picture(static_cast<uint32_t>(id + 1)));
        }
    }};
    std::vector<SlotPtr> asked;
    for (uint64_t id = 0; id < ids; ++id) asked.push_back(cache.find(id, false).image);
    sender.join();
    for (uint64_t id = 0; id < ids; ++id) {
        g_assert_true(asked[id]->state() == ImageSlot::State::ready);
        g_assert_cmpuint(asked[id]->picture().view.width, ==, id + 1);
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/image-cache/slot-settles-once", test_slot_settles_once);
    g_test_add_func("/image-cache/references", test_references);
    g_test_add_func("/image-cache/replace-keeps-references", test_replace_keeps_references);
    g_test_add_func("/image-cache/lossless", test_lossless);
    g_test_add_func("/image-cache/awaited", test_awaited);
    g_test_add_func("/image-cache/awaited-fails", test_awaited_fails);
    g_test_add_func("/image-cache/invalidate-while-used", test_invalidate_while_used);
    g_test_add_func("/image-cache/clear", test_clear);
    g_test_add_func("/image-cache/bound", test_bound);
    g_test_add_func("/image-cache/threads", test_threads);
    return g_test_run();
}
