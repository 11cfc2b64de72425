// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// A small benchmark runner: samples of thread CPU time, taken in turns over all cases, so that a change of the
// machine's clock meets all of them; the best sample counts.
namespace spice::bench {

struct Case {
    std::string group, name; // "quic rgb32", "ui 1920x1080"
    uint64_t pixels = 0;     // of one run
    std::function<bool()> run;
    double reference_ms = 0;         // of another decoder on the machine where memcpy and LZ4 took the times below
    std::function<bool()> bare = {}; // the same work by nothing but the library underneath
};

// The same memory traffic and the same library there and here tell how fast this machine is.
constexpr double reference_memcpy_ms = 0.267; // 1920x1080x4 bytes
constexpr double reference_lz4_ms = 0.37;     // liblz4 on the LZ4 desktop image

struct Options {
    std::string data_dir, more_dir, filter;
    int samples = 9;
    double sample_ms = 200;
};

struct Timed {
    double ms = 0; // best mean of one sample
    bool good = true;
};

std::vector<Case> codec_cases(const Options &options);
std::vector<Case> canvas_cases();
// Decodes the LZ4 desktop image with nothing but liblz4; empty when it was not built in.
std::function<bool()> lz4_calibration(const Options &options);

}
