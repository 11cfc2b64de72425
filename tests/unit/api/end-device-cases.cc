// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Signals of ports, of a monitor at a port, of USB and of smartcards.
#include "end-in-handler.hh"

#include "card-database.hh"

#include <libcacard.h>
#include <spice/protocol.h>
#include <unistd.h>

namespace spice::test {

namespace {

constexpr uint16_t data_id = SPICE_MSG_SPICEVMC_DATA;

// --- ports

void line_of(Victim &v, uint8_t type, std::string_view name) {
    v.server.main().init().channels({{type, 0}});
    v.server.channel(type).send(SPICE_MSG_PORT_INIT, Bytes().u32(name.size() + 1).u32(9).u8(1).text(name).u8(0));
}

void port(Victim &v) {
    line_of(v, SPICE_CHANNEL_PORT, "line");
    auto &script = v.server.channel(SPICE_CHANNEL_PORT).send(data_id, Bytes().text("abc"));
    script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_BREAK)).send(data_id, Bytes().text("de"));
    script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_CLOSED));
}

void port_closes(Victim &v) { // the second of each
    port(v);
    v.skip(1);
}

void folder(Victim &v) {
    line_of(v, SPICE_CHANNEL_WEBDAV, "org.spice-space.webdav.0");
    v.server.channel(SPICE_CHANNEL_WEBDAV).send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_CLOSED));
}

void folder_closes(Victim &v) {
    folder(v);
    v.skip(1);
}

void write_line(SpicePortChannel *channel, Victim *self) {
    spice_port_channel_write_async(channel, "abc", 3, nullptr, Victim::answered, self);
}

void write(Victim &v) {
    line_of(v, SPICE_CHANNEL_PORT, "line");
    v.on_channel = [&v](SpiceChannel *channel) {
        const auto named = +[](SpicePortChannel *line, GParamSpec *, Victim *self) { write_line(line, self); };
        if (SPICE_IS_PORT_CHANNEL(channel)) g_signal_connect(channel, "notify::port-name", G_CALLBACK(named), &v);
    };
}

// A port that is not open refuses, from the loop.
void write_refused(Victim &v) {
    line_of(v, SPICE_CHANNEL_PORT, "line");
    v.on_opened = [&v](SpiceChannel *channel) {
        if (SPICE_IS_PORT_CHANNEL(channel)) write_line(SPICE_PORT_CHANNEL(channel), &v);
    };
}

// What was written is on its way when the connection ends.
void write_broken(Victim &v) {
    line_of(v, SPICE_CHANNEL_PORT, "line");
    v.on_channel = [&v](SpiceChannel *channel) {
        const auto named = +[](SpicePortChannel *line, GParamSpec *, Victim *self) {
            for (int i = 0; i < 3; ++i) write_line(line, self);
            spice_channel_disconnect(SPICE_CHANNEL(line), SPICE_CHANNEL_NONE);
        };
        if (SPICE_IS_PORT_CHANNEL(channel)) g_signal_connect(channel, "notify::port-name", G_CALLBACK(named), &v);
    };
}

// --- the monitor of a machine

void start_monitor(Victim &v, bool answers) {
    line_of(v, SPICE_CHANNEL_PORT, "org.qemu.monitor.qmp.0");
    auto &script = v.server.channel(SPICE_CHANNEL_PORT);
    const auto tell = [&](std::string_view line) { script.send(data_id, Bytes().text(line).text("\r\n")); };
    tell(R"({"QMP": {"version": {}, "capabilities": []}})");
    script.expect(SPICE_MSGC_SPICEVMC_DATA);
    tell(R"({"return": {}, "id": 0})");
    if (v.chosen("qmp callback:status") || v.chosen("qmp callback:action")) script.expect(SPICE_MSGC_SPICEVMC_DATA);
    tell(R"({"event": "STOP", "data": {}})");
    if (answers) tell(R"({"return": {"status": "running", "running": true}, "id": 1})");
    v.on_channel = [&v](SpiceChannel *channel) {
        if (!SPICE_IS_PORT_CHANNEL(channel)) return;
        auto *qmp = spice_qmp_port_get(SPICE_PORT_CHANNEL(channel));
        if (g_object_get_data(G_OBJECT(qmp), "asks")) return;
        v.hold(qmp);
        const auto ready = +[](SpiceQmpPort *self, GParamSpec *, Victim *victim) {
            gboolean usable = FALSE;
            g_object_get(self, "ready", &usable, nullptr);
            if (!usable) return;
            if (victim->chosen("qmp callback:status"))
                spice_qmp_port_query_status_async(self, nullptr, Victim::answered, victim);
            if (victim->chosen("qmp callback:action"))
                spice_qmp_port_vm_action_async(self, SPICE_QMP_PORT_VM_ACTION_PAUSE, nullptr, Victim::answered, victim);
        };
        g_signal_connect(qmp, "notify::ready", G_CALLBACK(ready), &v);
        v.adopt(qmp, "qmp");
    };
}

void monitor(Victim &v) { start_monitor(v, true); }

void monitor_closes(Victim &v) { // it is ready no longer
    monitor(v);
    v.server.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_CLOSED));
    v.skip(1);
}

// A command that is never answered ends with the port, or with the connection.
void monitor_leaves(Victim &v) {
    start_monitor(v, false);
    v.server.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_CLOSED));
}

void monitor_breaks(Victim &v) {
    start_monitor(v, false);
    v.server.channel(SPICE_CHANNEL_PORT).close();
}

// --- USB: a CD that the application makes is a device, too

