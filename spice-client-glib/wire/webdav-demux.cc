// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/webdav-demux.hh"

#include <algorithm>

namespace spice::wire {

namespace {

uint64_t little_endian(std::span<const std::byte> bytes) {
    uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | std::to_integer<uint64_t>(bytes[i]);
    return value;
}

}

void WebdavDemux::feed(std::span<const std::byte> stream, Sink &sink) {
    while (!stream.empty()) {
        if (left_ > 0) {
            const auto piece = stream.first(std::min(left_, stream.size()));
            left_ -= piece.size();
            stream = stream.subspan(piece.size());
            sink.frame_bytes(piece);
            continue;
        }
        const auto part = stream.first(std::min(header_bytes - have_, stream.size()));
        std::copy(part.begin(), part.end(), header_.begin() + static_cast<std::ptrdiff_t>(have_));
        have_ += part.size();
        stream = stream.subspan(part.size());
        if (have_ < header_bytes) return;
        have_ = 0;
        const std::span<const std::byte> header{header_};
        left_ = static_cast<std::size_t>(little_endian(header.subspan(8)));
        sink.frame_begins(static_cast<int64_t>(little_endian(header.first(8))), left_);
    }
}

std::vector<std::byte> webdav_frame(int64_t id, std::span<const std::byte> payload) {
    std::vector<std::byte> frame;
    frame.reserve(WebdavDemux::header_bytes + payload.size());
    for (unsigned shift = 0; shift < 64; shift += 8) frame.push_back(static_cast<std::byte>(static_cast<uint64_t>(id) >> shift));
    for (unsigned shift = 0; shift < 16; shift += 8) frame.push_back(static_cast<std::byte>(payload.size() >> shift));
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

}
