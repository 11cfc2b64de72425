// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Displays, cursors, ports and sound.
#include "behaviour.hh"

#include <cstring>

namespace spice::test {

namespace {

struct Display : Stage {
    uint8_t id;
    explicit Display(uint8_t number = 0) : id{number} { server.main().init().channels({{SPICE_CHANNEL_DISPLAY, number}}); }
    ChannelScript &script() { return server.display(id); }
    SpiceChannel *display() const { return channel(SPICE_CHANNEL_DISPLAY, id); }
    std::string line(const char *rest) const { return "display-" + std::to_string(id) + " " + rest; }
    Lines told() const {
        Lines out;
        for (const auto &l : of(line("")))
            if (l.find(" notify ") == std::string::npos || l.ends_with("monitors")) out.push_back(l.substr(line("").size()));
        return out;
    }
};

std::string display_begins() {
    Display s;
    s.script().expect(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 64, 48).fill(0, {0, 0, 64, 48}, 0xff0000);
    s.script().monitors({{0, 0, 64, 48}}).mark();
    holds(s.open() && s.wait("display-0 display-mark 1"));
    same_lines(s.told(), {"channel-event opened", "notify monitors", "display-primary-create 32 64 48 256 -1 set",
                          "display-invalidate 0 0 64 48", "notify monitors", "display-mark 1"});
    return {};
}

std::string primary_is_there_in_its_signal() {
    Display s;
    s.script().surface_create(0, 64, 48);
    std::string fault = "it did not come";
    s.on_line = [&](const std::string &line, GObject *object) {
        if (!line.starts_with("display-0 display-primary-create")) return;
        SpiceDisplayPrimary primary{};
        const bool found = spice_display_channel_get_primary(SPICE_CHANNEL(object), 0, &primary);
        fault = found && primary.width == 64 && primary.stride == 256 && primary.shmid == -1 && primary.data ? "" : "it is not there";
    };
    holds(s.open() && s.until([&] { return fault != "it did not come"; }));
    return fault;
}

std::string same_size_keeps_the_primary() {
    Display s;
    s.script().surface_create(0, 64, 48).fill(0, {0, 0, 64, 48}, 0xff);
    holds(s.open() && s.wait("display-0 display-invalidate 0 0 64 48"));
    SpiceDisplayPrimary before{}, after{};
    holds(spice_display_channel_get_primary(s.display(), 0, &before));
    s.forget();
    s.script().surface_create(0, 64, 48).fill(0, {0, 0, 32, 48}, 0xff);
    holds(s.wait("display-0 display-invalidate 0 0 32 48"));
    holds(spice_display_channel_get_primary(s.display(), 0, &after) && before.data == after.data);
    holds(s.of("display-0 display-primary").empty());
    return {};
}

std::string other_size_destroys_first() {
    Display s;
    s.script().surface_create(0, 64, 48).fill(0, {0, 0, 64, 48}, 0x123456);
    holds(s.open() && s.wait("display-0 display-invalidate 0 0 64 48"));
    SpiceDisplayPrimary old{};
    holds(spice_display_channel_get_primary(s.display(), 0, &old));
    uint32_t pixel = 0;
    s.on_line = [&](const std::string &line, GObject *) {
        if (line == "display-0 display-primary-destroy") std::memcpy(&pixel, old.data + old.stride * 47, 4); // still mapped
    };
    s.forget();
    s.script().surface_destroy(0).surface_create(0, 32, 32);
    holds(s.until([&] { return !s.of("display-0 display-primary-create 32 32").empty(); }));
    holds(s.index("display-0 display-primary-destroy") == 0);
    holds((pixel & 0xffffff) == 0x123456);
    return {};
}

std::string pixels_outlive_the_connection() {
    Display s;
    s.script().surface_create(0, 64, 48).fill(0, {0, 0, 64, 48}, 0x123456);
    holds(s.open() && s.wait("display-0 display-invalidate 0 0 64 48"));
    s.server.disconnect_all();
    holds(s.wait("display-0 channel-event closed"));
    SpiceDisplayPrimary primary{};
    holds(spice_display_channel_get_primary(s.display(), 0, &primary));
    uint32_t pixel = 0;
    std::memcpy(&pixel, primary.data, 4);
    holds((pixel & 0xffffff) == 0x123456);
    holds(s.of("display-0 display-primary-destroy").empty());
    return {};
}

std::string invalidate_is_inside() {
    Display s;
    s.script().surface_create(0, 64, 48).fill(0, {-10, -10, 20, 1000}, 0xff);
    holds(s.open() && s.until([&] { return !s.of("display-0 display-invalidate").empty(); }));
    same_lines(s.of("display-0 display-invalidate"), {"display-0 display-invalidate 0 0 20 48"});
    return {};
}

std::string no_notify_of_the_size() {
    Display s;
    s.script().surface_create(0, 64, 48);
    holds(s.open() && s.until([&] { return !s.of("display-0 display-primary-create").empty(); }));
    s.settle(50);
    guint width = 0, height = 0;
    g_object_get(s.display(), "width", &width, "height", &height, nullptr);
    holds(width == 64 && height == 48);
    holds(s.count("display-0 notify width") == 0 && s.count("display-0 notify height") == 0);
    return {};
}

std::string no_monitors_are_no_news() {
    Display s;
    s.script().surface_create(0, 64, 48).monitors({{0, 0, 64, 48}});
    holds(s.open() && s.wait("display-0 notify monitors", 2));
    s.settle(50);
    s.forget();
    s.script().monitors({}).fill(0, {0, 0, 8, 8}, 0);
    holds(s.wait("display-0 display-invalidate 0 0 8 8"));
    GArray *monitors = nullptr;
    g_object_get(s.display(), "monitors", &monitors, nullptr);
    const bool kept = monitors && monitors->len == 1;
    if (monitors) g_array_unref(monitors);
    holds(kept && s.count("display-0 notify monitors") == 0);
    return {};
}

std::string unmarked_a_second_after_destroy() {
    Display s{1};
    s.script().surface_create(0, 64, 48).mark();
    holds(s.open() && s.wait("display-1 display-mark 1"));
    s.forget();
    s.script().surface_destroy(0);
    holds(s.wait("display-1 display-primary-destroy"));
    s.settle(700);
    holds(s.count("display-1 display-mark 0") == 0);
    holds(s.until([&] { return s.count("display-1 display-mark 0") == 1; }, 1000));
    return {};
}

// What is shown only changes between the application's callbacks.
std::string signals_in_wire_order() {
    Display s;
    s.script().surface_create(0, 64, 48).fill(0, {0, 0, 8, 8}, 1).mark().fill(0, {8, 0, 16, 8}, 2).monitors({{0, 0, 64, 48}});
    s.script().surface_destroy(0);
    holds(s.open() && s.wait("display-0 display-primary-destroy"));
    Lines told = s.told();
    same_lines(told, {"channel-event opened", "notify monitors", "display-primary-create 32 64 48 256 -1 set",
                      "display-invalidate 0 0 8 8", "display-mark 1", "display-invalidate 8 0 8 8", "notify monitors",
                      "display-primary-destroy"});
    return {};
}

ByteVector small_cursor() {
    return Bytes().u16(1).u16(2).u8(1).u16(0).u64(0).u8(SPICE_CURSOR_TYPE_ALPHA).u16(4).u16(4).u16(9).u16(1).zeros(64);
}

std::string cursor_notify_then_set() {
    Stage s;
    s.server.main().init().channels({{SPICE_CHANNEL_CURSOR, 0}});
    s.server.cursor().cursor_init().send(SPICE_MSG_CURSOR_SET, small_cursor()).send(SPICE_MSG_CURSOR_HIDE);
    bool there = false;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line != "cursor-0 notify cursor") return;
        SpiceCursorShape *shape = nullptr;
        g_object_get(object, "cursor", &shape, nullptr);
        there = shape && shape->width == 4 && shape->hot_spot_x <= 4;
        if (shape) g_boxed_free(SPICE_TYPE_CURSOR_SHAPE, shape);
    };
    holds(s.open() && s.until([&] { return !s.of("cursor-0 cursor-set").empty(); }) && s.wait("cursor-0 cursor-hide"));
    holds(there);
    const auto set = s.of("cursor-0 cursor-set").front();
    holds(set.starts_with("cursor-0 cursor-set 4 4 ") && set.ends_with(" 1 set"));
    holds(s.index("cursor-0 notify cursor") >= 0 && s.index("cursor-0 notify cursor") + 1 == s.index(set));
    return {};
}

