// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/monitors.hh"

#include <algorithm>
#include <tuple>

namespace spice::agent {

namespace {

constexpr uint32_t colour_depth = 32;

uint16_t millimetres(int value) noexcept { return static_cast<uint16_t>(std::clamp(value, 0, 0xffff)); }

uint64_t distance(const wire::AgentMonitor &m) noexcept {
    const auto square = [](int64_t v) { return static_cast<uint64_t>(v * v); };
    return square(m.x) + square(m.y);
}

// Side by side in a row, what is nearest to the corner first.
void align(std::vector<wire::AgentMonitor> &monitors) {
    std::vector<wire::AgentMonitor *> order;
    for (auto &monitor : monitors)
        if (monitor.width > 0 && monitor.height > 0) order.push_back(&monitor);
    std::stable_sort(order.begin(), order.end(), [](const auto *a, const auto *b) { return distance(*a) < distance(*b); });
    uint64_t x = 0;
    for (auto *monitor : order) {
        monitor->x = static_cast<int32_t>(std::min<uint64_t>(x, INT32_MAX));
        monitor->y = 0;
        x += monitor->width;
    }
}

}

bool Monitors::place(unsigned slot, int x, int y, int width, int height) {
    auto &s = slots_[slot];
    if (std::tie(s.x, s.y, s.width, s.height) == std::tie(x, y, width, height)) return false;
    std::tie(s.x, s.y, s.width, s.height) = std::tie(x, y, width, height);
    return true;
}

bool Monitors::measure(unsigned slot, int width_mm, int height_mm) {
    auto &s = slots_[slot];
    if (std::tie(s.width_mm, s.height_mm) == std::tie(width_mm, height_mm)) return false;
    std::tie(s.width_mm, s.height_mm) = std::tie(width_mm, height_mm);
    return true;
}

bool Monitors::enable(unsigned slot, bool enabled) {
    const auto state = enabled ? State::enabled : State::disabled;
    return std::exchange(slots_[slot].state, state) != state;
}

bool Monitors::any_size() const noexcept {
    return std::any_of(slots_.begin(), slots_.end(), [](const Slot &s) { return s.width > 0 && s.height > 0; });
}

bool Monitors::undecided(uint32_t displays) const noexcept {
    const auto count = static_cast<std::ptrdiff_t>(std::min<uint32_t>(displays, slots));
    return std::any_of(slots_.begin(), slots_.begin() + count,
                       [](const Slot &s) { return s.state == State::undecided; });
}

wire::AgentMonitorsConfig Monitors::config(const Preferences &wishes, bool sparse, bool sizes) const {
    wire::AgentMonitorsConfig config;
    bool sized = false;
    for (const auto &s : slots_) {
        const bool on = s.state == State::enabled;
        if (!on && !sparse) continue;
        wire::AgentMonitor monitor;
        wire::AgentMonitorSize size;
        if (on) {
            monitor = {static_cast<uint32_t>(s.height), static_cast<uint32_t>(s.width), colour_depth, s.x, s.y};
            size = {millimetres(s.height_mm), millimetres(s.width_mm)};
            sized = sized || (sizes && (size.height > 0 || size.width > 0));
        }
        config.monitors.push_back(monitor);
        config.sizes.push_back(size);
    }
    config.count = static_cast<uint32_t>(config.monitors.size());
    if (!wishes.disable_display_align) align(config.monitors);
    if (!wishes.disable_display_align || !wishes.disable_display_position)
        config.flags |= VD_AGENT_CONFIG_MONITORS_FLAG_USE_POS;
    if (sized) config.flags |= VD_AGENT_CONFIG_MONITORS_FLAG_PHYSICAL_SIZE;
    else config.sizes.clear();
    return config;
}

}
