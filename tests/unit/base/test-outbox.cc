// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/glib-ptr.hh"
#include "base/glib/outbox.hh"

#include <glib.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <thread>

namespace {

struct Event {
    int number = 0;
    std::size_t bytes = 0;
    std::size_t cost() const noexcept { return bytes; }
};
using Outbox = spice::Outbox<Event>;

struct Sink final : Outbox::Sink {
    std::function<bool(Event &)> on_event = [](Event &) { return true; };
    std::shared_ptr<void> guard; // what a turn keeps alive
    unsigned turns = 0, ended = 0;
    bool deliver(Event &event) override { return on_event(event); }
    std::function<void()> on_begin = [] {}, on_end = [] {};
    std::shared_ptr<void> begin_turn() override {
        ++turns;
        on_begin();
        return guard;
    }
    void end_turn() override {
        ++ended;
        on_end();
    }
};

constexpr gint64 limit_us = 20 * G_USEC_PER_SEC;

// Runs the loop until `done`; false when that takes too long. Blocks between events.
bool run_until(GMainContext *context, const std::function<bool()> &done) {
    const auto deadline = g_get_monotonic_time() + limit_us;
    GSource *tick = g_timeout_source_new(50); // only to look at the clock
    g_source_set_callback(tick, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_attach(tick, context);
    while (!done() && g_get_monotonic_time() < deadline) g_main_context_iteration(context, TRUE);
    g_source_destroy(tick);
    g_source_unref(tick);
    return done();
}

void drain(GMainContext *context) {
    while (g_main_context_iteration(context, FALSE)) {}
}

spice::ContextPtr new_context() { return spice::ContextPtr{g_main_context_new()}; }

bool push(Outbox &box, std::vector<Event> batch) { return box.push(batch); }

// Many batches from another thread, which stops whenever it is told to and goes on when it is called.
void test_flood_keeps_order() {
    constexpr int total = 100'000, batch_size = 500;
    auto context = new_context();
    Sink sink;
    std::mutex mutex;
    std::condition_variable resumed;
    unsigned resumes = 0, pauses = 0;
    auto box = Outbox::create(context.get(), sink, [&] {
        std::lock_guard lock{mutex};
        ++resumes;
        resumed.notify_all();
    });
    int next = 0;
    sink.on_event = [&](Event &event) {
        g_assert_cmpint(event.number, ==, next);
        ++next;
        return true;
    };
    bool lost = false;
    std::thread producer{[&] {
        for (int n = 0; n < total;) {
            std::vector<Event> batch;
            for (int i = 0; i < batch_size; ++i) batch.push_back({n++, 16});
            if (box->push(batch)) continue;
            std::unique_lock lock{mutex};
            ++pauses;
            if (!resumed.wait_for(lock, std::chrono::seconds(20), [&] { return resumes >= pauses; })) {
                lost = true;
                return;
            }
        }
    }};
    const bool all = run_until(context.get(), [&] { return next == total; });
    producer.join();
    g_assert_true(all);
    g_assert_false(lost);
    g_assert_cmpuint(pauses, ==, resumes);
    g_assert_cmpuint(sink.turns, ==, sink.ended);
    box->close();
}

void test_high_water_count() {
    auto context = new_context();
    Sink sink;
    unsigned resumes = 0;
    int delivered = 0, delivered_at_resume = 0;
    auto box = Outbox::create(context.get(), sink, [&] { ++resumes, delivered_at_resume = delivered; });
    sink.on_event = [&](Event &) { return ++delivered, true; };
    const auto high = Outbox::high_count;
    g_assert_true(push(*box, std::vector<Event>(high)));
    g_assert_false(push(*box, std::vector<Event>(1)));
    g_assert_false(push(*box, std::vector<Event>(1))); // it stays paused
    g_assert_true(run_until(context.get(), [&] { return delivered == static_cast<int>(high) + 2; }));
    g_assert_cmpuint(resumes, ==, 1);
    // Called once half of it is gone: the event is counted after it was delivered.
    g_assert_cmpint(delivered_at_resume, ==, static_cast<int>(high / 2) + 2);
    g_assert_true(push(*box, std::vector<Event>(1)));
    box->close();
}

// An event that comes while the box drains, below the high water, must not lose the resume that is owed.
void test_push_while_paused() {
    auto context = new_context();
    Sink sink;
    unsigned resumes = 0;
    int delivered = 0;
    auto box = Outbox::create(context.get(), sink, [&] { ++resumes; });
    const auto high = static_cast<int>(Outbox::high_count);
    sink.on_event = [&](Event &) {
        if (++delivered == high / 4) g_assert_false(push(*box, std::vector<Event>(1)));
        return true;
    };
    g_assert_false(push(*box, std::vector<Event>(Outbox::high_count + 1)));
    g_assert_true(run_until(context.get(), [&] { return delivered == high + 2; }));
    g_assert_cmpuint(resumes, ==, 1);
    box->close();
}

void test_high_water_bytes() {
    auto context = new_context();
    Sink sink;
    unsigned resumes = 0;
    int delivered = 0;
    auto box = Outbox::create(context.get(), sink, [&] { ++resumes; });
    sink.on_event = [&](Event &) { return ++delivered, true; };
    g_assert_true(push(*box, {{0, Outbox::high_bytes}}));
    g_assert_false(push(*box, {{1, 1}}));
    g_assert_true(run_until(context.get(), [&] { return delivered == 2; }));
    g_assert_cmpuint(resumes, ==, 1);
    // One event larger than everything goes through all the same.
    g_assert_false(push(*box, {{2, 2 * Outbox::high_bytes}}));
    g_assert_true(run_until(context.get(), [&] { return delivered == 3; }));
    g_assert_cmpuint(resumes, ==, 2);
    box->close();
}

// A turn has one clock: what its beginning has used up is not there for events, but for one of them.
void test_one_slice() {
    auto context = new_context();
    Sink sink;
    int delivered = 0, most = 0, before = 0;
    auto box = Outbox::create(context.get(), sink, [] {});
    sink.on_begin = [&] {
        before = delivered;
        while (g_get_monotonic_time() <= box->slice_end()) {}
    };
    sink.on_end = [&] { most = std::max(most, delivered - before); };
    sink.on_event = [&](Event &) { return ++delivered, true; };
    g_assert_true(push(*box, std::vector<Event>(5)));
    g_assert_true(run_until(context.get(), [&] { return delivered == 5; }));
    g_assert_cmpint(most, ==, 1);
    box->close();
}

// Unless it leaves them some time.
void test_reserved() {
    auto context = new_context();
    Sink sink;
    int delivered = 0;
    gint64 left = 0;
    auto box = Outbox::create(context.get(), sink, [] {});
    sink.on_begin = [&] {
        while (g_get_monotonic_time() <= box->slice_end()) {}
        box->reserve(G_TIME_SPAN_MINUTE);
        left = box->slice_end() - g_get_monotonic_time();
    };
    sink.on_event = [&](Event &) { return ++delivered, true; };
    g_assert_true(push(*box, std::vector<Event>(5)));
    g_assert_true(run_until(context.get(), [&] { return delivered > 0; }));
    g_assert_cmpint(delivered, ==, 5); // in that one turn
    g_assert_cmpint(left, >, G_TIME_SPAN_MINUTE / 2);
    // What is left is not taken away.
    const auto end = box->slice_end();
    box->reserve(1);
    g_assert_cmpint(box->slice_end(), ==, end);
    box->close();
}

// A turn asks for the next one at a time, which comes then, and before if somebody else asks.
void test_wake_at() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] {});
    gint64 due = 0, came = 0;
    sink.on_end = [&] {
        came = g_get_monotonic_time();
        if (sink.turns == 1) box->wake_at(due = came + 30'000);
        if (sink.turns == 3) {
            box->rearm(); // as from another thread, before the turn says when it wants the next
            box->wake_at(came + gint64{3600} * G_USEC_PER_SEC);
        }
    };
    box->rearm();
    g_assert_true(run_until(context.get(), [&] { return sink.turns == 2; }));
    g_assert_cmpint(came, >=, due);
    box->rearm();
    g_assert_true(run_until(context.get(), [&] { return sink.turns == 4; }));
    drain(context.get());
    g_assert_cmpuint(sink.turns, ==, 4);
    box->close();
}

