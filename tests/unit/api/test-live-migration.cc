// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The virtual machine moves, and the session goes along without an interruption: what succeeds.
#include "migration-setup.hh"

#include "tls-front.hh"

#include <atomic>

using namespace spice::test;

namespace {

const std::vector<std::string> wanted_notes{"migration-started", "target 3", "host 0", "port 0", "tls-port 0",
                                            "migration-state 2", "migration-state 0"};

// A target that shows everything anew once it hears that the machine has come.
void script_new_target(ScriptedServer &target) {
    target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
    target.inputs().expect_next(SPICE_MSGC_INPUTS_KEY_MODIFIERS).inputs_init();
    target.cursor().cursor_init();
    target.display().expect_next(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 16, 16).fill(0, {0, 0, 16, 16}, 0x00ff00).mark();
    target.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_INIT, Migration::port_init("org.test.target"));
}

void check_moved(Migration &world) {
    g_assert_true(world.client.wait_for([&] { return world.pixel() == 0x00ff00 && world.port_name() == "org.test.target"; }));
    g_assert_true(world.noted("migration-state 0"));
    g_assert_true(world.client.wait_for([&] { return Migration::all_closed(world.source); }));
    for (const auto &line : world.client.lines()) g_test_message("told: %s", line.c_str());
    g_assert_true(world.client.lines().empty()); // nothing came or went
    g_assert_true(world.notes == wanted_notes);
    g_assert_true(world.session_text("port") == std::to_string(world.target.port()));
    g_assert_cmpint(migration_state(world.companion.get()), ==, 0);
    for (const auto &link : world.target.links()) g_assert_cmpuint(link.connection_id, ==, Migration::session_id);
    g_assert_true(world.target.links().at(0).channel == (ChannelKey{SPICE_CHANNEL_MAIN, 0}));
    world.type(31);
    g_assert_true(world.client.wait_for([&] { return !world.target.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).empty(); }));
    g_assert_cmpuint(world.source.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).size(), ==, 0);
    g_assert_cmpuint(world.target.main().received(SPICE_MSGC_MAIN_ATTACH_CHANNELS).size(), ==, 0);
    g_assert_true(world.source.failures() == "");
    g_assert_true(world.target.failures() == "");
    g_assert_true(world.client.disconnect());
}

void move_anew(Migration &world, std::optional<uint32_t> version) {
    world.open();
    world.begin(version).expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).gate().send(SPICE_MSG_MAIN_MIGRATE_END);
    world.source.main().open_gate();
    g_assert_true(world.noted("migration-state 2"));
    g_assert_cmpuint(world.pixel(), ==, 0xff0000);
    world.source.main().open_gate();
    check_moved(world);
}

void test_semi_seamless() {
    Migration world;
    script_new_target(world.target);
    move_anew(world, std::nullopt);
}

void test_target_says_no() {
    Migration world;
    world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS).send(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_NACK);
    script_new_target(world.target);
    move_anew(world, 1);
}

void test_target_knows_no_seamlessness() {
    Migration world;
    world.target.main().link_plan({.channel_caps = {0x07}});
    script_new_target(world.target);
    move_anew(world, 1);
}

// The program learns what the port is like over there, and nothing when it is as before.
void test_port_elsewhere() {
    for (const bool open : {true, false}) {
        Migration world;
        world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
        world.target.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_INIT, Migration::port_init("org.test.target", open));
        world.open();
        std::vector<bool> told;
        g_signal_connect(world.client.channel(SPICE_CHANNEL_PORT), "notify::port-opened",
                         G_CALLBACK(+[](GObject *port, GParamSpec *, std::vector<bool> *all) {
                             gboolean now = FALSE;
                             g_object_get(port, "port-opened", &now, nullptr);
                             all->push_back(now);
                         }), &told);
        world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
        world.source.main().open_gate();
        g_assert_true(world.client.wait_for([&] { return world.port_name() == "org.test.target"; }));
        g_assert_true(told == (open ? std::vector<bool>{} : std::vector<bool>{false}));
        g_assert_true(world.client.disconnect());
    }
}