struct Port : Stage {
    explicit Port(bool opened, std::string_view name = "line") {
        server.main().init().channels({{SPICE_CHANNEL_PORT, 0}});
        const auto size = static_cast<uint32_t>(name.size() + 1);
        script().send(SPICE_MSG_PORT_INIT, Bytes().u32(size).u32(9).u8(opened).text(name).u8(0));
    }
    ChannelScript &script() { return server.channel(SPICE_CHANNEL_PORT); }
    Lines told() const {
        Lines out;
        for (const auto &l : of("port-0 "))
            if (!l.ends_with("socket")) out.push_back(l.substr(7));
        return out;
    }
};

std::string port_begins() {
    Port s{true};
    bool named = false;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line != "port-0 notify port-opened") return;
        g_autofree char *name = nullptr;
        g_object_get(object, "port-name", &name, nullptr);
        named = name && std::strcmp(name, "line") == 0;
    };
    holds(s.open() && s.wait("port-0 notify port-name"));
    holds(named);
    same_lines(s.told(), {"channel-event opened", "notify port-opened", "port-event 0", "notify port-name"});
    return {};
}

std::string closed_port_begins() {
    Port s{false};
    holds(s.open() && s.wait("port-0 notify port-name"));
    same_lines(s.told(), {"channel-event opened", "notify port-name"});
    return {};
}