// An event that is not ready stays first, and costs no CPU until somebody says that it is.
void test_waits_for_rearm() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] {});
    std::atomic<bool> ready{false};
    unsigned tries = 0;
    std::vector<int> seen;
    sink.on_event = [&](Event &event) {
        if (event.number == 1) {
            ++tries;
            if (!ready) return false;
        }
        seen.push_back(event.number);
        return true;
    };
    g_assert_true(push(*box, {{0, 0}, {1, 0}, {2, 0}}));
    drain(context.get());
    g_assert_cmpuint(seen.size(), ==, 1);
    g_assert_cmpuint(tries, ==, 1);
    g_assert_true(push(*box, {{3, 0}})); // what comes behind it tries once more, no more than that
    drain(context.get());
    g_assert_cmpuint(tries, <=, 2);
    const auto before = tries;
    std::thread job{[&] {
        ready = true;
        box->rearm();
    }};
    g_assert_true(run_until(context.get(), [&] { return seen.size() == 4; }));
    job.join();
    g_assert_cmpuint(tries, ==, before + 1);
    for (int i = 0; i < 4; ++i) g_assert_cmpint(seen[static_cast<std::size_t>(i)], ==, i);
    box->close();
}

// A rearm that strikes while the event is being looked at is not lost.
void test_rearm_inside_deliver() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] {});
    unsigned tries = 0;
    sink.on_event = [&](Event &) {
        if (++tries > 1) return true;
        box->rearm();
        return false;
    };
    push(*box, {{0, 0}});
    drain(context.get());
    g_assert_cmpuint(tries, ==, 2);
    box->close();
}