// Bytes that only the servers understand.
ByteVector left_by(uint8_t channel) { return Bytes().text("what channel leaves").u8(channel).zeros(300).take(); }

void script_leaving(ChannelScript &source, uint8_t channel, uint32_t flags) {
    source.send(SPICE_MSG_MIGRATE, Bytes().u32(flags).take());
    if (flags & SPICE_MIGRATE_NEED_FLUSH) source.expect(SPICE_MSGC_MIGRATE_FLUSH_MARK);
    if (flags & SPICE_MIGRATE_NEED_DATA_TRANSFER) source.send(SPICE_MSG_MIGRATE_DATA, left_by(channel));
}

void script_seamless(Migration &world) {
    constexpr uint32_t both = SPICE_MIGRATE_NEED_FLUSH | SPICE_MIGRATE_NEED_DATA_TRANSFER;
    world.begin(1).expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED_SEAMLESS).gate();
    script_leaving(world.source.main(), SPICE_CHANNEL_MAIN, both);
    script_leaving(world.source.inputs(), SPICE_CHANNEL_INPUTS, both);
    script_leaving(world.source.cursor(), SPICE_CHANNEL_CURSOR, 0);
    script_leaving(world.source.display(), SPICE_CHANNEL_DISPLAY, both);
    script_leaving(world.source.channel(SPICE_CHANNEL_PORT), SPICE_CHANNEL_PORT, both);
    auto &target = world.target;
    target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS).send(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK);
    target.main().expect_next(SPICE_MSGC_MIGRATE_DATA).ping(5).expect_pong(5);
    target.inputs().inputs_init(2).expect_next(SPICE_MSGC_MIGRATE_DATA);
    target.cursor().set_ack(1, 20).expect_next(SPICE_MSGC_ACK_SYNC);
    // The surface is the one that the client has.
    target.display().ping(1).expect_next(SPICE_MSGC_MIGRATE_DATA).fill(0, {0, 0, 16, 16}, 0x00ff00).expect_pong(1);
    target.channel(SPICE_CHANNEL_PORT)
        .send(SPICE_MSG_PORT_INIT, Migration::port_init("org.test.target"))
        .expect_next(SPICE_MSGC_MIGRATE_DATA);
}

void check_data(Migration &world) {
    for (const uint8_t type : {SPICE_CHANNEL_MAIN, SPICE_CHANNEL_INPUTS, SPICE_CHANNEL_DISPLAY, SPICE_CHANNEL_PORT}) {
        const auto data = world.target.channel(type).received(SPICE_MSGC_MIGRATE_DATA);
        g_assert_cmpuint(data.size(), ==, 1);
        g_assert_true(data[0].body == left_by(type));
        const auto said = world.source.channel(type).received();
        g_assert_cmpuint(said.back().type, ==, SPICE_MSGC_MIGRATE_FLUSH_MARK); // and nothing after it
    }
}

void test_seamless() {
    Migration world;
    script_seamless(world);
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.noted("migration-state 2"));
    Migration::open_gates(world.source);
    g_assert_true(world.done(world.target));
    check_data(world);
    check_moved(world);
}

// What is queued when a channel goes reaches the new host, behind the data; nothing is lost or sent twice.
void test_queued_input() {
    Migration world;
    script_seamless(world);
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.noted("migration-state 2"));
    constexpr guint keys = 2000;
    for (guint i = 0; i < keys; ++i) {
        world.type(1 + i % 80);
        if (i == keys / 2) Migration::open_gates(world.source);
        if (i % 50 == 0) g_main_context_iteration(nullptr, FALSE);
    }
    const auto typed = [&] {
        auto all = world.source.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN);
        for (auto &message : world.target.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN)) all.push_back(std::move(message));
        return all;
    };
    g_assert_true(world.client.wait_for([&] { return typed().size() >= keys; }));
    const auto all = typed();
    g_assert_cmpuint(all.size(), ==, keys);
    for (guint i = 0; i < keys; ++i) g_assert_cmpuint(all[i].u(0, 4), ==, 1 + i % 80);
    g_assert_true(world.noted("migration-state 0"));
    g_assert_true(world.done(world.target));
    check_data(world);
}

