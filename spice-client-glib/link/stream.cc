// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/stream.hh"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <system_error>

namespace spice::link {

Error io_error(const char *what, int error_number) {
    return {error_number == ETIMEDOUT ? Error::Kind::timeout : Error::Kind::io,
            std::string{what} + ": " + std::generic_category().message(error_number), error_number};
}

Readiness wait(int fd, short events, Wakeup &wakeup, std::optional<Clock::time_point> deadline) {
    Readiness ready;
    if (wakeup.cancelled()) {
        ready.woken = true;
        return ready;
    }
    int timeout_ms = wakeup.fd() >= 0 ? -1 : 20;
    if (deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
        const int bounded = static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
        timeout_ms = timeout_ms < 0 ? bounded : std::min(timeout_ms, bounded);
    }
    pollfd fds[2] = {{fd, events, 0}, {wakeup.fd(), POLLIN, 0}};
    const int n = poll(fds, 2, timeout_ms);
    ready.transport = fds[0].revents != 0;
    ready.woken = fds[1].revents != 0 || wakeup.fd() < 0;
    if (fds[1].revents != 0) wakeup.clear();
    ready.timed_out = n == 0 && deadline && Clock::now() >= *deadline;
    return ready;
}

Status LinkStream::wait_for(short events, Clock::time_point deadline) {
    while (true) {
        const auto ready = wait(transport_->fd(), events, wakeup_, deadline);
        if (wakeup_.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        if (ready.transport) return success();
        if (ready.timed_out) return Error{Error::Kind::timeout, "the server stays silent", ETIMEDOUT};
    }
}

Status LinkStream::read_exact(std::span<std::byte> into) {
    auto deadline = Clock::now() + silence_limit_;
    while (!into.empty()) {
        if (wakeup_.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        const auto io = transport_->read(into);
        switch (io.kind) {
        case Io::Kind::done:
            into = into.subspan(io.bytes);
            bytes_read_ += io.bytes;
            deadline = Clock::now() + silence_limit_;
            break;
        case Io::Kind::again:
            if (auto status = wait_for(transport_->events_to_read(), deadline); !status) return status;
            break;
        case Io::Kind::closed: return Error{Error::Kind::link, "the server closed the connection"};
        case Io::Kind::failed: return io_error("cannot read from the server", io.error);
        }
    }
    return success();
}

Status LinkStream::write_all(std::span<const std::byte> from) {
    const auto deadline = Clock::now() + silence_limit_;
    while (!from.empty()) {
        if (wakeup_.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
        const auto io = transport_->write(from);
        switch (io.kind) {
        case Io::Kind::done: from = from.subspan(io.bytes); break;
        case Io::Kind::again:
            if (auto status = wait_for(transport_->events_to_write(), deadline); !status) return status;
            break;
        case Io::Kind::closed: return Error{Error::Kind::link, "the server closed the connection"};
        case Io::Kind::failed: return io_error("cannot write to the server", io.error);
        }
    }
    return success();
}

}