void test_close_inside_deliver() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] { g_assert_not_reached(); });
    unsigned seen = 0;
    sink.on_event = [&](Event &) {
        ++seen;
        box->close();
        return true;
    };
    push(*box, std::vector<Event>(Outbox::high_count + 1));
    drain(context.get());
    g_assert_cmpuint(seen, ==, 1);
    g_assert_cmpuint(sink.ended, ==, 0); // nothing may be said after the end
    g_assert_false(push(*box, {{1, 0}}));
    box->rearm();
    box->close();
    drain(context.get());
    g_assert_cmpuint(seen, ==, 1);
}

void test_last_reference_inside_deliver() {
    auto context = new_context();
    auto owner = std::make_shared<Sink>(); // as a public object whose handler drops it
    std::weak_ptr<Sink> watch = owner;
    auto box = Outbox::create(context.get(), *owner, [] {});
    std::weak_ptr<Outbox> watch_box = box;
    owner->guard = owner;
    owner->on_event = [&](Event &) {
        box->close();
        box.reset();
        watch.lock()->guard.reset();
        owner.reset();
        return true;
    };
    push(*box, {{0, 0}, {1, 0}});
    drain(context.get());
    g_assert_true(watch.expired());
    g_assert_true(watch_box.expired());
}

void test_close_with_events() {
    auto context = new_context();
    Sink sink;
    sink.on_event = [](Event &) -> bool { g_assert_not_reached(); };
    auto box = Outbox::create(context.get(), sink, [] {});
    push(*box, {{0, 0}});
    box->close();
    drain(context.get());
    g_assert_cmpuint(sink.turns, ==, 0);
}

// The engine thread goes on pushing while the main context closes.
void test_close_while_pushing() {
    for (int round = 0; round < 50; ++round) {
        auto context = new_context();
        Sink sink;
        auto box = Outbox::create(context.get(), sink, [] {});
        unsigned seen = 0;
        sink.on_event = [&](Event &) { return ++seen, true; };
        std::thread producer{[box] {
            for (int i = 0; i < 1'000'000; ++i) {
                std::vector<Event> batch(3);
                box->push(batch);
                box->rearm();
                if (!batch.empty()) return; // closed: nothing was taken
            }
        }};
        run_until(context.get(), [&] { return seen > 10; });
        box->close();
        box.reset();
        producer.join();
        g_assert_cmpuint(seen, >, 10);
    }
}

