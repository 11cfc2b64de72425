// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/peer.hh"
#include "agent/transfer.hh"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace spice::agent {

// All files that are being sent to the guest. A few are open at a time, and only so much is read ahead of what the
// guest has taken: a slow guest costs time, not memory. Owned by Agent, bound to the main context.
class FileTransfers {
public:
    static constexpr std::size_t chunk_bytes = 32 * 2048; // of one message, without its head
    static constexpr unsigned max_ahead = 4;              // chunks read or queued, of all files together
    static constexpr unsigned max_offered = 64;           // files that the agent has been told of, and that are open

    FileTransfers(Peer &peer, GMainContext *context) : peer_{peer}, context_{context} {}
    ~FileTransfers();
    FileTransfers(const FileTransfers &) = delete;
    FileTransfers &operator=(const FileTransfers &) = delete;

    // Without an agent that takes files each ends inside the call.
    void start(std::vector<std::shared_ptr<Transfer>> transfers);
    void handle_status(const Incoming &incoming);
    bool left(uint64_t mark); // true: it was a piece of a file
    void reset(const char *why); // the agent is gone: every transfer fails

private:
    using Ptr = std::shared_ptr<Transfer>;
    using State = Transfer::State;
    struct Piece {
        std::weak_ptr<Transfer> transfer;
        std::size_t bytes;
    };
    void watch(const Ptr &transfer);
    void pump();
    Ptr next_to_read();
    void open(const Ptr &transfer);
    void offer(const Ptr &transfer, Result<uint64_t> size);
    void read(const Ptr &transfer);
    void post(const Ptr &transfer, Result<std::vector<std::byte>> buffer);
    void status(const Ptr &transfer, const wire::AgentFileXferStatus &status);
    void finish(const Ptr &transfer, const Error *error);
    Error error_of(const Transfer &transfer, const wire::AgentFileXferStatus &status) const;
    unsigned offered() const noexcept;

    Peer &peer_;
    GMainContext *context_;
    std::vector<Ptr> all_; // in the order of their start, none ended
    std::size_t turn_ = 0; // who reads next
    std::map<uint64_t, Piece> queued_; // by mark
    unsigned ahead_ = 0;
};

}
