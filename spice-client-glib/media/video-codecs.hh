// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "media/video-decoder.hh"

#include <string_view>

namespace spice::media {

// What GStreamer calls the frames of a codec, one frame a buffer.
const char *caps_of(VideoCodec codec) noexcept;

// Whether a decoder is installed. Motion JPEG needs none. Where GStreamer runs already its registry answers; starting it
// for this question would cost more than half of a connect, so otherwise the files of the usual plugins do. A wrong
// "yes" comes out when a stream begins, and the server hears of it then. Thread-safe, for any thread that may look at
// files.
bool can_decode(VideoCodec codec);

// The answer from files, below the folders that GStreamer would look into. For tests.
bool plugin_files_decode(VideoCodec codec, std::string_view folders);

}
