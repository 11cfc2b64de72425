// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "stream-index.hh"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace spice::bench {
namespace {

// The value of a key in a JSON object that is one line: text without escapes, or a number.
std::string value_of(const std::string &line, const std::string &key) {
    const auto at = line.find('"' + key + "\":");
    if (at == std::string::npos) return {};
    auto begin = line.find_first_not_of(' ', at + key.size() + 3);
    if (begin == std::string::npos) return {};
    const char *stop = ",}";
    if (line[begin] == '"') {
        ++begin;
        stop = "\"";
    }
    const auto end = line.find_first_of(stop, begin);
    return line.substr(begin, end - begin);
}

}

std::vector<StreamEntry> read_stream_index(const std::string &dir) {
    std::ifstream in{dir + "/index.json"};
    std::vector<StreamEntry> all;
    for (std::string line; std::getline(in, line);) {
        StreamEntry entry{value_of(line, "codec"), value_of(line, "type_name"), value_of(line, "encoded"),
                          value_of(line, "output_sha256")};
        if (entry.file.empty()) continue;
        std::transform(entry.type.begin(), entry.type.end(), entry.type.begin(),
                       [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
        entry.width = static_cast<uint32_t>(std::strtoul(value_of(line, "width").c_str(), nullptr, 10));
        entry.height = static_cast<uint32_t>(std::strtoul(value_of(line, "height").c_str(), nullptr, 10));
        entry.reference_ms = std::strtod(value_of(line, "reference_ms").c_str(), nullptr);
        all.push_back(std::move(entry));
    }
    return all;
}

Bytes read_file(const std::string &path) {
    std::ifstream in{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto *begin = reinterpret_cast<const std::byte *>(text.data());
    return {begin, begin + text.size()};
}

}
