// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The virtual machine moves to another host, as a program sees it.
#include "migration-setup.hh"

using namespace spice::test;

namespace {

struct Move {
    ScriptedServer source, destination;
    ApiClient client;
    std::vector<std::string> notes;
    Move() {
        for (auto *server : {&source, &destination}) {
            server->main().init({.session_id = server == &source ? 7u : 8u}).channels({{SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
            server->inputs().inputs_init();
            server->cursor().cursor_init();
            g_assert_true(server->start());
        }
        source.main().gate();
        for (const char *name : {"notify::migration-state", "notify::host", "notify::port", "notify::tls-port"})
            g_signal_connect(client.session(), name, G_CALLBACK(noted), this);
        client.set_uri(source.uri());
        g_assert_true(client.connect());
        g_assert_true(opened());
        notes.clear();
        client.forget();
    }
    static void noted(SpiceSession *session, GParamSpec *spec, Move *self) {
        int state = -1;
        g_object_get(session, "migration-state", &state, nullptr);
        self->notes.push_back(std::string{spec->name} + " " + std::to_string(state));
    }
    bool opened() {
        return client.wait("main-0 opened") && client.wait("inputs-0 opened") && client.wait("cursor-0 opened");
    }
    std::string text(const char *property) const {
        char *value = nullptr;
        g_object_get(client.session(), property, &value, nullptr);
        std::string out = value ? value : "NULL";
        g_free(value);
        return out;
    }
    bool comes_before(const char *first, const char *second) const {
        const auto &lines = client.lines();
        return std::find(lines.begin(), lines.end(), first) < std::find(lines.begin(), lines.end(), second);
    }
};

void test_switch_host() {
    Move move;
    auto *main = move.client.channel(SPICE_CHANNEL_MAIN);
    move.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, target_info(move.destination.port(), 65535, "127.0.0.1"));
    move.source.main().open_gate();
    g_assert_true(move.opened());
    g_assert_true(move.client.channel(SPICE_CHANNEL_MAIN) == main); // the same object, all others are new
    g_assert_cmpuint(move.destination.main().links().at(0).connection_id, ==, 0); // a new session
    g_assert_cmpuint(move.destination.inputs().links().at(0).connection_id, ==, 8);
    const auto events = move.client.lines_of("main-0");
    g_assert_cmpuint(events.size(), ==, 2);
    g_assert_true(events[0] == "switching");
    g_assert_true(events[1] == "opened");
    g_assert_true(move.comes_before("main-0 switching", "channel-destroy inputs-0"));
    g_assert_true(move.comes_before("channel-destroy inputs-0", "channel-new inputs-0"));
    g_assert_cmpuint(move.client.count("inputs-0 closed"), ==, 1);
    const std::vector<std::string> wanted{"migration-state 1", "host 1", "port 1", "tls-port 1", "migration-state 0"};
    g_assert_true(move.notes == wanted);
    g_assert_true(move.text("port") == std::to_string(move.destination.port()));
    g_assert_true(move.text("tls-port") == "NULL");
    g_assert_true(move.source.main().closed());
    g_assert_true(move.client.disconnect());
}

void test_nobody_there() {
    Move move;
    move.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, target_info(0, 0, "127.0.0.1", "CN=new.host"));
    move.source.main().open_gate();
    g_assert_true(move.client.wait("main-0 error-connect"));
    g_assert_true(move.text("cert-subject") == "CN=new.host");
    guint verify = 0;
    g_object_get(move.client.session(), "verify", &verify, nullptr);
    g_assert_cmpuint(verify, ==, SPICE_SESSION_VERIFY_HOSTNAME | SPICE_SESSION_VERIFY_SUBJECT);
    move.client.set_uri(move.destination.uri()); // the program may still go where it likes
    g_assert_true(move.client.connect());
    g_assert_true(move.opened());
}

// What only the subject vouched for is not trusted blindly when there is none any more.
void test_checks_stay() {
    Move move;
    g_object_set(move.client.session(), "cert-subject", "CN=old.host", "verify", SPICE_SESSION_VERIFY_SUBJECT, nullptr);
    move.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, target_info(move.destination.port(), 0, "127.0.0.1"));
    move.source.main().open_gate();
    g_assert_true(move.opened());
    guint verify = 0;
    g_object_get(move.client.session(), "verify", &verify, nullptr);
    g_assert_cmpuint(verify, ==, SPICE_SESSION_VERIFY_HOSTNAME);
}

// Disconnecting in the middle is an end like any other.
void test_disconnect_in_between() {
    for (const char *when : {"notify::migration-state", "notify::host"}) {
        Move move;
        g_signal_connect(move.client.session(), when, G_CALLBACK(+[](SpiceSession *session) { spice_session_disconnect(session); }), nullptr);
        move.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, target_info(move.destination.port(), 0, "127.0.0.1"));
        move.source.main().open_gate();
        g_assert_true(move.client.wait("disconnected"));
        int state = -1;
        g_object_get(move.client.session(), "migration-state", &state, nullptr);
        g_assert_cmpint(state, ==, 0);
    }
}

void test_bad_target() {
    Move move;
    move.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, Bytes{}.u16(1).u16(1).u32(1000).u32(20).u32(0).u32(0).take());
    move.source.main().open_gate();
    g_test_expect_message("GSpice", G_LOG_LEVEL_WARNING, "*MIGRATE_SWITCH_HOST*host*");
    g_assert_true(move.client.wait("main-0 closed"));
    g_test_assert_expected_messages();
    g_assert_cmpuint(move.client.count("main-0 switching"), ==, 0);
    g_assert_true(move.notes.empty());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/migration/switch-host", test_switch_host);
    g_test_add_func("/migration/nobody-there", test_nobody_there);
    g_test_add_func("/migration/checks-stay", test_checks_stay);
    g_test_add_func("/migration/disconnect-in-between", test_disconnect_in_between);
    g_test_add_func("/migration/bad-target", test_bad_target);
    return g_test_run();
}
