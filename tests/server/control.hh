// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

namespace spice::testserver {

using Reply = std::function<void(const std::string &line)>; // call it once, now or later

// Lines in, lines out, on the main context: one conversation over a descriptor pair. A reply that comes after the
// other side has gone is dropped.
class Conversation {
public:
    using Execute = std::function<void(std::string_view line, Reply reply)>;
    using Ended = std::function<void(Conversation *)>;

    // `out` may be -1: replies are dropped. Descriptors above 2 are closed at the end.
    Conversation(int in, int out, Execute execute, Ended ended);
    ~Conversation();
    Conversation(const Conversation &) = delete;
    Conversation &operator=(const Conversation &) = delete;

private:
    static gboolean readable(gint, GIOCondition, gpointer self) noexcept;
    bool read_some();

    int in_, out_;
    Execute execute_;
    Ended ended_;
    std::string buffer_;
    std::shared_ptr<int> alive_; // the descriptor for replies; expired when the conversation is over
    guint source_;
};

}
