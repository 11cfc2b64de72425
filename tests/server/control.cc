// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "control.hh"

#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace spice::testserver {
namespace {

// Replies are short and the other side waits for them, so a blocking write is fine.
void write_line(int fd, std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (fd >= 0 && !rest.empty()) {
        auto n = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == ENOTSOCK) n = write(fd, rest.data(), rest.size());
        if (n <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}

Conversation::Conversation(int in, int out, Execute execute, Ended ended)
    : in_{in}, out_{out}, execute_{std::move(execute)}, ended_{std::move(ended)}, alive_{std::make_shared<int>(out)},
      source_{g_unix_fd_add(in, G_IO_IN, readable, this)} {}

Conversation::~Conversation() {
    if (source_) g_source_remove(source_);
    if (in_ > 2) close(in_);
    if (out_ > 2 && out_ != in_) close(out_);
}

gboolean Conversation::readable(gint, GIOCondition, gpointer data) noexcept {
    auto *self = static_cast<Conversation *>(data);
    if (self->read_some()) return G_SOURCE_CONTINUE;
    self->source_ = 0;
    const auto ended = std::move(self->ended_); // it deletes this object, but must live through that
    ended(self);
    return G_SOURCE_REMOVE;
}

bool Conversation::read_some() {
    char chunk[4096];
    const auto n = read(in_, chunk, sizeof chunk);
    if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EINTR);
    buffer_.append(chunk, static_cast<std::size_t>(n));
    for (auto end = buffer_.find('\n'); end != buffer_.npos; end = buffer_.find('\n')) {
        const auto line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        execute_(line, [out = std::weak_ptr<int>{alive_}](const std::string &reply) {
            if (const auto fd = out.lock()) write_line(*fd, reply);
        });
    }
    return true;
}

}
