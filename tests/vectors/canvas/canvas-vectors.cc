// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "canvas-player.hh"
#include "scv-file.hh"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <string_view>

// Plays recorded sessions and compares the primary surface at each checkpoint; one TAP line per checkpoint. Each file
// is played twice: drawings whole, and in bands of a few rows.
using namespace canvas_vectors;
using spice::display::Surface;

namespace {

unsigned tests = 0, failures = 0;

void report(bool ok, const std::string &name, const std::string &why) {
    std::printf("%sok %u - %s\n", ok ? "" : "not ", ++tests, name.c_str());
    if (!ok) {
        ++failures;
        std::printf("# %s\n", why.c_str());
    }
}

std::string format(const char *text, unsigned a, unsigned b, unsigned c = 0, unsigned d = 0) {
    char buffer[160];
    std::snprintf(buffer, sizeof buffer, text, a, b, c, d);
    return buffer;
}

// Empty: equal.
std::string compare(const Checkpoint &c, const Surface *surface) {
    if (!surface) return "no primary surface";
    if (surface->width != c.width || surface->height != c.height)
        return format("the surface has %u × %u pixels", surface->width, surface->height);
    const std::size_t bytes = c.format == 16 || c.format == 80 ? 2 : 4;
    unsigned wrong = 0;
    std::string first;
    for (uint32_t y = 0; y < c.height; ++y) {
        for (uint32_t x = 0; x < c.width; ++x) {
            uint32_t got = 0, want = 0;
            std::memcpy(&got, surface->data() + y * surface->stride + x * bytes, bytes);
            std::memcpy(&want, c.pixels.data() + (std::size_t{y} * c.width + x) * bytes, bytes);
            if (((got ^ want) & c.mask) == 0) continue;
            if (wrong++ == 0) first = format("first at (%u, %u): %08x instead of %08x", x, y, got, want);
        }
    }
    return wrong == 0 ? "" : std::to_string(wrong) + " pixels differ, " + first;
}

// 0.42 is off by one row of A8 glyphs and takes the later one of A4 glyphs that overlap. What is specified has a test of
// its own, text-rows of canvas-draw. The other checkpoints that are marked as doubtful are compared like any.
bool deviates(const Checkpoint &checkpoint) {
    constexpr std::string_view names[] = {"text a8 bottom-up", "text a8 off-by-one rows 1..", "text 2 glyph max"};
    return checkpoint.skip && std::find(std::begin(names), std::end(names), checkpoint.name) != std::end(names);
}

void play(const std::filesystem::path &path, int32_t slice_rows) {
    const std::string prefix = path.stem().stem().string() + (slice_rows == 0 ? " whole: " : " sliced: ");
    const auto file = read_scv(path.string());
    if (!file) return report(false, prefix + "read", file.error().what);
    Player player{slice_rows};
    for (const auto &record : file->records) {
        if (const auto *message = std::get_if<Message>(&record)) {
            player.play(message->type, message->body);
            continue;
        }
        const auto &checkpoint = std::get<Checkpoint>(record);
        const std::string name = prefix + std::string{checkpoint.name};
        std::string why = compare(checkpoint, player.primary());
        const auto faults = player.take_faults();
        const bool same = why.empty();
        if (deviates(checkpoint)) why = same ? "is as recorded, which is not as specified" : "";
        for (const auto &f : faults)
            why += (why.empty() ? "" : "; ") + f;
        report(why.empty(), name, why);
    }
}

}

int main() {
    const char *data = std::getenv("TEST_DATA");
    if (!data) return std::fputs("TEST_DATA is not set\n", stderr), 1;
    std::error_code error;
    std::vector<std::filesystem::path> files;
    const auto folder = std::filesystem::path{data} / "vectors/display";
    for (const auto &entry : std::filesystem::directory_iterator{folder, error})
        if (entry.path().extension() == ".xz") files.push_back(entry.path());
    if (error || files.empty()) return std::puts("Bail out! no recordings"), 1;
    std::sort(files.begin(), files.end());
    for (const auto &file : files)
        for (const int32_t slice_rows : {0, 3})
            play(file, slice_rows);
    std::printf("1..%u\n", tests);
    return failures == 0 ? 0 : 1;
}
