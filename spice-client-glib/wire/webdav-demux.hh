// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spice::wire {

// Takes the guest's WebDAV stream apart (spec/channels.md §9): many connections in one stream of bytes, in frames of an id
// (8 bytes), a size (2 bytes) and that many bytes, all little-endian. Every sequence of bytes means something, so there
// are no errors; what is not a whole frame yet is kept, ten bytes at most. No locks.
class WebdavDemux {
public:
    static constexpr std::size_t header_bytes = 10, max_payload = 65535;

    struct Sink {
        virtual void frame_begins(int64_t id, std::size_t size) = 0; // size 0: that is the whole frame
        virtual void frame_bytes(std::span<const std::byte> piece) = 0; // of the frame that began last; never empty

    protected:
        ~Sink() = default;
    };

    void feed(std::span<const std::byte> stream, Sink &sink);
    void reset() noexcept { have_ = left_ = 0; }

private:
    std::array<std::byte, header_bytes> header_{};
    std::size_t have_ = 0; // bytes of the header
    std::size_t left_ = 0; // bytes of the frame to come
};

// A frame of ours; the payload is at most WebdavDemux::max_payload bytes. An empty one closes the connection.
std::vector<std::byte> webdav_frame(int64_t id, std::span<const std::byte> payload);

}
