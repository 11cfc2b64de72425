// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scv-file.hh"

#include <cstring>
#include <fstream>
#include <iterator>

#include <lzma.h>

namespace canvas_vectors {
namespace {

using spice::Error;
using spice::Result;

constexpr std::size_t max_size = std::size_t{256} << 20;

Result<std::vector<std::byte>> decompress(const std::vector<char> &packed) {
    std::vector<std::byte> out(std::size_t{1} << 20);
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, max_size, 0) != LZMA_OK) return Error{Error::Kind::internal, "no decoder"};
    stream.next_in = reinterpret_cast<const uint8_t *>(packed.data());
    stream.avail_in = packed.size();
    lzma_ret code = LZMA_OK;
    while (code == LZMA_OK && out.size() <= max_size) {
        if (stream.total_out == out.size()) out.resize(out.size() * 2);
        stream.next_out = reinterpret_cast<uint8_t *>(out.data()) + stream.total_out;
        stream.avail_out = out.size() - static_cast<std::size_t>(stream.total_out);
        code = lzma_code(&stream, LZMA_FINISH);
    }
    out.resize(static_cast<std::size_t>(stream.total_out));
    lzma_end(&stream);
    if (code != LZMA_STREAM_END) return Error{Error::Kind::io, "damaged xz file"};
    return out;
}

// Little-endian fields, one after the other; `ok` falls at the first that is missing.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) : bytes_{bytes} {}
    bool ok() const { return ok_; }
    bool at_end() const { return bytes_.empty(); }
    std::span<const std::byte> take(std::size_t n) {
        if (n > bytes_.size()) ok_ = false;
        if (!ok_) return {};
        const auto part = bytes_.first(n);
        bytes_ = bytes_.subspan(n);
        return part;
    }
    uint32_t number(std::size_t size) {
        uint32_t v = 0;
        std::size_t shift = 0;
        for (const std::byte b : take(size)) {
            v |= std::to_integer<uint32_t>(b) << shift;
            shift += 8;
        }
        return v;
    }

private:
    std::span<const std::byte> bytes_;
    bool ok_ = true;
};

Checkpoint read_checkpoint(Cursor &in) {
    Checkpoint c;
    c.skip = in.number(1) != 0;
    c.mask = in.number(4);
    c.format = in.number(4);
    c.width = in.number(4);
    c.height = in.number(4);
    const auto name = in.take(in.number(2));
    c.name = {reinterpret_cast<const char *>(name.data()), name.size()};
    const std::size_t pixel = c.format == 16 || c.format == 80 ? 2 : 4;
    c.pixels = in.take(std::size_t{c.width} * c.height * pixel);
    return c;
}

}

spice::Result<ScvFile> read_scv(const std::string &path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return Error{Error::Kind::io, "cannot open"};
    const std::vector<char> packed{std::istreambuf_iterator<char>{file}, {}};
    auto bytes = decompress(packed);
    if (!bytes) return bytes.error();
    ScvFile scv;
    scv.bytes = *std::move(bytes);
    Cursor in{scv.bytes};
    const auto magic = in.take(4);
    if (!in.ok() || std::memcmp(magic.data(), "SCV1", 4) != 0) return Error{Error::Kind::io, "not an SCV file"};
    while (in.ok() && !in.at_end()) {
        if (in.number(1) == 0) {
            Message m;
            m.type = static_cast<uint16_t>(in.number(2));
            m.body = in.take(in.number(4));
            scv.records.emplace_back(m);
        } else {
            scv.records.emplace_back(read_checkpoint(in));
        }
    }
    if (!in.ok()) return Error{Error::Kind::io, "truncated file"};
    return scv;
}

}
