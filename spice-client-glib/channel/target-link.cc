// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/target-link.hh"

#include "base/log.hh"
#include "base/process.hh"
#include "channel/outgoing.hh"
#include "link/stream.hh"
#include "link/ticket.hh"
#include "wire/messages-main.hh"
#include "wire/writer.hh"

#include <spice/protocol.h>

namespace spice::channel {

TargetLink::TargetLink(EngineSetup setup, std::optional<uint32_t> seamless_version, std::shared_ptr<Box> outbox)
    : setup_{std::move(setup)}, seamless_version_{seamless_version}, outbox_{std::move(outbox)},
      lookup_cancel_{Ref<GCancellable>::take(g_cancellable_new())} {}

bool TargetLink::start() {
    process::set_before_first_thread(link::initialise_crypto);
    return process::start_thread(
        "spice-target", 0, [self = shared_from_this()] { self->run(); },
        [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->cancel();
        },
        [self = shared_from_this()] { self->report(Error{Error::Kind::internal, "an internal error"}, false); });
}

void TargetLink::cancel() noexcept {
    wakeup_.cancel();
    g_cancellable_cancel(lookup_cancel_.get());
}

void TargetLink::run() {
    LinkProgress progress;
    auto linked = link_up(setup_, wakeup_, lookup_cancel_.get(), progress);
    bool seamless = false;
    if (linked && seamless_version_) {
        auto answer = negotiate(*linked);
        if (!answer) return report(std::move(answer.error()), false);
        seamless = *answer;
    }
    report(std::move(linked), seamless);
}

void TargetLink::report(Result<Linked> linked, bool seamless) {
    std::vector<TargetReport> batch;
    batch.push_back({{setup_.type, setup_.id}, std::move(linked), seamless});
    outbox_->push(batch);
}

// A target that says no, or does not know the question, takes the session over by showing everything anew.
Result<bool> TargetLink::negotiate(Linked &linked) {
    if (!linked.channel_caps.test(SPICE_MAIN_CAP_SEAMLESS_MIGRATE)) return false;
    const auto deadline = link::Clock::now() + link_silence_limit;
    if (auto status = send_question(linked, deadline); !status) return std::move(status.error());
    return read_answer(linked, deadline);
}

Status TargetLink::wait(const Linked &linked, short events, link::Clock::time_point deadline) {
    const auto ready = link::wait(linked.transport->fd(), events, wakeup_, deadline);
    if (wakeup_.cancelled()) return Error{Error::Kind::cancelled, "cancelled"};
    if (ready.timed_out) return Error{Error::Kind::timeout, "the target does not say how it takes over", ETIMEDOUT};
    return success();
}

Status TargetLink::send_question(Linked &linked, link::Clock::time_point deadline) {
    Outgoing outgoing;
    outgoing.use_mini_headers(linked.mini_header);
    outgoing.append(wire::MigrateDstDoSeamless::message_id, wire::serialize(wire::MigrateDstDoSeamless{*seamless_version_}));
    std::vector<uint64_t> marks;
    while (true) {
        if (auto status = outgoing.write(*linked.transport, marks); !status) return status;
        if (outgoing.empty()) return success();
        if (auto status = wait(linked, linked.transport->events_to_write(), deadline); !status) return status;
    }
}

Result<bool> TargetLink::read_answer(Linked &linked, link::Clock::time_point deadline) {
    constexpr std::size_t longest_answer = 4096;
    auto &framer = *linked.framer;
    framer.set_max_body(longest_answer);
    while (true) {
        auto message = framer.next();
        if (!message) return std::move(message.error());
        if (*message) {
            framer.set_max_body(link::Framer::max_body);
            const auto type = (*message)->type;
            if (type == wire::MigrateDstSeamlessAck::message_id) return true;
            if (type == wire::MigrateDstSeamlessNack::message_id) return false;
            return Error{Error::Kind::protocol, "the target answers with message " + std::to_string(type)};
        }
        const auto io = linked.transport->read(framer.space());
        switch (io.kind) {
        case link::Io::Kind::done:
            setup_.read_bytes->fetch_add(io.bytes, std::memory_order_relaxed);
            framer.filled(io.bytes);
            break;
        case link::Io::Kind::again:
            if (auto status = wait(linked, linked.transport->events_to_read(), deadline); !status) return std::move(status.error());
            break;
        case link::Io::Kind::closed: return Error{Error::Kind::link, "the target closed the connection"};
        case link::Io::Kind::failed: return link::io_error("cannot read from the target", io.error);
        }
    }
}

}
