// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "desktop.hh"

#include "paint.hh"
#include "scenery.hh"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace spice::testserver {
namespace {

constexpr int panel_height = 30, title_height = 28, border = 1, row_height = 19, pitch = 8, margin = 10;
constexpr double corner = 9;
constexpr Color ink = 0x23283a, paper = 0xf4f5f8, accent = 0x3d7bd9, terminal_paper = 0x1b2030, terminal_ink = 0xd7deec;
constexpr std::array<Color, 4> graph_colors{0x3d7bd9, 0x35a57c, 0xe08a3c, 0xc2527f};

std::string prompt() { return "guest$ "; }

Rect body_of(const Rect &window) {
    return {window.x + border, window.y + title_height, window.w - 2 * border, window.h - title_height - border};
}

double load(int series, int t, uint32_t seed) { // 0 … 1
    const double slow = noise(t * 0.021 + series * 17, 3.5, seed), fast = noise(t * 0.13 + series * 31, 8.5, seed + 1);
    return std::clamp(0.12 + 0.2 * series / 3 + 0.5 * slow * slow + 0.22 * fast, 0.03, 0.97);
}

}

Desktop::Desktop(QxlDevice &device, int heads, uint32_t seed, std::string title)
    : device_{device}, heads_{std::max(heads, 1)}, seed_{seed}, title_{std::move(title)} {
    rows_ = {"Welcome. This desktop is painted by spice-test-server:",
             "a graphics card, a keyboard, a mouse and no guest.",
             "Type something, move the pointer, resize the window.",
             "",
             prompt() + "uname",
             "Synthetic",
             prompt()};
}

Desktop::Layout Desktop::lay_out(const Rect &head) const {
    Layout l;
    l.panel = {head.x, head.y, head.w, panel_height};
    l.windows = head.w >= 620 && head.h >= 440;
    const int left = head.x + head.w * 4 / 100, top = head.y + panel_height + head.h * 5 / 100;
    const int right = head.x + head.w * 96 / 100, bottom = head.y + head.h - head.h * 16 / 100;
    const int gap = std::max(14, head.w / 48);
    const int split_x = left + (right - left) * 57 / 100, split_y = top + (bottom - top) * 55 / 100;
    l.terminal = {left, top, split_x - left, split_y - top};
    l.photo = {split_x + gap, top, right - split_x - gap, split_y - top - gap};
    l.activity = {left, split_y + gap, split_x - left - gap * 2, bottom - split_y - gap};
    l.input = {split_x - gap, split_y, right - split_x + gap, std::min(bottom - split_y, 194)};
    const int icons = 5 * 58 + 14;
    l.dock = {head.x + (head.w - icons) / 2, head.y + head.h - 74, icons, 64};
    return l;
}

void Desktop::compose_window(Picture &dst, const Rect &area, const std::string &title, Color body) const {
    shadow(dst, area.moved(0, 6), corner, 22, 0.42);
    rounded(dst, area.inset(-1), corner + 1, 0x10131f, 0.35);
    rounded(dst, area, corner, body);
    Picture bar = dst.cut(intersect({area.x, area.y, area.w, title_height}, dst.bounds()));
    rounded_gradient(bar, {0, 0, area.w, title_height + 30}, corner, 0xfbfbfd, 0xc9cedb);
    bar.fill({0, title_height - 1, area.w, 1}, 0xb9bfce);
    constexpr std::array<Color, 3> buttons{0xe8695f, 0xeebb4a, 0x63bf5a};
    for (std::size_t i = 0; i < buttons.size(); ++i)
        disc(bar, 17 + 19.0 * double(i), title_height / 2.0, 5.6, buttons[i]);
    const TextStyle style{9, ink, true, 0, 0.85};
    text(bar, (area.w - text_width(title, style)) / 2, title_height / 2.0 + 4.5, title, style);
    dst.put(area.x, area.y, bar);
}

