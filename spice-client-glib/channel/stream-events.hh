// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "display/image-slot.hh"
#include "wire/messages-types.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

namespace spice::media {
class GstDecoder;
}

namespace spice::channel {

class StreamFeed;

// One frame on its way from the engine through the decoder to the surface. Its pixels, once there, fill `dest`, or are
// to be scaled to it if they are too many for that.
struct StreamFrame {
    StreamFrame(uint32_t time, const wire::Rect &destination) : mm_time{time}, dest{destination} {}
    const uint32_t mm_time;
    const wire::Rect dest;
    display::ImageSlot slot;

    // Of the stream's feed, guarded by its lock.
    enum class Stage : uint8_t { waiting, decoding, decoded, over };
    Stage stage = Stage::waiting;
    bool unwanted = false; // decoded for the sake of later ones
    std::size_t picture_bytes = 0;
};

// News of video streams for the model, in wire order with the drawings.
struct StreamOpened {
    uint32_t id = 0, surface_id = 0;
    bool top_down = false;
    bool ordered = false;   // its frames depend on earlier ones
    bool immediate = false; // shown as soon as possible unless sound is played
    wire::Clip clip;
    std::shared_ptr<StreamFeed> feed;
    std::shared_ptr<media::GstDecoder> question; // the application may take over its pipeline
};
struct StreamFrameReceived {
    uint32_t id = 0;
    std::shared_ptr<StreamFrame> frame;
};
struct StreamClipped {
    uint32_t id = 0;
    wire::Clip clip;
};
struct StreamClosed {
    uint32_t id = 0;
};
struct AllStreamsClosed {};

using StreamEvent = std::variant<StreamOpened, StreamFrameReceived, StreamClipped, StreamClosed, AllStreamsClosed>;

}
