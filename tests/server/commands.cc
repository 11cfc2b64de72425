// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "cursors.hh"
#include "scenery.hh"
#include "server.hh"

#include <spice/enums.h>

#include <array>
#include <cstdio>
#include <utility>

namespace spice::testserver {

using Words = std::vector<std::string_view>;

// The control protocol: one line is one command, one line answers it: "ok [values]" or "err reason". README.md lists
// the commands. A command that draws is carried out for screen 0 unless it names another with a leading "@N".
struct Commands {
    Server &server;
    Screen &screen;
    const Words &args;        // the command itself is args[0]
    std::vector<int> numbers; // args[1..] as decimal numbers, as many as are
    std::string_view rest;    // the line after the command

    using Run = std::string (Commands::*)();
    struct Entry {
        std::string_view name;
        std::size_t min_numbers;
        Run run;
    };
    static const Entry *find(std::string_view name);
    static int channel_type(std::string_view name);

    std::string still() { return server.set_animated(false), "ok"; }
    std::string run() { return server.set_animated(true), "ok"; }
    std::string paint() { return screen.desktop.paint(), "ok"; }
    std::string type() { return screen.desktop.type(std::string{rest}), "ok"; }
    std::string enter() { return screen.desktop.type("\n"), "ok"; }
    std::string size() {
        return "ok " + std::to_string(screen.device.width()) + " " + std::to_string(screen.device.height());
    }
    std::string leds() { return server.inputs_->set_leds(static_cast<uint8_t>(numbers[0])), "ok"; }
    std::string clear() { return server.inputs_->clear_logs(), "ok"; }
    std::string step() {
        for (int i = 0; i < (numbers.empty() ? 1 : numbers[0]); ++i)
            screen.desktop.step();
        return "ok";
    }
    std::string fill();
    std::string image();
    std::string move();
    std::string mark();
    std::string resize();
    std::string heads();
    std::string cursor();
    std::string mode();
    std::string dump();
    std::string check();
    std::string keys();
    std::string mouse();
    std::string monitors();
    std::string channels();
    std::string disconnect();
    std::string password();
    std::string compression();
    std::string streaming();
    std::string video();
    std::string port();
    std::string sound();
    std::string quit();
};

namespace {

std::string usage() { return "err bad arguments"; }

std::optional<Color> color(std::string_view text) {
    const auto value = number(text, 16);
    if (!value || text.size() != 6) return {};
    return static_cast<Color>(*value);
}

}

std::string Commands::fill() {
    const auto c = args.size() == 6 ? color(args[5]) : std::nullopt;
    if (!c) return usage();
    screen.device.fill({numbers[0], numbers[1], numbers[2], numbers[3]}, *c);
    return "ok";
}

std::string Commands::image() { // image x y w h [seed [cache-id]]
    if (numbers[2] < 1 || numbers[3] < 1 || numbers[2] > 8192 || numbers[3] > 8192) return usage();
    const auto seed = static_cast<uint32_t>(numbers.size() > 4 ? numbers[4] : 1);
    screen.device.put(numbers[0], numbers[1], landscape(numbers[2], numbers[3], seed),
                      static_cast<uint32_t>(numbers.size() > 5 ? numbers[5] : 0));
    return "ok";
}

std::string Commands::move() { // move x y w h from-x from-y
    screen.device.move({numbers[0], numbers[1], numbers[2], numbers[3]}, numbers[4], numbers[5]);
    return "ok";
}

std::string Commands::mark() { // a square in the top left corner that a client can look for
    const auto c = args.size() == 2 ? color(args[1]) : std::nullopt;
    if (!c) return usage();
    screen.device.fill({0, 0, 16, 16}, *c);
    return "ok";
}

std::string Commands::resize() {
    if (numbers[0] < 16 || numbers[1] < 16 || numbers[0] > 8192 || numbers[1] > 8192) return usage();
    screen.desktop.resize(numbers[0], numbers[1]);
    server.inputs_->set_limits(server.screens_[0]->device.width(), server.screens_[0]->device.height());
    return "ok";
}

std::string Commands::heads() {
    if (numbers[0] < 1 || numbers[0] > 16) return usage();
    const int width = screen.device.width() / screen.desktop.heads(), height = screen.device.height();
    screen.desktop.set_heads(numbers[0]);
    screen.desktop.resize(width, height);
    return "ok";
}

std::string Commands::cursor() { // cursor NAME | hide | move X Y
    if (args.size() == 2 && args[1] == "hide") {
        screen.cursor.clear();
        return screen.device.hide_cursor(), "ok";
    }
    if (args.size() == 4 && args[1] == "move") {
        const auto x = number(args[2]), y = number(args[3]);
        if (!x || !y) return usage();
        return screen.device.move_cursor(*x, *y), "ok";
    }
    const auto shape = args.size() == 2 ? cursor_shape(args[1]) : std::nullopt;
    if (!shape) return usage();
    const auto &state = server.inputs_->state();
    screen.cursor = args[1];
    screen.device.set_cursor(*shape, std::max(state.x, 0), std::max(state.y, 0));
    return "ok";
}

std::string Commands::mode() { // which mode the guest's devices make possible; a client still has to ask for "client"
    if (args.size() != 2 || (args[1] != "server" && args[1] != "client")) return usage();
    server.inputs_->set_tablet(args[1] == "client");
    return "ok";
}

std::string Commands::dump() {
    if (rest.empty()) return usage();
    return write_ppm(screen.device.truth(), std::string{rest}) ? "ok" : "err cannot write";
}

std::string Commands::check() {
    const auto shown = screen.device.server_side();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < shown.pixels().size(); ++i)
        wrong += shown.pixels()[i] != screen.device.truth().pixels()[i];
    return wrong ? "err " + std::to_string(wrong) + " pixels differ" : "ok";
}