void Desktop::compose_dock(Picture &dst, const Rect &area) const {
    rounded(dst, area, 15, 0xffffff, 0.24);
    constexpr std::array<std::pair<Color, Color>, 5> faces{
        {{0x5aa2f2, 0x2f62c4}, {0x64cf98, 0x2b8a64}, {0xf5b657, 0xd9772b}, {0xe77fa8, 0xb23f72}, {0x9a8cf0, 0x5b48bd}}};
    for (std::size_t i = 0; i < faces.size(); ++i) {
        const Rect icon{area.x + 12 + static_cast<int>(i) * 58, area.y + 8, 48, 48};
        rounded_gradient(dst, icon, 12, faces[i].first, faces[i].second);
        const double x = icon.x + 24, y = icon.y + 24;
        const Color w = 0xffffff;
        if (i == 0)
            line(dst, x - 11, y - 7, x - 3, y, 1.8, w), line(dst, x - 3, y, x - 11, y + 7, 1.8, w),
                line(dst, x + 1, y + 8, x + 11, y + 8, 1.8, w);
        if (i == 1)
            line(dst, x - 12, y + 9, x - 4, y - 6, 1.8, w), line(dst, x - 4, y - 6, x + 3, y + 4, 1.8, w),
                line(dst, x + 3, y + 4, x + 12, y - 9, 1.8, w);
        if (i == 2) disc(dst, x, y, 10, w), disc(dst, x, y, 4.5, 0xe08f38);
        if (i == 3) rounded(dst, {icon.x + 11, icon.y + 15, 26, 19}, 4, w), disc(dst, x, y, 5, 0xc75a88);
        if (i == 4)
            for (int k = 0; k < 3; ++k)
                line(dst, x - 10, y - 8 + 8.0 * k, x + 10, y - 8 + 8.0 * k, 1.8, w);
    }
}

void Desktop::compose_input(Picture &dst, const Rect &area) const {
    const TextStyle label{9, 0x6a7288}, value{9, ink, true};
    const int x = area.x + 18, column = area.x + 110, y = area.y + 28;
    const bool seen = input_.x >= 0;
    text(dst, x, y, "Pointer", label);
    text(dst, column, y, seen ? std::to_string(input_.x) + ", " + std::to_string(input_.y) : "not seen yet", value);
    text(dst, x, y + 24, "Mode", label);
    text(dst, column, y + 24, input_.absolute ? "absolute (client)" : "relative (server)", value);
    text(dst, x, y + 48, "Wheel", label);
    text(dst, column, y + 48, std::to_string(input_.wheel), value);
    text(dst, x, y + 72, "Keys", label);
    text(dst, column, y + 72, input_.last_keys.empty() ? "press some" : input_.last_keys, value);
    const Rect pad{area.right() - 150, area.y + 16, 132, 99}; // the screen in small, with the pointer on it
    if (area.w > 330) {
        rounded_gradient(dst, pad, 8, 0xe6eaf2, 0xd3d9e6);
        if (seen && device_.width() > 0 && device_.height() > 0)
            disc(dst, pad.x + 6 + (pad.w - 12.0) * input_.x / device_.width(),
                 pad.y + 6 + (pad.h - 12.0) * input_.y / device_.height(), 4.5, input_.buttons ? 0xd9534f : accent);
    }
    constexpr std::array<std::pair<const char *, uint32_t>, 5> names{
        {{"L", 1}, {"M", 2}, {"R", 4}, {"S", 32}, {"E", 64}}};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Rect box{x + static_cast<int>(i) * 40, y + 88, 32, 24};
        const bool down = input_.buttons & names[i].second;
        rounded(dst, box, 6, down ? accent : 0xdfe3ec);
        text(dst, box.x + 12, box.y + 16.5, names[i].first, {9, down ? 0xffffffu : 0x6a7288u, true});
    }
}

void Desktop::compose_activity(Picture &dst, const Rect &area) const {
    const TextStyle style{8, 0x6a7288};
    double x = area.x + 16;
    constexpr std::array<const char *, 4> names{"disk", "network", "memory", "processor"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        disc(dst, x, area.y + 16, 4, graph_colors[i]);
        text(dst, x + 10, area.y + 20, names[i], style);
        x += 10 + text_width(names[i], style) + 14;
    }
}

