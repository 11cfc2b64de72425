// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// Stands in for libFuzzer's main where there is none: runs the target once on each file of the arguments, which are
// files or folders.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size);

namespace {

bool replay(const std::filesystem::path &path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", path.c_str());
        return false;
    }
    const std::vector<char> contents{std::istreambuf_iterator<char>{file}, {}};
    const std::vector<uint8_t> input{contents.begin(), contents.end()}; // exact on the heap, for the sanitizers
    LLVMFuzzerTestOneInput(input.data(), input.size());
    return true;
}

}

int main(int argc, char **argv) {
    std::size_t files = 0;
    for (int i = 1; i < argc; ++i) {
        std::error_code error;
        if (!std::filesystem::is_directory(argv[i], error)) {
            if (!replay(argv[i])) return 1;
            ++files;
            continue;
        }
        for (const auto &entry : std::filesystem::recursive_directory_iterator{argv[i], error}) {
            if (!entry.is_regular_file(error)) continue;
            if (!replay(entry.path())) return 1;
            ++files;
        }
    }
    std::printf("%zu inputs\n", files);
    return files == 0; // an empty corpus proves nothing
}
