// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// The guest's WebDAV stream. First byte: how it is cut; the frames must come out the same as from the stream in one piece,
// and written again they must be the stream.
#include "wire/webdav-demux.hh"

#include <algorithm>
#include <cstdlib>

using namespace spice::wire;

namespace {

struct Frames final : WebdavDemux::Sink {
    struct Frame {
        int64_t id;
        std::size_t size;
        std::vector<std::byte> bytes;
        bool operator==(const Frame &) const = default;
    };
    std::vector<Frame> list;
    void frame_begins(int64_t id, std::size_t size) override {
        if (!list.empty() && list.back().bytes.size() != list.back().size) abort();
        list.push_back({id, size, {}});
    }
    void frame_bytes(std::span<const std::byte> piece) override {
        if (piece.empty() || list.empty()) abort();
        auto &frame = list.back();
        frame.bytes.insert(frame.bytes.end(), piece.begin(), piece.end());
        if (frame.bytes.size() > frame.size) abort();
    }
};

}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    if (size < 1) return 0;
    const std::size_t step = 1u + data[0];
    const auto stream = std::as_bytes(std::span{data, size}).subspan(1);
    Frames whole, pieces;
    WebdavDemux one, other;
    one.feed(stream, whole);
    for (auto left = stream; !left.empty();) {
        const auto piece = left.first(std::min(step, left.size()));
        left = left.subspan(piece.size());
        other.feed(piece, pieces);
    }
    if (whole.list != pieces.list) abort();
    std::vector<std::byte> again;
    for (const auto &frame : whole.list) {
        if (frame.bytes.size() != frame.size) break; // cut off at the end
        const auto bytes = webdav_frame(frame.id, frame.bytes);
        again.insert(again.end(), bytes.begin(), bytes.end());
    }
    if (again.size() > stream.size() || !std::equal(again.begin(), again.end(), stream.begin())) abort();
    return 0;
}
