// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "bench.hh"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <string_view>

// bench [--quick] [--filter TEXT] [DIRECTORY]: all codecs and canvas operations, one line each. DIRECTORY has more
// encoded streams and an index.json like that of tests/data/bench.
namespace spice::bench {
namespace {

double thread_ms() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

void sample(const std::function<bool()> &run, double at_least_ms, Timed &best) {
    const double start = thread_ms();
    double now = start;
    long runs = 0;
    for (long step = 1; now - start < at_least_ms; step += step) {
        for (long i = 0; i < step; ++i)
            best.good = run() && best.good;
        runs += step;
        now = thread_ms();
        const double rest = at_least_ms - (now - start), each = (now - start) / static_cast<double>(runs);
        if (each > 0 && rest > 0 && rest / each < static_cast<double>(step)) step = static_cast<long>(rest / each / 2);
    }
    const double ms = (now - start) / static_cast<double>(runs);
    if (best.ms == 0 || ms < best.ms) best.ms = ms;
}

std::function<bool()> memcpy_calibration() {
    constexpr std::size_t size = 1920 * 1080 * 4;
    return [from = std::vector<char>(size, 1), to = std::vector<char>(size)]() mutable {
        std::memcpy(to.data(), from.data(), size);
        __asm__ volatile("" : : "r"(to.data()) : "memory");
        return true;
    };
}

struct Line {
    Case c;
    Timed ours, bare;
};

void print(const std::vector<Line> &lines, double slowness) {
    std::printf("%-16s %-28s %10s %9s %9s %7s %7s\n", "what", "image or operation", "ms", "MB/s", "Mpixel/s", "x ref",
                "x bare");
    std::map<std::string, std::vector<double>> ratios;
    for (const auto &[c, ours, bare] : lines) {
        if (!ours.good) {
            std::printf("%-16s %-28s wrong result\n", c.group.c_str(), c.name.c_str());
            continue;
        }
        const double rate = static_cast<double>(c.pixels) / ours.ms / 1e3;
        std::printf("%-16s %-28s %10.4f %9.0f %9.0f", c.group.c_str(), c.name.c_str(), ours.ms, rate * 4, rate);
        if (c.reference_ms > 0) {
            const double ratio = c.reference_ms * slowness / ours.ms;
            ratios[c.group].push_back(ratio);
            std::printf(" %7.2f", ratio);
        } else {
            std::printf(" %7s", "");
        }
        if (bare.ms > 0) std::printf(" %7.2f", bare.ms / ours.ms);
        std::printf("\n");
    }
    for (const auto &[group, all] : ratios) {
        double product = 1;
        for (const double r : all)
            product *= r;
        std::printf("geometric mean   %-28s %45.2f\n", group.c_str(),
                    std::pow(product, 1.0 / static_cast<double>(all.size())));
    }
}

int run(const Options &options) {
    std::vector<Line> lines;
    for (auto *make :
         {+[](const Options &o) { return codec_cases(o); }, +[](const Options &) { return canvas_cases(); }})
        for (auto &c : make(options))
            if ((c.group + ' ' + c.name).find(options.filter) != std::string::npos)
                lines.push_back({std::move(c), {}, {}});
    const auto copy = memcpy_calibration(), lz4 = lz4_calibration(options);
    Timed copy_time, lz4_time;
    for (int i = 0; i < options.samples; ++i) {
        sample(copy, options.sample_ms, copy_time);
        if (lz4) sample(lz4, options.sample_ms, lz4_time);
        for (auto &line : lines) {
            sample(line.c.run, options.sample_ms, line.ours);
            if (line.c.bare) sample(line.c.bare, options.sample_ms, line.bare);
        }
    }
    double slowness = copy_time.ms / reference_memcpy_ms;
    if (lz4) slowness = std::sqrt(slowness * lz4_time.ms / reference_lz4_ms);
    print(lines, slowness);
    std::printf("calibration: memcpy of 8.3 MB %.3f ms, bare LZ4 %.3f ms: this machine takes %.2f times as long\n",
                copy_time.ms, lz4_time.ms, slowness);
    for (const auto &line : lines)
        if (!line.ours.good || (line.c.bare && !line.bare.good)) return 1;
    return lines.empty() ? 1 : 0;
}

}
}

int main(int argc, char **argv) {
    spice::bench::Options options;
    const char *data = std::getenv("TEST_DATA");
    options.data_dir = data ? data : "tests/data";
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--quick") {
            options.samples = 3;
            options.sample_ms = 20;
        } else if (word == "--filter" && i + 1 < argc) {
            options.filter = argv[++i];
        } else if (word.starts_with("-")) {
            std::fprintf(stderr, "usage: bench [--quick] [--filter TEXT] [DIRECTORY]\n");
            return 2;
        } else {
            options.more_dir = word;
        }
    }
    return spice::bench::run(options);
}
