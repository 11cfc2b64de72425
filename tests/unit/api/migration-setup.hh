// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "api-client.hh"

#include "scripted-server.hh"

#include <spice/protocol.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spice::test {

// DstInfo: ports, then size and offset of host and subject, for a seamless migration a version, then the texts.
inline ByteVector target_info(uint16_t port, uint16_t tls_port, std::string_view host, std::string_view subject = {},
                              std::optional<uint32_t> version = std::nullopt) {
    const auto host_size = host.size() + 1, subject_size = subject.empty() ? 0 : subject.size() + 1;
    const std::size_t texts = version ? 24 : 20;
    Bytes bytes;
    bytes.u16(port).u16(tls_port).u32(host_size).u32(texts).u32(subject_size).u32(subject_size ? texts + host_size : 0);
    if (version) bytes.u32(*version);
    bytes.text(host).u8(0);
    if (subject_size) bytes.text(subject).u8(0);
    return bytes.take();
}

inline int migration_state(SpiceSession *session) {
    int state = -1;
    g_object_get(session, "migration-state", &state, nullptr);
    return state;
}

inline unsigned verify_of(SpiceSession *session) {
    guint verify = 0;
    g_object_get(session, "verify", &verify, nullptr);
    return verify;
}

// Two hosts, and a program that is connected to the first and writes down what it hears of a migration.
struct Migration {
    static constexpr uint32_t session_id = 7;

    ScriptedServer source, target;
    ApiClient client;
    std::vector<std::string> notes; // "PROPERTY STATE", "migration-started", "target STATE"
    Ref<SpiceSession> companion;

    Migration() {
        source.main().init({.session_id = session_id}).channels({{SPICE_CHANNEL_INPUTS, 0},
                                                                {SPICE_CHANNEL_CURSOR, 0},
                                                                {SPICE_CHANNEL_DISPLAY, 0},
                                                                {SPICE_CHANNEL_PORT, 0}});
        source.inputs().inputs_init();
        source.cursor().cursor_init();
        source.display().expect(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 16, 16).fill(0, {0, 0, 16, 16}, 0xff0000).mark();
        source.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_INIT, port_init("org.test.source"));
        g_assert_true(source.start() && target.start());
        for (auto *script : scripts(source)) script->gate();
    }

    static ByteVector port_init(std::string_view name, bool open = true) {
        return Bytes().u32(name.size() + 1).u32(9).u8(open).text(name).u8(0).take();
    }
    static std::vector<ChannelScript *> scripts(ScriptedServer &server) {
        return {&server.main(), &server.inputs(), &server.cursor(), &server.display(), &server.channel(SPICE_CHANNEL_PORT)};
    }
    static void open_gates(ScriptedServer &server) {
        for (auto *script : scripts(server)) script->open_gate();
    }

    // `by_descriptors`: the program makes the connections.
    void open(bool by_descriptors = false) {
        for (const char *name : {"notify::migration-state", "notify::host", "notify::port", "notify::tls-port"})
            g_signal_connect(client.session(), name, G_CALLBACK(write_down), this);
        client.set_uri(source.uri());
        client.on_open_fd = [this](SpiceChannel *channel, bool) { g_assert_true(spice_channel_open_fd(channel, connected())); };
        g_assert_true(by_descriptors ? spice_session_open_fd(client.session(), -1) : client.connect());
        for (const char *name : {"main-0", "inputs-0", "cursor-0", "display-0", "port-0"})
            g_assert_true(client.wait(name + std::string{" opened"}));
        g_assert_true(client.wait_for([this] { return pixel() == 0xff0000 && port_name() == "org.test.source"; }));
        g_signal_connect(client.channel(SPICE_CHANNEL_MAIN), "migration-started", G_CALLBACK(started), this);
        notes.clear();
        client.forget();
    }
    int connected() const {
        auto maker = Ref<GSocketClient>::take(g_socket_client_new());
        auto connection = Ref<GSocketConnection>::take(
            g_socket_client_connect_to_host(maker.get(), "127.0.0.1", source.port(), nullptr, nullptr));
        return dup(g_socket_get_fd(g_socket_connection_get_socket(connection.get())));
    }

    // The source asks to go where the target listens; `version` for a seamless migration.
    ChannelScript &begin(std::optional<uint32_t> version = std::nullopt) {
        return source.main().send(version ? SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS : SPICE_MSG_MAIN_MIGRATE_BEGIN,
                                  target_info(target.port(), 0, "127.0.0.1", {}, version));
    }
    bool done(ScriptedServer &server) {
        const auto all = scripts(server);
        return client.wait_for([&] {
            return std::all_of(all.begin(), all.end(), [](auto *script) { return script->finished(Milliseconds{0}); });
        });
    }
    bool finished(ChannelScript &script) {
        return client.wait_for([&] { return script.finished(Milliseconds{0}); });
    }
    bool noted(const std::string &note) {
        return client.wait_for([&] { return std::find(notes.begin(), notes.end(), note) != notes.end(); });
    }
    uint32_t pixel() const {
        SpiceDisplayPrimary primary;
        auto *display = client.channel(SPICE_CHANNEL_DISPLAY);
        if (!display || !spice_display_channel_get_primary(display, 0, &primary)) return UINT32_MAX;
        return *reinterpret_cast<const uint32_t *>(primary.data) & 0xffffff;
    }
    std::string port_name() const { return text(G_OBJECT(client.channel(SPICE_CHANNEL_PORT)), "port-name"); }
    std::string session_text(const char *property) const { return text(G_OBJECT(client.session()), property); }
    static std::string text(GObject *object, const char *property) {
        char *value = nullptr;
        g_object_get(object, property, &value, nullptr);
        std::string out = value ? value : "NULL";
        g_free(value);
        return out;
    }
    void type(guint key) const {
        spice_inputs_channel_key_press(SPICE_INPUTS_CHANNEL(client.channel(SPICE_CHANNEL_INPUTS)), key);
    }
    // Everything goes on at the source, as if nothing had been asked.
    void check_at_source() {
        type(30);
        g_assert_true(client.wait_for([this] { return !source.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).empty(); }));
        g_assert_true(client.lines().empty());
        g_assert_true(client.wait_for([this] { return migration_state(client.session()) == SPICE_SESSION_MIGRATION_NONE; }));
        g_assert_true(session_text("port") == std::to_string(source.port()));
        g_assert_true(client.wait_for([this] { return all_closed(target); }));
    }
    static bool all_closed(ScriptedServer &server) {
        const auto all = scripts(server);
        return std::all_of(all.begin(), all.end(), [](auto *script) {
            return script->links().empty() || script->closed(Milliseconds{0}) || !script->connected(1, Milliseconds{0});
        });
    }

private:
    static void write_down(SpiceSession *session, GParamSpec *spec, Migration *self) {
        self->notes.push_back(std::string{spec->name} + " " + std::to_string(migration_state(session)));
    }
    static void started(SpiceMainChannel *, GObject *session, Migration *self) {
        g_assert_true(spice_session_is_for_migration(SPICE_SESSION(session)));
        g_assert_true(SPICE_SESSION(session) != self->client.session());
        self->notes.push_back("migration-started");
        self->notes.push_back("target " + std::to_string(migration_state(SPICE_SESSION(session))));
        self->companion = Ref<SpiceSession>::share(SPICE_SESSION(session));
    }
};

}
