// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "media/video-decoder.hh"

namespace spice::media {

// Motion JPEG on the worker pool: frames do not depend on each other, so that two may be decoded at once.
class JpegDecoder final : public VideoDecoder {
public:
    void decode(EncodedFrame frame, Done done) override;
};

}
