// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// What the monitor of QEMU says. First byte: how its stream is cut; the rest is the stream. Each command has one end,
// whatever comes.
#include "session/qmp-client.hh"

#include "base/log.hh"

#include <algorithm>
#include <cstdlib>

using namespace spice;

namespace {

struct Observer final : session::QmpClient::Observer {
    std::size_t events = 0;
    void send(std::string line) override {
        if (!line.ends_with("\r\n")) std::abort();
    }
    void on_ready() override {}
    void on_event(const char *name, JsonNode *data) override {
        if (!name) std::abort();
        if (data) events += JSON_NODE_HOLDS_OBJECT(data) ? json_object_get_size(json_node_get_object(data)) : 1;
    }
};

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size == 0) return 0;
    log::set_sink([](log::Level, const char *) {});
    Observer observer;
    session::QmpClient client{observer};
    client.opened();
    unsigned asked = 0, ended = 0;
    for (const char *command : {"query-status", "stop", "cont"}) {
        ++asked;
        client.execute(command, [&](Result<session::JsonNodePtr>) { ++ended; });
    }
    const auto piece = std::max<std::size_t>(1, data[0]);
    for (auto rest = std::as_bytes(std::span{data + 1, size - 1}); !rest.empty();) {
        const auto now = rest.first(std::min(piece, rest.size()));
        client.received(now);
        rest = rest.subspan(now.size());
    }
    client.closed("the end");
    if (ended != asked) std::abort();
    return 0;
}