Picture Desktop::compose_head(const Rect &head, int index) const {
    Picture p = landscape(head.w, head.h, seed_ + static_cast<uint32_t>(index));
    const auto l = lay_out({0, 0, head.w, head.h});
    rounded(p, l.panel, 0, 0x10131f, 0.55);
    text(p, 14, 20, index ? title_ + ", display " + std::to_string(index + 1) : title_, {9.5, 0xf2f4fa, true});
    if (index) {
        const TextStyle big{110, 0xffffff, false, 0, 0.85};
        const auto number = std::to_string(index + 1);
        text(p, (head.w - text_width(number, big)) / 2, head.h / 2.0 + 40, number, big);
    }
    if (index || !l.windows) return p;
    compose_window(p, l.activity, "Activity", paper);
    compose_activity(p, body_of(l.activity));
    compose_window(p, l.photo, "Still life.png", 0x000000);
    const auto frame = body_of(l.photo);
    p.put(frame.x, frame.y, still_life(frame.w, frame.h));
    compose_window(p, l.terminal, "Terminal", terminal_paper);
    compose_window(p, l.input, "Input devices", paper);
    compose_dock(p, l.dock);
    return p;
}

void Desktop::paint() {
    const int width = device_.width() / heads_, height = device_.height();
    layout_ = lay_out({0, 0, width, height});
    for (int i = 0; i < heads_; ++i) {
        const auto head = compose_head({0, 0, width, height}, i);
        if (i == 0) panel_ = head.cut(intersect(layout_.panel, head.bounds()));
        device_.put(i * width, 0, head);
    }
    show_time(time_);
    if (!layout_.windows) return;
    while (static_cast<int>(rows_.size()) > terminal_rows())
        rows_.pop_front();
    device_.fill(terminal_area(), terminal_paper);
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row)
        repaint_row(row);
    device_.fill(graph_area(), paper);
    for (int i = 0; i < graph_area().w / 2; ++i)
        step_graph();
    show_input(input_);
    device_.put(video_area().x, video_area().y, plasma(video_area().w, video_area().h, frame_));
}

void Desktop::resize(int width, int height) {
    device_.resize(width * heads_, height);
    std::vector<Rect> monitors;
    for (int i = 0; i < heads_; ++i)
        monitors.push_back({i * width, 0, width, height});
    paint();
    device_.set_monitors(monitors);
}

Rect Desktop::graph_area() const {
    const auto body = body_of(layout_.activity);
    return {body.x + 14, body.y + 34, body.w - 28 - body.w * 2 / 5, body.h - 48};
}

Rect Desktop::video_area() const {
    const auto body = body_of(layout_.activity);
    const int width = body.w * 2 / 5 - 14;
    return {body.right() - 14 - width, body.y + 34, width, body.h - 48};
}

Rect Desktop::clock_area() const {
    return intersect({layout_.panel.right() - 110, 0, 110, panel_height}, layout_.panel);
}

Rect Desktop::terminal_area() const {
    const auto body = body_of(layout_.terminal);
    return {body.x + margin, body.y + margin / 2, terminal_columns() * pitch, terminal_rows() * row_height};
}

int Desktop::terminal_rows() const { return std::max(1, (body_of(layout_.terminal).h - margin) / row_height); }
int Desktop::terminal_columns() const { return std::max(8, (body_of(layout_.terminal).w - 2 * margin) / pitch); }

Picture Desktop::terminal_row(int row) const {
    Picture p(terminal_columns() * pitch, row_height, terminal_paper);
    const auto &content = rows_[static_cast<std::size_t>(row)];
    const bool input = content.compare(0, prompt().size(), prompt()) == 0;
    const TextStyle style{9.5, terminal_ink, false, pitch}, lead{9.5, 0x7fd08f, true, pitch};
    if (input) text(p, 0, 14, prompt(), lead);
    text(p, input ? double(prompt().size()) * pitch : 0, 14, input ? content.substr(prompt().size()) : content, style);
    if (row + 1 == static_cast<int>(rows_.size()))
        p.fill({static_cast<int>(content.size()) * pitch + 1, 3, pitch - 2, row_height - 5}, 0x8fb6ff);
    return p;
}

