// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// What a guest's agent may say. First four bytes: its capabilities; fifth: how its stream is cut; the rest is the stream.
// Whatever comes, the answers are well-formed, and they are few.
#include "agent/agent.hh"
#include "agent/token-queue.hh"

#include "base/log.hh"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace spice;

namespace {

struct Port final : agent::Port {
    agent::TokenQueue queue;
    std::size_t messages = 0;
    bool may_send() const override { return true; }
    void start() override {}
    bool post(std::vector<std::byte> message, uint64_t mark) override {
        wire::AgentHeader header;
        wire::Reader reader{message};
        reader.message(header);
        if (!reader.ok() || header.size != reader.remaining()) std::abort();
        ++messages;
        return queue.append(0, std::move(message), mark);
    }
    agent::Preferences preferences() const override { return {}; }
    std::shared_ptr<void> keep_alive() override { return {}; }
};

// Answers each request, and asks for each offer.
struct Observer final : agent::Agent::Observer {
    agent::Agent *agent = nullptr;
    std::size_t bytes = 0;
    void on_agent_caps() override {}
    void on_clipboard_grab(unsigned selection, std::span<const uint32_t> types) override {
        if (selection >= agent::Clipboard::selections || types.empty() || types.size() > 6) std::abort();
        agent->clipboard().request(selection, types.front());
    }
    void on_clipboard_request(unsigned selection, uint32_t type) override {
        agent->clipboard().data(selection, type, std::as_bytes(std::span{"content"}));
        if (type == 7) agent->clipboard().grab(selection, std::array{type});
    }
    void on_clipboard_data(unsigned, uint32_t, wire::Bytes data) override {
        for (const auto b : data) bytes += std::to_integer<std::size_t>(b);
    }
    void on_clipboard_release(unsigned selection) override {
        if (selection >= agent::Clipboard::selections) std::abort();
    }
};

GMainContext *context() {
    static GMainContext *const one = g_main_context_new();
    return one;
}

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size < 5) return 0;
    log::set_sink([](log::Level, const char *) {});
    auto stream = std::as_bytes(std::span{data, size});
    const auto piece_bytes = std::max<std::size_t>(1, std::to_integer<std::size_t>(stream[4]) * 8);
    Port port;
    Observer observer;
    agent::Agent agent{port, observer, context()};
    observer.agent = &agent;
    agent.came();
    std::vector<std::byte> announcement;
    wire::Writer writer{announcement};
    writer.scalar(uint32_t{0});
    writer.bytes(stream.first(4));
    agent.message({VD_AGENT_ANNOUNCE_CAPABILITIES, announcement, false});
    agent::Reassembler reassembler;
    std::vector<agent::Incoming> messages;
    for (stream = stream.subspan(5); !stream.empty();) {
        const auto piece = stream.first(std::min(piece_bytes, stream.size()));
        reassembler.feed(piece, 4096, messages);
        stream = stream.subspan(piece.size());
    }
    std::size_t bytes = 0;
    for (const auto &message : messages) {
        bytes += message.body.size();
        agent.message(message);
    }
    if (bytes > size) std::abort();
    port.queue.grant(1000);
    while (auto body = port.queue.next()) {
        if (body->bytes.size() > agent::TokenQueue::max_body) std::abort();
        if (body->mark) agent.left(body->mark);
    }
    if (port.messages > 4 * messages.size() + 8) std::abort();
    agent.gone();
    return 0;
}
