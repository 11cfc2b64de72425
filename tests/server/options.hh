// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spice::testserver {

// The command line of spice-test-server; `--help` explains each.
struct Options {
    std::optional<int> port; // 0: any free one; none: no TCP listener
    int tls_port = -1;       // -1: no TLS
    std::string address = "127.0.0.1", unix_path, agent_path, x509_dir, password, control_path, script, codecs, name = "spice-client demo";
    std::vector<std::string> ports; // names
    SpiceImageCompression compression = SPICE_IMAGE_COMPRESSION_AUTO_GLZ;
    int streaming = SPICE_STREAM_VIDEO_FILTER;
    int width = 1024, height = 768, heads = 1, displays = 1, fps = 12;
    uint32_t seed = 1;
    bool still = false, sound = false, quit_on_eof = false, jpeg = false, zlib_glz = false, tablet = true, sasl = false;
    bool agent_monitors = false;
};

// None: the message is on stderr. May exit for --help.
std::optional<Options> parse_options(int argc, char **argv);

std::optional<SpiceImageCompression> compression_by_name(std::string_view name);
std::optional<int> streaming_by_name(std::string_view name);
std::optional<int> number(std::string_view text, int base = 10); // the whole text, or nothing
std::vector<std::string_view> words(std::string_view line);

}
