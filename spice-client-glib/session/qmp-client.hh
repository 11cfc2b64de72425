// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"
#include "session/qmp-lines.hh"

#include <json-glib/json-glib.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

namespace spice::session {

using JsonNodePtr = Owned<JsonNode, json_node_unref>;

// The monitor of QEMU at the other end of a port (spec/session.md §11): commands, their answers, and events.
// Thread-bound; callbacks may call anything but the destructor.
class QmpClient {
public:
    struct Observer {
        virtual void send(std::string line) = 0; // with its end
        virtual void on_ready() = 0;             // ready() has changed
        virtual void on_event(const char *name, JsonNode *data) = 0; // `data` may be null

    protected:
        ~Observer() = default;
    };
    using Done = std::function<void(Result<JsonNodePtr>)>; // what the command returned, which may be null

    explicit QmpClient(Observer &observer) : observer_{observer} {}
    QmpClient(const QmpClient &) = delete;
    QmpClient &operator=(const QmpClient &) = delete;

    bool ready() const noexcept { return ready_; }
    void opened();                             // somebody listens: negotiate
    void closed(const char *why);              // all that was asked for fails
    void received(std::span<const std::byte> data);
    // The number of the command, for forget().
    int64_t execute(const char *command, Done done);
    void forget(int64_t id) { pending_.erase(id); }

private:
    void handle(std::string_view line);
    void handle(JsonObject *object);
    void answer(JsonObject *object);
    void set_ready(bool ready);
    void left_out(const char *what);

    Observer &observer_;
    QmpLines lines_;
    std::map<int64_t, Done> pending_;
    int64_t next_id_ = 0;
    uint64_t connection_ = 0; // callbacks may close it
    bool ready_ = false;
    static constexpr unsigned max_warnings = 20;
    unsigned warnings_ = 0; // of what can come without end
};

}