char *image() {
    static char *path = nullptr;
    if (path) return path;
    const int fd = g_file_open_tmp(nullptr, &path, nullptr);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(ftruncate(fd, 4096), ==, 0);
    close(fd);
    std::atexit([] { unlink(path); });
    return path;
}

void use_device(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device, Victim *self) {
    if (!spice_usb_device_manager_is_device_shared_cd(manager, device)) return;
    if (self->chosen("manager callback:connect") || self->chosen("manager callback:connect-broken"))
        for (int i = 0; i < 3; ++i) // all but the first are refused
            spice_usb_device_manager_connect_device_async(manager, device, nullptr, Victim::answered, self);
    if (self->chosen("manager callback:connect-broken"))
        spice_channel_disconnect(self->channel(SPICE_CHANNEL_USBREDIR), SPICE_CHANNEL_NONE);
    if (self->chosen("manager callback:disconnect"))
        spice_usb_device_manager_disconnect_device_async(manager, device, nullptr, Victim::answered, self);
}

void usb_with_rules(Victim &v, const char *automatic, const char *on_connect) {
    v.server.main().init().channels({{SPICE_CHANNEL_USBREDIR, 0}});
    const auto hello = Bytes().u32(0).u32(68).u32(0).text("guest").zeros(59).u32(0);
    v.server.channel(SPICE_CHANNEL_USBREDIR).expect_next(data_id).send(data_id, hello);
    auto *manager = spice_usb_device_manager_get(v.session(), nullptr);
    g_assert_nonnull(manager);
    g_object_set(manager, "auto-connect", automatic != nullptr, "redirect-on-connect", on_connect, nullptr);
    if (automatic) g_object_set(manager, "auto-connect-filter", automatic, nullptr);
    g_signal_connect(manager, "device-added", G_CALLBACK(use_device), &v);
    v.adopt(manager, "manager");
    if (on_connect) g_assert_true(spice_usb_device_manager_create_shared_cd_device(manager, image(), nullptr));
    v.on_opened = [manager](SpiceChannel *channel) {
        if (SPICE_IS_USBREDIR_CHANNEL(channel))
            g_assert_true(spice_usb_device_manager_create_shared_cd_device(manager, image(), nullptr));
    };
}

void usb(Victim &v) { usb_with_rules(v, nullptr, nullptr); }
void usb_automatic(Victim &v) { usb_with_rules(v, "-1,-1,-1,-1,1", nullptr); }
void usb_on_connect(Victim &v) { usb_with_rules(v, nullptr, "0x08,-1,-1,-1,1"); }

// --- smartcards

void card_arrived(SpiceSmartcardManager *, SpiceSmartcardReader *reader, Victim *self) {
    if (!spice_smartcard_reader_is_software(reader)) return;
    if (self->chosen("cards card-removed"))
        self->later([](Victim &) { spice_smartcard_manager_remove_card(spice_smartcard_manager_get()); });
    if (!self->chosen("cards reader-removed")) return;
    // Readers of this kind stay, so the library that has them is told of an end.
    auto *native = vreader_reference(reinterpret_cast<VReader *>(reader));
    self->later([native](Victim &) { vevent_queue_vevent(vevent_new(VEVENT_READER_REMOVE, native, nullptr)); });
}

void cards(Victim &v) {
    constexpr uint32_t error_type = 2, reader_id = 5;
    v.server.main().init().channels({{SPICE_CHANNEL_SMARTCARD, 0}});
    const auto fine = Bytes().u32(error_type).u32(reader_id).u32(4).u32(0);
    v.server.channel(SPICE_CHANNEL_SMARTCARD).expect_next(data_id).send(data_id, fine).expect_next(data_id).send(data_id, fine);
    g_object_set(v.session(), "enable-smartcard", TRUE, "smartcard-certificates", card_names, "smartcard-db",
                 (std::string{"sql:"} + g_getenv("CARD_DATABASE")).c_str(), nullptr);
    g_signal_connect(spice_smartcard_manager_get(), "card-inserted", G_CALLBACK(card_arrived), &v);
    v.watch(spice_smartcard_manager_get(), "cards");
}

constexpr EndCase cases[] = {
    {"port channel-event", port},
    {"port notify::port-name", port},
    {"port notify::port-opened", port},
    {"port notify::port-opened", port_closes},
    {"port port-data", port},
    {"port port-event", port},
    {"port port-event", port_closes},
    {"port callback:write", write},
    {"port callback:write-refused", write_refused},
    {"port callback:write-broken", write_broken},
    {"webdav channel-event", folder},
    {"webdav notify::port-name", folder},
    {"webdav notify::port-opened", folder},
    {"webdav notify::port-opened", folder_closes},
    {"webdav port-event", folder},
    {"webdav port-event", folder_closes},
    {"qmp notify::ready", monitor},
    {"qmp notify::ready", monitor_closes},
    {"qmp event", monitor},
    {"qmp callback:status", monitor},
    {"qmp callback:action", monitor},
    {"qmp callback:action", monitor_leaves},
    {"qmp callback:status", monitor_breaks},
    {"usbredir channel-event", usb},
    {"manager device-added", usb},
    {"manager auto-connect-failed", usb_automatic},
    {"manager auto-connect-failed", usb_on_connect},
    {"manager callback:connect", usb},
    {"manager callback:connect-broken", usb},
    {"manager callback:disconnect", usb},
    {"smartcard channel-event", cards, true},
    {"cards reader-added", cards, true},
    {"cards reader-removed", cards, true},
    {"cards card-inserted", cards, true},
    {"cards card-removed", cards, true},
};

}

std::span<const EndCase> device_cases() { return cases; }

}
