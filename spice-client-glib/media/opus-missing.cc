// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/opus-codec.hh"

// Takes the place of opus-codec.cc in a build without libopus: sound goes as plain samples.
namespace spice::media {

bool have_opus() noexcept { return false; }
bool opus_frequency(uint32_t) noexcept { return false; }
std::unique_ptr<OpusReader> make_opus_reader(uint32_t, uint32_t) { return nullptr; }
std::unique_ptr<OpusWriter> make_opus_writer(uint32_t, uint32_t, uint32_t) { return nullptr; }

}