std::string Commands::keys() {
    std::string line = "ok";
    char text[8];
    for (const auto byte : server.inputs_->keys())
        std::snprintf(text, sizeof text, " %02x", byte), line += text;
    return line;
}

std::string Commands::mouse() {
    std::string line = "ok";
    for (const auto &entry : server.inputs_->mouse())
        line += " " + entry + ";";
    return line;
}

std::string Commands::monitors() {
    std::string line = "ok";
    for (const auto &m : screen.wanted)
        line += " " + std::to_string(m.w) + "x" + std::to_string(m.h) + "+" + std::to_string(m.x) + "+" +
                std::to_string(m.y);
    return line;
}

std::string Commands::channels() {
    std::string line = "ok";
    for (const auto &[kind, count] : server.channels_)
        if (count) line += " " + std::to_string(kind) + ":" + std::to_string(count);
    return line;
}

std::string Commands::disconnect() {
    int shut = 0;
    for (const auto *listener : {&server.tcp_, &server.unix_})
        if (*listener) shut += (*listener)->shut_connections();
    if (server.options_.tls_port > 0) shut += Listener::shut_connections(server.options_.tls_port);
    return "ok " + std::to_string(shut);
}

std::string Commands::password() {
    const std::string text{rest};
    if (text.empty())
        spice_server_set_noauth(server.spice_);
    else if (spice_server_set_ticket(server.spice_, text.c_str(), 0, 0, 0) != 0)
        return "err refused";
    return "ok";
}

std::string Commands::compression() {
    const auto value = compression_by_name(rest);
    if (!value) return usage();
    return spice_server_set_image_compression(server.spice_, *value), "ok";
}

std::string Commands::streaming() {
    const auto value = streaming_by_name(rest);
    if (!value) return usage();
    return spice_server_set_streaming_video(server.spice_, *value), "ok";
}

std::string Commands::video() { // video X Y W H [FPS] | hold | stop
    if (args.size() == 2 && args[1] == "stop") return server.video_.reset(), "ok";
    if (args.size() == 2 && args[1] == "hold" && server.video_) return server.video_->hold(), "ok";
    if (args.size() == 1 && server.video_) return "ok " + std::to_string(server.video_->frames());
    const int fps = numbers.size() > 4 ? numbers[4] : 25;
    if (numbers.size() < 4 || numbers[2] < 1 || numbers[3] < 1 || fps < 1 || fps > 120) return usage();
    const Rect area{numbers[0], numbers[1], numbers[2], numbers[3]};
    server.video_ = std::make_unique<Video>(screen.device, area, static_cast<unsigned>(fps));
    return "ok";
}

std::string Commands::port() { // port N connect PATH | disconnect | event E | events
    const auto index = static_cast<std::size_t>(numbers[0]);
    if (index >= server.ports_.size() || args.size() < 3) return usage();
    auto &device = *server.ports_[index];
    if (args[2] == "connect" && args.size() == 4)
        return device.connect(std::string{args[3]}) ? "ok" : "err nobody listens there";
    if (args[2] == "disconnect") return device.disconnect(), "ok";
    if (args[2] == "events") return "ok " + device.events();
    const auto event = args[2] == "event" && args.size() == 4 ? number(args[3]) : std::nullopt;
    if (!event) return usage();
    return device.event(static_cast<uint8_t>(*event)), "ok";
}