// The headers of both servers need not be of the same kind, and full ones count on.
void test_other_headers() {
    for (const bool full_first : {false, true}) {
        Migration world;
        (full_first ? world.source : world.target).link_plan({.common_caps = {0x03}});
        script_seamless(world);
        world.open();
        world.source.main().open_gate();
        g_assert_true(world.noted("migration-state 2"));
        Migration::open_gates(world.source);
        g_assert_true(world.done(world.target));
        check_data(world);
        check_moved(world);
    }
}

void test_read_only() {
    for (const bool seamless : {false, true}) {
        Migration world;
        if (seamless) script_seamless(world);
        else world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
        if (!seamless) world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
        world.open();
        g_object_set(world.client.session(), "read-only", TRUE, nullptr);
        world.source.main().open_gate();
        g_assert_true(world.noted("migration-state 2"));
        Migration::open_gates(world.source);
        g_assert_true(world.noted("migration-state 0"));
        g_assert_true(world.finished(world.target.main()));
        g_assert_true(world.client.lines().empty());
    }
}

// One migration after the other, there and back again.
void test_there_and_back() {
    Migration world;
    auto &source = world.source, &target = world.target;
    script_new_target(target);
    target.main().gate().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(source.port(), 0, "127.0.0.1"))
        .expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
    for (auto *script : Migration::scripts(source)) script->next_connection();
    source.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
    source.display().expect_next(SPICE_MSGC_DISPLAY_INIT).surface_create(0, 16, 16).fill(0, {0, 0, 16, 16}, 0x0000ff).mark();
    world.open();
    source.main().open_gate();
    g_assert_true(world.client.wait_for([&] { return world.pixel() == 0x00ff00; }));
    g_assert_true(world.client.wait_for([&] { return migration_state(world.client.session()) == 0; }));
    target.main().open_gate();
    g_assert_true(world.client.wait_for([&] { return world.pixel() == 0x0000ff; }));
    g_assert_true(world.client.lines().empty());
    g_assert_true(world.session_text("port") == std::to_string(source.port()));
    g_assert_true(world.client.disconnect());
}

// A channel that is opened meanwhile goes along, or is left out when nothing becomes of it.
void test_opened_meanwhile() {
    for (const bool works : {true, false}) {
        Migration world;
        script_new_target(world.target);
        world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).gate().send(SPICE_MSG_MAIN_MIGRATE_END);
        world.open();
        std::atomic<bool> may_open = false;
        world.source.cursor().link_plan({.auth_result = works ? 0u : uint32_t{SPICE_LINK_ERR_ERROR}, .before_result = [&] {
                                             while (!may_open) g_usleep(1000);
                                         }});
        auto *cursor = world.client.channel(SPICE_CHANNEL_CURSOR);
        spice_channel_disconnect(cursor, SPICE_CHANNEL_NONE);
        g_assert_true(world.client.wait("cursor-0 closed"));
        g_assert_true(spice_channel_connect(cursor));
        world.client.forget();
        world.source.main().open_gate();
        g_assert_true(world.client.wait_for([&] { return world.target.links().size() == 4; }));
        for (int i = 0; i < 20; ++i) { // what would go on without waiting has the time to do so
            g_usleep(5000);
            while (g_main_context_iteration(nullptr, FALSE)) {}
        }
        g_assert_cmpint(migration_state(world.client.session()), ==, SPICE_SESSION_MIGRATION_NONE);
        may_open = true;
        g_assert_true(world.noted("migration-state 2"));
        world.source.main().open_gate();
        g_assert_true(world.noted("migration-state 0"));
        const std::vector<std::string> wanted{works ? "cursor-0 opened" : "cursor-0 error-auth spice-client-error-quark 3"};
        g_assert_true(world.client.lines() == wanted);
        g_assert_cmpuint(world.target.cursor().links().size(), ==, works ? 1 : 0);
        g_assert_true(world.client.disconnect());
    }
}