std::string port_data_in_order() {
    Port s{true};
    s.script().send(SPICE_MSG_SPICEVMC_DATA, Bytes().text("abc")).send(SPICE_MSG_PORT_EVENT, Bytes().u8(2));
    s.script().send(SPICE_MSG_SPICEVMC_DATA, Bytes().text("de")).send(SPICE_MSG_PORT_EVENT, Bytes().u8(1));
    holds(s.open() && s.wait("port-0 port-event 1"));
    const auto told = s.told();
    same_lines(Lines(told.begin() + 4, told.end()),
               {"port-data set 3", "port-event 2", "port-data set 2", "notify port-opened", "port-event 1"});
    return {};
}

std::string closed_port_refuses() {
    Port s{false};
    holds(s.open() && s.wait("port-0 notify port-name"));
    struct End {
        bool done = false;
        int code = -1;
    } end;
    const auto ended = +[](GObject *source, GAsyncResult *result, gpointer data) {
        GError *error = nullptr;
        spice_port_channel_write_finish(SPICE_PORT_CHANNEL(source), result, &error);
        auto *out = static_cast<End *>(data);
        out->done = true;
        out->code = error && error->domain == SPICE_CLIENT_ERROR ? error->code : -2;
        g_clear_error(&error);
    };
    spice_port_channel_write_async(SPICE_PORT_CHANNEL(s.channel(SPICE_CHANNEL_PORT)), "abc", 3, nullptr, ended, &end);
    holds(!end.done);
    holds(s.until([&] { return end.done; }));
    holds(end.code == SPICE_CLIENT_ERROR_FAILED);
    return {};
}

// Whoever takes the monitor as soon as its port is open.
std::string monitor_greeted_once() {
    for (const char *when : {"port-0 notify port-opened", "port-0 port-event 0", "port-0 notify port-name"}) {
        Port s{true, "org.qemu.monitor.qmp.0"};
        SpiceQmpPort *monitor = nullptr;
        s.on_line = [&](const std::string &line, GObject *object) {
            if (line == when) monitor = spice_qmp_port_get(SPICE_PORT_CHANNEL(object));
        };
        std::string sent;
        holds(s.open() && s.until([&] { return !s.script().received(SPICE_MSGC_SPICEVMC_DATA).empty(); }));
        s.settle(200);
        for (const auto &message : s.script().received(SPICE_MSGC_SPICEVMC_DATA))
            sent.append(reinterpret_cast<const char *>(message.body.data()), message.body.size());
        const auto first = sent.find("qmp_capabilities");
        holds(monitor && first != std::string::npos && sent.find("qmp_capabilities", first + 1) == std::string::npos);
    }
    return {};
}