void Desktop::repaint_row(int row) {
    const auto area = terminal_area();
    device_.put(area.x, area.y + row * row_height, terminal_row(row));
}

void Desktop::scroll_terminal() {
    const auto area = terminal_area();
    const Rect kept{area.x, area.y, area.w, area.h - row_height};
    rows_.pop_front();
    device_.move(kept, area.x, area.y + row_height);
    device_.fill({area.x, kept.bottom(), area.w, row_height}, terminal_paper);
}

void Desktop::type(const std::string &typed) {
    if (!layout_.windows) return;
    for (const char c : typed) {
        const bool wrap = static_cast<int>(rows_.back().size()) >= terminal_columns() - 1;
        if (c == '\b') {
            if (rows_.back().size() > prompt().size()) rows_.back().pop_back();
        } else if (c != '\n') {
            if (!wrap) rows_.back() += c;
        } else {
            rows_.push_back(prompt());
            if (static_cast<int>(rows_.size()) > terminal_rows()) scroll_terminal();
            if (rows_.size() >= 2) repaint_row(static_cast<int>(rows_.size()) - 2); // its text cursor goes
        }
        repaint_row(static_cast<int>(rows_.size()) - 1);
    }
}

Picture Desktop::clock_picture() const {
    const auto area = clock_area();
    Picture p = panel_.cut(area);
    const TextStyle style{9.5, 0xf2f4fa, true, 9};
    text(p, area.w - text_width(time_, style) - 14, 20, time_, style);
    return p;
}

void Desktop::show_time(const std::string &time) {
    time_ = time;
    const auto area = intersect(clock_area(), panel_.bounds());
    if (!area.empty()) device_.put(area.x, area.y, clock_picture());
}

void Desktop::show_input(const InputState &state) {
    input_ = state;
    if (!layout_.windows) return;
    const auto area = body_of(layout_.input).inset(2);
    Picture p(area.w, area.h, paper);
    compose_input(p, p.bounds());
    const Rect kept{0, 0, area.w, area.h - 8}; // the window's round corners stay
    device_.put(area.x, area.y, p.cut(kept));
}

void Desktop::step_graph() {
    const auto area = graph_area();
    device_.move({area.x, area.y, area.w - 2, area.h}, area.x + 2, area.y);
    Picture column(2, area.h, paper);
    for (int y = 0; y < area.h; y += std::max(area.h / 4, 1))
        column.fill({0, y, 2, 1}, 0xdde1ea);
    for (int series = 3; series >= 0; --series) {
        const auto height_at = [&](int t) { return static_cast<int>((1 - load(series, t, seed_)) * (area.h - 1)); };
        const int top = height_at(frame_), before = height_at(frame_ - 1), crest = std::max(top, before) + 2;
        for (int y = std::min(top, before); y < area.h; ++y)
            for (int x = 0; x < 2; ++x)
                column.blend(x, y, graph_colors[static_cast<std::size_t>(series)], y < crest ? 0.95 : 0.16);
    }
    device_.put(area.right() - 2, area.y, column);
    ++frame_;
}

void Desktop::step() {
    if (!layout_.windows) {
        ++frame_;
        return;
    }
    step_graph();
    device_.put(video_area().x, video_area().y, plasma(video_area().w, video_area().h, frame_));
}

const char *Desktop::cursor_at(int x, int y) const {
    if (!layout_.windows) return "arrow";
    if (layout_.dock.contains(x, y)) return "hand";
    if (layout_.input.contains(x, y)) return y < layout_.input.y + title_height ? "move" : "arrow";
    if (terminal_area().contains(x, y)) return "text";
    if (layout_.photo.contains(x, y)) return y < layout_.photo.y + title_height ? "move" : "cross";
    if (layout_.activity.contains(x, y)) return y < layout_.activity.y + title_height ? "move" : "wait";
    return "arrow";
}

}
