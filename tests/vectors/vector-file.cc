// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "vector-file.hh"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include <glib.h>
#include <zlib.h>

namespace spice::test {
namespace {

std::string path_of(const std::string &file) {
    const char *dir = std::getenv("TEST_DATA");
    return std::string{dir ? dir : "."} + "/vectors/" + file;
}

std::vector<std::string> split(const std::string &text) {
    std::vector<std::string> parts;
    std::istringstream in{text};
    for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
    return parts;
}

uint64_t number(const std::string &text, int base = 10) { return std::strtoull(text.c_str(), nullptr, base); }

void read_size(const std::string &text, uint32_t &width, uint32_t &height) {
    width = static_cast<uint32_t>(number(text));
    height = static_cast<uint32_t>(number(text.substr(text.find('x') + 1)));
}

void set_word(Vector &v, const std::string &key, const std::string &value) {
    const auto parts = split(value);
    if (key == "data") v.data = value;
    else if (key == "type") v.type = static_cast<uint32_t>(number(value));
    else if (key == "size") read_size(value, v.width, v.height);
    else if (key == "flags") v.flags = static_cast<uint32_t>(number(value));
    else if (key == "jpeg_size") v.jpeg_size = static_cast<uint32_t>(number(value));
    else if (key == "plain") v.plain = value == "1";
    else if (key == "window") v.window = number(value);
    else if (key == "reject_index") v.reject_index = number(value);
    else if (key == "output" && parts.size() == 3) v.outputs.push_back({parts[0], parts[1], parts[2]});
    else if (key == "palette")
        for (const auto &entry : parts) v.palette.push_back(static_cast<uint32_t>(number(entry, 16)));
    else if (key == "image" && parts.size() == 5) {
        VectorImage image{number(parts[0]), static_cast<unsigned>(number(parts[1])),
                          static_cast<unsigned>(number(parts[2])), 0, 0, number(parts[4])};
        read_size(parts[3], image.width, image.height);
        v.images.push_back(image);
    } else {
        g_error("%s: unknown word %s", v.name.c_str(), key.c_str());
    }
}

Vector read_vector(const std::string &codec, const std::string &line) {
    Vector v;
    v.codec = codec;
    std::istringstream in{line};
    std::string expect;
    in >> expect >> v.name;
    v.expect = expect == "ok" ? Expect::ok : expect == "reject" ? Expect::reject : Expect::bounded;
    for (std::string word; in >> word;) {
        const auto eq = word.find('=');
        g_assert_true(eq != std::string::npos);
        set_word(v, word.substr(0, eq), word.substr(eq + 1));
    }
    return v;
}

}

std::vector<Vector> read_vectors(const std::string &codec) {
    std::vector<Vector> vectors;
    std::ifstream in{path_of(codec + "/index.txt")};
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line[0] != '#') vectors.push_back(read_vector(codec, line));
    if (vectors.empty()) g_error("no vectors for %s", codec.c_str());
    return vectors;
}

Bytes read_data(const std::string &file) {
    std::ifstream in{path_of(file), std::ios::binary | std::ios::ate};
    if (!in) g_error("cannot read %s", file.c_str());
    Bytes bytes(static_cast<std::size_t>(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    g_assert_true(in || bytes.empty());
    return bytes;
}

Bytes read_pixels(const std::string &gz_file) {
    gzFile in = gzopen(path_of(gz_file).c_str(), "rb");
    if (!in) g_error("cannot read %s", gz_file.c_str());
    Bytes bytes;
    std::byte chunk[16384];
    int n = 0;
    while ((n = gzread(in, chunk, sizeof chunk)) > 0) bytes.insert(bytes.end(), chunk, chunk + n);
    g_assert_cmpint(n, ==, 0);
    gzclose(in);
    return bytes;
}

std::vector<Bytes> read_sequence(const std::string &file) {
    const auto all = read_data(file);
    std::vector<Bytes> records;
    for (std::size_t pos = 0; pos + 4 <= all.size();) {
        uint32_t size = 0;
        for (unsigned i = 0; i < 4; ++i) size |= static_cast<uint32_t>(all[pos + i]) << (8 * i);
        pos += 4;
        g_assert_cmpuint(size, <=, all.size() - pos);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(pos);
        records.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
        pos += size;
    }
    return records;
}

}