struct Sound : Stage {
    Sound() {
        server.main().init().channels({{SPICE_CHANNEL_PLAYBACK, 0}});
        script().send(SPICE_MSG_PLAYBACK_MODE, Bytes().u32(1000).u16(1));
        script().send(SPICE_MSG_PLAYBACK_START, Bytes().u32(2).u16(1).u32(48000).u32(1000));
        script().send(SPICE_MSG_PLAYBACK_DATA, Bytes().u32(1000).text("abcdefgh"));
    }
    ChannelScript &script() { return server.channel(SPICE_CHANNEL_PLAYBACK); }
};

std::string sound_begins_and_ends() {
    Sound s;
    s.script().send(SPICE_MSG_PLAYBACK_STOP);
    holds(s.open() && s.wait("playback-0 playback-stop"));
    Lines told;
    for (const auto &line : s.of("playback-0 playback-"))
        if (line != "playback-0 playback-get-delay") told.push_back(line);
    same_lines(told, {"playback-0 playback-start 1 2 48000", "playback-0 playback-data set 8", "playback-0 playback-stop"});
    return {};
}

std::string sound_stops_with_the_connection() {
    Sound s;
    holds(s.open() && s.wait("playback-0 playback-data set 8"));
    s.server.disconnect_all();
    holds(s.wait("playback-0 channel-event closed"));
    holds(s.count("playback-0 playback-stop") == 1);
    holds(s.index("playback-0 playback-stop") < s.index("playback-0 channel-event closed"));
    return {};
}

std::string sound_does_not_stop_inside() {
    Sound s;
    holds(s.open() && s.wait("playback-0 playback-data set 8"));
    s.call([&] { spice_channel_disconnect(s.channel(SPICE_CHANNEL_PLAYBACK), SPICE_CHANNEL_NONE); });
    holds(s.in_calls.empty());
    holds(s.wait("playback-0 channel-event closed"));
    holds(s.count("playback-0 playback-stop") == 1);
    return {};
}

std::string volume_is_notified() {
    Sound s;
    s.script().send(SPICE_MSG_PLAYBACK_VOLUME, Bytes().u8(2).u16(100).u16(200)).send(SPICE_MSG_PLAYBACK_MUTE, Bytes().u8(1));
    const guint16 *volume = nullptr;
    s.on_line = [&](const std::string &line, GObject *object) {
        if (line == "playback-0 notify volume") g_object_get(object, "volume", &volume, nullptr);
    };
    holds(s.open() && s.wait("playback-0 notify mute"));
    holds(s.index("playback-0 notify volume") >= 0 && s.index("playback-0 notify volume") < s.index("playback-0 notify mute"));
    holds(volume && volume[0] == 100 && volume[1] == 200);
    return {};
}

constexpr Rule rules[] = {
    {"order in which a display begins", display_begins},
    {"the primary is there in its signal", primary_is_there_in_its_signal},
    {"a primary of equal size stays, without signals", same_size_keeps_the_primary},
    {"another size destroys first, with the old pixels still there", other_size_destroys_first},
    {"pixels outlive the connection", pixels_outlive_the_connection},
    {"display-invalidate stays inside the surface", invalidate_is_inside, "it is as large as the drawing"},
    {"width and height are not notified", no_notify_of_the_size},
    {"an empty list of monitors is no news", no_monitors_are_no_news},
    {"a further display is unmarked a second after its surface", unmarked_a_second_after_destroy},
    {"a display's signals come in wire order", signals_in_wire_order},
    {"notify of cursor, then cursor-set", cursor_notify_then_set},
    {"order in which an open port begins", port_begins},
    {"order in which a closed port begins", closed_port_begins},
    {"a port's data and events come in order", port_data_in_order},
    {"writing to a closed port fails from the loop", closed_port_refuses},
    {"a monitor is greeted once, however early it is taken", monitor_greeted_once},
    {"sound begins and ends", sound_begins_and_ends},
    {"sound stops with the connection, before closed", sound_stops_with_the_connection},
    {"sound does not stop inside disconnect", sound_does_not_stop_inside},
    {"volume, then mute are notified, and are there", volume_is_notified},
};

}

std::span<const Rule> content_rules() { return rules; }

}