gint64 cpu_time_us() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return gint64{t.tv_sec} * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

// A flood of events must not hold up drawing, which toolkits do at priority 120. Counted against the processor time
// of this thread, so that a busy machine does not matter.
void test_redraw_goes_on() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] {});
    unsigned redraws = 0;
    unsigned turns_at_redraw = 0, most_turns = 0;
    sink.on_event = [&](Event &) {
        const auto end = g_get_monotonic_time() + 200;
        while (g_get_monotonic_time() < end) {}
        push(*box, {{0, 0}}); // there is always one more
        return true;
    };
    struct Redraw {
        unsigned &redraws, &turns_at_redraw, &most_turns;
        Sink &sink;
    } redraw{redraws, turns_at_redraw, most_turns, sink};
    GSource *source = g_timeout_source_new(1);
    g_source_set_priority(source, 120);
    g_source_set_callback(source, [](gpointer data) -> gboolean {
        auto &r = *static_cast<Redraw *>(data);
        ++r.redraws;
        r.most_turns = std::max(r.most_turns, r.sink.turns - std::exchange(r.turns_at_redraw, r.sink.turns));
        return G_SOURCE_CONTINUE;
    }, &redraw, nullptr);
    g_source_attach(source, context.get());
    push(*box, {{0, 0}, {0, 0}});
    const auto start = cpu_time_us();
    constexpr gint64 span_us = 400'000;
    while (cpu_time_us() - start < span_us) g_main_context_iteration(context.get(), TRUE);
    const auto seconds = static_cast<double>(cpu_time_us() - start) / G_USEC_PER_SEC;
    g_test_message("%u redraws in %.2f s of processor time, at most %u turns in between", redraws, seconds, most_turns);
    g_assert_cmpfloat(redraws / seconds, >=, 400);
    g_assert_cmpuint(most_turns, <=, 2); // a slice is as long as the timer: one, and one under way
    g_assert_cmpuint(sink.turns, >, redraws / 2); // and the events were served as well
    g_source_destroy(source);
    g_source_unref(source);
    box->close();
}

// Whoever holds the outbox longest may use its source until then: the context must be there.
void test_outlives_the_loop() {
    auto context = new_context();
    Sink sink;
    auto box = Outbox::create(context.get(), sink, [] {});
    bool gone = false;
    GSource *source = g_idle_source_new(); // goes with the context
    g_source_set_callback(source, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, &gone,
                          [](gpointer data) { *static_cast<bool *>(data) = true; });
    g_source_attach(source, context.get());
    g_source_unref(source);
    context.reset();
    g_assert_false(gone);
    box->rearm();
    box.reset();
    g_assert_true(gone);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/outbox/flood-keeps-order", test_flood_keeps_order);
    g_test_add_func("/outbox/high-water-count", test_high_water_count);
    g_test_add_func("/outbox/push-while-paused", test_push_while_paused);
    g_test_add_func("/outbox/high-water-bytes", test_high_water_bytes);
    g_test_add_func("/outbox/one-slice", test_one_slice);
    g_test_add_func("/outbox/reserved", test_reserved);
    g_test_add_func("/outbox/wake-at", test_wake_at);
    g_test_add_func("/outbox/waits-for-rearm", test_waits_for_rearm);
    g_test_add_func("/outbox/rearm-inside-deliver", test_rearm_inside_deliver);
    g_test_add_func("/outbox/close-inside-deliver", test_close_inside_deliver);
    g_test_add_func("/outbox/last-reference-inside-deliver", test_last_reference_inside_deliver);
    g_test_add_func("/outbox/close-with-events", test_close_with_events);
    g_test_add_func("/outbox/close-while-pushing", test_close_while_pushing);
    g_test_add_func("/outbox/outlives-the-loop", test_outlives_the_loop);
    g_test_add_func("/outbox/redraw-goes-on", test_redraw_goes_on);
    return g_test_run();
}