void test_other_name() {
    Migration world;
    script_new_target(world.target);
    g_setenv("SPICE_MIG_HOST", "127.0.0.1", TRUE);
    world.open();
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(world.target.port(), 65535, "nowhere.invalid"))
        .expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
    world.source.main().open_gate();
    check_moved(world);
    g_unsetenv("SPICE_MIG_HOST");
}

const Identity &authority() {
    static const Identity made{{.subject = {{"CN", "Test Authority"}}, .authority = true}};
    return made;
}

// The certificate of the target is checked against what the source says of it, not against what the session knew.
void test_tls_target() {
    for (const bool by_subject : {false, true}) {
        Migration world;
        const Identity identity{{.subject = {{"CN", "there"}}, .alt_names = {by_subject ? "DNS:other" : "IP:127.0.0.1"}}, &authority()};
        TlsFront front{identity, TlsPlan{.what = TlsPlan::What::relay, .backend = world.target.port()}};
        script_new_target(world.target);
        set_ca(world.client.session(), authority().pem());
        constexpr unsigned wanted = SPICE_SESSION_VERIFY_PUBKEY | SPICE_SESSION_VERIFY_HOSTNAME;
        g_object_set(world.client.session(), "verify", wanted, nullptr);
        unsigned told = 0;
        g_signal_connect(world.client.session(), "notify::verify",
                         G_CALLBACK(+[](SpiceSession *, GParamSpec *, unsigned *times) { ++*times; }), &told);
        world.open();
        world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN,
                                 target_info(0, front.port(), "127.0.0.1", by_subject ? "CN=there" : ""))
            .expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
        world.source.main().open_gate();
        g_assert_true(world.client.wait_for([&] { return world.pixel() == 0x00ff00; }));
        g_assert_true(world.noted("migration-state 0"));
        g_assert_cmpint(front.connections(), ==, 5);
        g_assert_true(world.session_text("tls-port") == std::to_string(front.port()));
        g_assert_true(world.session_text("port") == "NULL");
        g_assert_true(world.session_text("cert-subject") == (by_subject ? "CN=there" : "NULL"));
        const unsigned subject = by_subject ? unsigned{SPICE_SESSION_VERIFY_SUBJECT} : 0u;
        g_assert_cmpuint(verify_of(world.client.session()), ==, wanted | subject);
        g_assert_cmpuint(told, ==, by_subject ? 1 : 0);
        g_assert_true(world.client.disconnect());
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/live-migration/semi-seamless", test_semi_seamless);
    g_test_add_func("/live-migration/target-says-no", test_target_says_no);
    g_test_add_func("/live-migration/target-knows-no-seamlessness", test_target_knows_no_seamlessness);
    g_test_add_func("/live-migration/seamless", test_seamless);
    g_test_add_func("/live-migration/port-elsewhere", test_port_elsewhere);
    g_test_add_func("/live-migration/queued-input", test_queued_input);
    g_test_add_func("/live-migration/other-headers", test_other_headers);
    g_test_add_func("/live-migration/read-only", test_read_only);
    g_test_add_func("/live-migration/there-and-back", test_there_and_back);
    g_test_add_func("/live-migration/opened-meanwhile", test_opened_meanwhile);
    g_test_add_func("/live-migration/other-name", test_other_name);
    g_test_add_func("/live-migration/tls-target", test_tls_target);
    return g_test_run();
}