std::string Commands::sound() { // sound play MS | volume LEFT RIGHT MUTE | record on|off | recorded
    if (!server.sound_ || args.size() < 2) return usage();
    auto &card = *server.sound_;
    if (args[1] == "recorded") return "ok " + card.recorded();
    if (args[1] == "record" && args.size() == 3) return card.record(args[2] == "on"), "ok";
    std::vector<int> values;
    for (std::size_t i = 2; i < args.size(); ++i) values.push_back(number(args[i]).value_or(0));
    if (args[1] == "play" && values.size() == 1) return card.play(static_cast<unsigned>(values[0])), "ok";
    if (args[1] != "volume" || values.size() != 3) return usage();
    card.set_volume(static_cast<uint16_t>(values[0]), static_cast<uint16_t>(values[1]), values[2] != 0);
    return "ok";
}

std::string Commands::quit() {
    if (server.quit_) server.quit_();
    return "ok";
}

const Commands::Entry *Commands::find(std::string_view name) {
    static constexpr std::array<Entry, 30> table{
        {{"still", 0, &Commands::still},        {"run", 0, &Commands::run},
         {"paint", 0, &Commands::paint},        {"type", 0, &Commands::type},
         {"enter", 0, &Commands::enter},        {"size", 0, &Commands::size},
         {"leds", 1, &Commands::leds},          {"clear", 0, &Commands::clear},
         {"step", 0, &Commands::step},          {"fill", 4, &Commands::fill},
         {"image", 4, &Commands::image},        {"move", 6, &Commands::move},
         {"mark", 0, &Commands::mark},          {"resize", 2, &Commands::resize},
         {"heads", 1, &Commands::heads},        {"cursor", 0, &Commands::cursor},
         {"mode", 0, &Commands::mode},          {"dump", 0, &Commands::dump},
         {"check", 0, &Commands::check},        {"keys", 0, &Commands::keys},
         {"mouse", 0, &Commands::mouse},        {"monitors", 0, &Commands::monitors},
         {"channels", 0, &Commands::channels},  {"disconnect", 0, &Commands::disconnect},
         {"password", 0, &Commands::password},  {"compression", 0, &Commands::compression},
         {"streaming", 0, &Commands::streaming}, {"video", 0, &Commands::video},
         {"port", 1, &Commands::port},          {"sound", 0, &Commands::sound}}};
    static constexpr Entry last{"quit", 0, &Commands::quit};
    for (const auto &entry : table)
        if (entry.name == name) return &entry;
    return name == last.name ? &last : nullptr;
}

int Commands::channel_type(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, int>, 7> types{{{"main", SPICE_CHANNEL_MAIN},
                                                                     {"display", SPICE_CHANNEL_DISPLAY},
                                                                     {"inputs", SPICE_CHANNEL_INPUTS},
                                                                     {"cursor", SPICE_CHANNEL_CURSOR},
                                                                     {"playback", SPICE_CHANNEL_PLAYBACK}, {"record", SPICE_CHANNEL_RECORD},
                                                                     {"port", SPICE_CHANNEL_PORT}}};
    for (const auto &[key, type] : types)
        if (key == name) return type;
    return -1;
}

void Server::execute(std::string_view line, Reply reply) {
    auto args = words(line);
    Screen *target = screen(0);
    if (!args.empty() && args[0].starts_with('@')) {
        const auto index = number(args[0].substr(1));
        target = index && *index >= 0 ? screen(static_cast<std::size_t>(*index)) : nullptr;
        args.erase(args.begin());
    }
    if (args.empty() || !target) return reply(usage());
    if (args[0] == "wait" && args.size() == 4) { // wait keys|mouse|monitors|CHANNEL N MS
        const auto n = number(args[2]), ms = number(args[3]);
        const int type = Commands::channel_type(args[1]);
        if (!n || !ms || *n < 0 || *ms < 0) return reply(usage());
        const auto count = static_cast<std::size_t>(*n);
        const auto limit = static_cast<unsigned>(*ms);
        if (args[1] == "keys") return wait([=, this] { return inputs_->keys().size() >= count; }, limit, reply);
        if (args[1] == "mouse") return wait([=, this] { return inputs_->mouse().size() >= count; }, limit, reply);
        if (args[1] == "monitors") return wait([=] { return target->wanted.size() >= count; }, limit, reply);
        if (type < 0) return reply(usage());
        return wait([=, this] { return channels(type) == *n; }, limit, reply);
    }
    const auto *entry = Commands::find(args[0]);
    if (!entry) return reply("err unknown command");
    Commands commands{*this, *target, args, {}, {}};
    for (std::size_t i = 1; i < args.size(); ++i) {
        const auto value = number(args[i]);
        if (!value) break;
        commands.numbers.push_back(*value);
    }
    if (args.size() > 1)
        commands.rest = {args[1].data(), static_cast<std::size_t>(line.data() + line.size() - args[1].data())};
    reply(commands.numbers.size() < entry->min_numbers ? usage() : (commands.*entry->run)());
}

}
