// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/agent.hh"
#include "hex.hh"

#include <glib.h>

#include <functional>
#include <string>
#include <vector>

// An Agent between a port that writes down what is sent, and an observer that writes down what it is told.
namespace spice::test {

using Lines = std::vector<std::string>;

inline std::string join(const Lines &lines) {
    std::string out;
    for (const auto &line : lines) out += (out.empty() ? "" : ", ") + line;
    return out;
}

// Compares with "a, b, c"; a macro so that the caller's line is named.
#define assert_lines(lines_, wanted_)                                                                                  \
    do {                                                                                                               \
        const auto got_text = spice::test::join(lines_);                                                               \
        const std::string wanted_text = wanted_;                                                                       \
        g_assert_cmpstr(got_text.c_str(), ==, wanted_text.c_str());                                                    \
    } while (false)

struct FakePort final : agent::Port {
    struct Sent {
        uint32_t type;
        std::vector<std::byte> body;
        uint64_t mark;
    };
    bool writable = true, full = false;
    int started = 0;
    agent::Preferences wishes;
    std::vector<Sent> sent;
    std::shared_ptr<int> token = std::make_shared<int>(0);
    std::function<void(uint64_t mark)> on_post = [](uint64_t) {};

    bool may_send() const override { return writable; }
    void start() override { ++started; }
    bool post(std::vector<std::byte> message, uint64_t mark) override {
        if (full) return false;
        wire::AgentHeader header;
        wire::Reader reader{message};
        reader.message(header);
        g_assert_true(reader.ok() && header.protocol == 1 && header.opaque == 0 && header.size == reader.remaining());
        sent.push_back({header.type, {message.begin() + 20, message.end()}, mark});
        on_post(mark);
        return true;
    }
    agent::Preferences preferences() const override { return wishes; }
    std::shared_ptr<void> keep_alive() override { return token; }

    // "7:0000..." for each message, and forgets them.
    std::string take() {
        Lines lines;
        for (const auto &message : sent) lines.push_back(std::to_string(message.type) + ":" + wire::to_hex(message.body));
        sent.clear();
        return join(lines);
    }
};

struct FakeObserver final : agent::Agent::Observer {
    Lines lines;
    std::function<void(const std::string &)> on_line = [](const std::string &) {};

    void note(std::string line) {
        lines.push_back(line);
        on_line(line);
    }
    void on_agent_caps() override { note("caps"); }
    void on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) override {
        std::string line = "grab " + std::to_string(selection) + ":";
        for (const auto type : types) line += " " + std::to_string(type);
        note(line);
    }
    void on_clipboard_request(unsigned selection, uint32_t type) override {
        note("request " + std::to_string(selection) + " " + std::to_string(type));
    }
    void on_clipboard_data(unsigned selection, uint32_t type, wire::Bytes data) override {
        note("data " + std::to_string(selection) + " " + std::to_string(type) + " " + std::to_string(data.size()));
    }
    void on_clipboard_release(unsigned selection) override { note("release " + std::to_string(selection)); }
};

// Capabilities of today's agent on Linux, and of one that can nothing but the clipboard.
inline constexpr uint32_t modern_caps = 0x38de7 & ~(1u << 7), old_caps = 1u << 5;

struct Setup {
    ContextPtr context{g_main_context_new()};
    FakePort port;
    FakeObserver observer;
    agent::Agent agent{port, observer, context.get()};

    void say(uint32_t type, std::string_view hex) { agent.message({type, wire::from_hex(hex), false}); }
    void announce(uint32_t caps, uint32_t request = 0) {
        std::vector<std::byte> body;
        wire::Writer writer{body};
        writer.scalar(request);
        writer.scalar(caps);
        agent.message({VD_AGENT_ANNOUNCE_CAPABILITIES, body, false});
    }
    // Comes and says what it can; what is sent at that is forgotten.
    void arrive(uint32_t caps) {
        agent.came();
        announce(caps);
        port.sent.clear();
        observer.lines.clear();
    }
    // Turns the loop until `done`, or until nothing is expected to happen for so long.
    bool until(const std::function<bool()> &done, int64_t limit_ms = 20000) {
        const auto deadline = g_get_monotonic_time() + limit_ms * 1000;
        auto *tick = g_timeout_source_new(5);
        g_source_set_callback(tick, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
        g_source_attach(tick, context.get());
        while (!done() && g_get_monotonic_time() < deadline) g_main_context_iteration(context.get(), TRUE);
        g_source_destroy(tick);
        g_source_unref(tick);
        return done();
    }
};

}
