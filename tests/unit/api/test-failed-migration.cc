// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// The virtual machine is to move, and something goes wrong or is called off: the session stays where it is.
#include "migration-setup.hh"

using namespace spice::test;

namespace {

using Handler = void (*)(SpiceSession *);
constexpr uint32_t flush_and_data = SPICE_MIGRATE_NEED_FLUSH | SPICE_MIGRATE_NEED_DATA_TRANSFER;

// Each failure is logged with a warning, which is what is wanted here.
void let_warnings_pass() {
    g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
}

// The source hears that it did not work, and everything goes on there.
void refused(Migration &world, ChannelScript &begun) {
    begun.expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).ping(77).expect_pong(77);
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
    g_assert_cmpuint(world.source.main().received(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).size(), ==, 1);
}

void test_nobody_there() {
    Migration world;
    world.target.stop();
    refused(world, world.begin());
    g_assert_true(world.notes == (std::vector<std::string>{"migration-started", "target 3"}));
}

void test_no_address() {
    for (const auto &info : {target_info(0, 65535, "127.0.0.1"), target_info(1, 0, ""), target_info(1, 1, std::string(100'000, 'x'))}) {
        Migration world;
        refused(world, world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, info));
    }
}

// Texts outside of the message are no address that could be refused: the message is not understood.
void test_broken_address() {
    Migration world;
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS, Bytes{}.u16(1).u16(1).u32(1000).u32(24).u32(0).u32(0).u32(1).take());
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.client.wait("main-0 closed"));
    g_assert_true(world.notes.empty());
    g_assert_true(world.client.disconnect());
}

void test_wrong_password() {
    for (const bool seamless : {false, true}) {
        Migration world;
        world.target.link_plan({.password = "tiger"});
        refused(world, world.begin(seamless ? std::optional{1u} : std::nullopt));
    }
}

void test_unknown_channel() {
    for (const uint8_t channel : {SPICE_CHANNEL_INPUTS, SPICE_CHANNEL_PORT}) {
        Migration world;
        world.target.channel(channel).link_plan({.auth_result = SPICE_LINK_ERR_CHANNEL_NOT_AVAILABLE});
        refused(world, world.begin());
    }
    Migration closing; // what libspice-server does
    closing.target.inputs().link_plan({.close_after = 0});
    refused(closing, closing.begin());
}

void test_target_goes_away() {
    Migration world;
    world.target.display().link_plan({.stall_before_reply = true});
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.client.wait_for([&] { return world.target.links().size() == 5; }));
    world.target.disconnect_all();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
}

// Another answer than yes or no.
void test_bad_handshake() {
    for (const uint16_t type : {uint16_t{SPICE_MSG_MAIN_INIT}, uint16_t{SPICE_MSG_MAIN_MIGRATE_CANCEL}, uint16_t{SPICE_MSG_PING}}) {
        Migration world;
        world.target.main().send(type, Bytes().zeros(32).take());
        refused(world, world.begin(1));
    }
    Migration huge;
    huge.target.main().send_header(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK, 100u << 20);
    refused(huge, huge.begin(1));
    Migration gone;
    gone.target.main().expect(SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS).close();
    refused(gone, gone.begin(1));
}

void test_other_sockets() {
    Migration world;
    world.open(true);
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    g_assert_true(world.notes.empty());
    g_assert_cmpuint(world.target.links().size(), ==, 0);
    g_assert_true(world.client.disconnect());
}

// The server calls it off, whatever has been done so far.
enum class Until { link, question, channels, ready, ready_seamless };

void prepare(Migration &world, Until until) {
    switch (until) {
    case Until::link: world.target.main().link_plan({.stall_before_reply = true}); break;
    case Until::question: break; // the target never answers
    case Until::channels: world.target.cursor().link_plan({.stall_before_result = true}); break;
    case Until::ready: break;
    case Until::ready_seamless:
        world.target.main().expect(SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS).send(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK);
        break;
    }
    world.begin(until == Until::question || until == Until::ready_seamless ? std::optional{1u} : std::nullopt).gate();
}

bool reached(Migration &world, Until until) {
    switch (until) {
    case Until::link: return world.client.wait_for([&] { return world.target.links().size() == 1; });
    case Until::question:
        return world.client.wait_for([&] { return !world.target.main().received(SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS).empty(); });
    case Until::channels: return world.client.wait_for([&] { return world.target.links().size() == 5; });
    case Until::ready:
    case Until::ready_seamless: return world.noted("migration-state 2");
    }
    return false;
}

void test_called_off(gconstpointer data) {
    const auto until = *static_cast<const Until *>(data);
    Migration world;
    prepare(world, until);
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_CANCEL).ping(1).expect_pong(1);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, until));
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
    g_assert_cmpuint(world.source.main().received(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).size(), ==, 0);
    g_assert_true(world.client.wait_for([&] { return migration_state(world.companion.get()) == 0; }));
}

// It is called off and tried again, which works.
void test_second_try() {
    Migration world;
    prepare(world, Until::ready);
    world.source.main().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_CANCEL);
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
    world.target.main().next_connection().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::ready));
    world.source.main().open_gate();
    g_assert_true(world.finished(world.target.main()));
    g_assert_true(world.client.wait_for([&] { return migration_state(world.client.session()) == 0; }));
    g_assert_true(world.client.lines().empty());
    g_assert_true(world.client.disconnect());
}

// The server does not wait for the end of one before it begins another.
void test_begun_twice() {
    Migration world;
    world.target.main().link_plan({.stall_before_reply = true});
    world.begin().gate();
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(0, 0, "127.0.0.1")).expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::link));
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
}

// A server that fails over and over does not fill the log.
void test_few_warnings() {
    Migration world;
    for (int i = 0; i < 100; ++i) world.source.main().send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(1, 0, ""));
    world.source.main().ping(1).expect_pong(1);
    world.open();
    unsigned warnings = 0;
    const auto handler = g_log_set_handler("GSpice", G_LOG_LEVEL_WARNING,
                                           [](const char *, GLogLevelFlags, const char *, gpointer count) {
                                               ++*static_cast<unsigned *>(count);
                                           }, &warnings);
    world.source.main().open_gate();
    g_assert_true(world.client.wait_for([&] { return world.source.main().received(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).size() == 100; }));
    g_log_remove_handler("GSpice", handler);
    g_assert_cmpuint(warnings, ==, 21);
    world.check_at_source();
}

// Words of a migration that nobody began.
void test_out_of_the_blue() {
    Migration world;
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_END).send(SPICE_MSG_MAIN_MIGRATE_CANCEL).send(SPICE_MSG_MIGRATE_DATA)
        .send(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK).send(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_NACK).ping(1).expect_pong(1);
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
    world.source.cursor().send(SPICE_MSG_MIGRATE, Bytes().u32(flush_and_data).take());
    world.source.cursor().open_gate();
    g_assert_true(world.client.wait("cursor-0 closed"));
    g_assert_true(world.client.lines() == (std::vector<std::string>{"cursor-0 error-io", "cursor-0 closed"}));
}

// A server that says wrong things instead of what a channel leaves: that channel ends, and no other.
void test_bad_data() {
    enum { other_message, too_large, nothing, short_flags };
    for (const int what : {other_message, too_large, nothing, short_flags}) {
        Migration world;
        prepare(world, Until::ready_seamless);
        auto &inputs = world.source.inputs();
        if (what == short_flags) inputs.send(SPICE_MSG_MIGRATE, Bytes().u16(0).take());
        else inputs.send(SPICE_MSG_MIGRATE, Bytes().u32(flush_and_data).take()).expect(SPICE_MSGC_MIGRATE_FLUSH_MARK);
        if (what == other_message) inputs.ping(1);
        if (what == too_large) inputs.send_header(SPICE_MSG_MIGRATE_DATA, 17u << 20);
        if (what == nothing) inputs.close();
        world.open();
        world.source.main().open_gate();
        g_assert_true(reached(world, Until::ready_seamless));
        inputs.open_gate();
        g_assert_true(world.client.wait("inputs-0 closed"));
        g_assert_cmpuint(world.client.count("inputs-0 error-io"), ==, what == nothing ? 0 : 1);
        g_assert_cmpuint(world.target.inputs().received().size(), ==, 0);
        world.source.main().ping(9).expect_pong(9);
        world.source.main().open_gate();
        g_assert_true(world.finished(world.source.main()));
        g_assert_cmpuint(world.client.lines_of("main-0").size(), ==, 0);
        g_assert_true(world.client.disconnect());
    }
}

// The machine has gone, and the new host has lost interest: every channel ends, as with any server that dies.
void test_target_dies() {
    for (const bool before : {true, false}) {
        Migration world;
        prepare(world, Until::ready);
        world.source.main().send(SPICE_MSG_MAIN_MIGRATE_END);
        auto &target = world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END);
        if (!before) target.send(SPICE_MSG_MAIN_MIGRATE_CANCEL);
        world.open();
        world.source.main().open_gate();
        g_assert_true(reached(world, Until::ready));
        if (before) world.target.disconnect_all();
        world.source.main().open_gate();
        for (const char *name : {"main-0", "inputs-0", "cursor-0", "display-0", "port-0"})
            g_assert_true(world.client.wait(name + std::string{" closed"}));
        g_assert_cmpint(migration_state(world.client.session()), ==, 0);
        g_assert_cmpuint(world.pixel(), ==, 0xff0000); // the picture stays up
        g_assert_true(world.client.disconnect());
    }
}

// Called off when some channels have gone: those end, the others stay.
void test_called_off_too_late() {
    Migration world;
    prepare(world, Until::ready_seamless);
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_CANCEL).ping(1).expect_pong(1);
    world.source.inputs().send(SPICE_MSG_MIGRATE, Bytes().u32(0).take());
    world.target.inputs().ping(1).expect_pong(1);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::ready_seamless));
    world.source.inputs().open_gate();
    g_assert_true(world.finished(world.target.inputs()));
    world.source.main().open_gate();
    g_assert_true(world.client.wait("inputs-0 closed"));
    g_assert_true(world.finished(world.source.main()));
    g_assert_true(world.client.lines() == (std::vector<std::string>{"inputs-0 error-io", "inputs-0 closed"}));
    g_assert_cmpint(migration_state(world.client.session()), ==, 0);
    g_assert_true(world.client.disconnect());
}

// What the program can see of inputs having gone, which other threads know earlier.
bool inputs_at_target(const Migration &world) {
    GSocket *socket = nullptr;
    g_object_get(world.client.channel(SPICE_CHANNEL_INPUTS), "socket", &socket, nullptr);
    auto hold = spice::Ref<GSocket>::take(socket);
    if (!hold) return false;
    auto address = spice::Ref<GSocketAddress>::take(g_socket_get_remote_address(hold.get(), nullptr));
    return address && g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address.get())) == world.target.port();
}

// Half of the way has been gone when the server begins anew, or the program wants to stay: it is too late for either.
void test_too_late_to_stay() {
    for (const bool seamless : {false, true}) {
        for (const bool begun : {false, true}) {
            Migration world;
            prepare(world, seamless ? Until::ready_seamless : Until::ready);
            auto &target = world.target;
            auto &asker = seamless ? world.source.main() : target.main();
            if (seamless) world.source.inputs().send(SPICE_MSG_MIGRATE, Bytes().u32(0).take());
            else world.source.main().send(SPICE_MSG_MAIN_MIGRATE_END);
            if (seamless) target.inputs().ping(1).expect_pong(1);
            else target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END);
            if (begun) asker.send(SPICE_MSG_MAIN_MIGRATE_BEGIN, target_info(9, 0, "127.0.0.1")).expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
            if (!seamless) target.main().gate().init({.session_id = Migration::session_id});
            world.open();
            world.source.main().open_gate();
            g_assert_true(reached(world, seamless ? Until::ready_seamless : Until::ready));
            world.source.inputs().open_gate();
            if (seamless) g_assert_true(world.client.wait_for([&] { return inputs_at_target(world); }));
            world.source.main().open_gate();
            if (begun) g_assert_true(world.client.wait_for([&] { return !asker.received(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).empty(); }));
            else if (!seamless) g_assert_true(world.client.wait_for([&] { return !target.main().received().empty(); }));
            if (!begun) {
                spice_session_disconnect(world.companion.get());
                while (g_main_context_iteration(nullptr, FALSE)) {}
            }
            g_assert_cmpint(migration_state(world.client.session()), ==, 2);
            target.main().open_gate();
            for (auto *script : Migration::scripts(world.source))
                if (seamless && script != &world.source.inputs()) script->send(SPICE_MSG_MIGRATE, Bytes().u32(0).take());
            Migration::open_gates(world.source);
            g_assert_true(world.client.wait_for([&] { return migration_state(world.client.session()) == 0; }));
            world.type(31); // at the target
            g_assert_true(world.client.wait_for([&] { return !target.inputs().received(SPICE_MSGC_INPUTS_KEY_DOWN).empty(); }));
            g_assert_true(world.client.lines().empty());
            g_assert_true(world.session_text("port") == std::to_string(target.port()));
            g_assert_true(world.client.disconnect());
        }
    }
}

// What the program sets meanwhile is not taken for the target's address.
void test_connected_elsewhere() {
    Migration world;
    ScriptedServer other;
    other.main().init();
    g_assert_true(other.start());
    prepare(world, Until::ready);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::ready));
    const auto port = std::to_string(other.port());
    g_object_set(world.client.session(), "port", port.c_str(), "verify", SPICE_SESSION_VERIFY_PUBKEY, nullptr);
    g_assert_true(world.client.connect());
    g_assert_true(world.session_text("port") == port);
    g_assert_cmpuint(verify_of(world.client.session()), ==, SPICE_SESSION_VERIFY_PUBKEY);
    g_assert_true(world.client.wait("main-0 closed"));
    g_assert_true(world.client.connect() && world.client.wait("main-0 opened"));
    g_assert_cmpuint(other.main().links().size(), ==, 1);
    g_assert_true(world.client.disconnect());
}

// The server gives up and sends the session to the other host by itself.
void test_switched_instead() {
    for (const auto until : {Until::channels, Until::ready}) {
        Migration world;
        prepare(world, until);
        world.source.main().send(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, target_info(world.target.port(), 0, "127.0.0.1"));
        world.open();
        world.source.main().open_gate();
        g_assert_true(reached(world, until));
        world.target.cursor().link_plan({});
        world.target.main().next_connection().init({.session_id = 8}).channels({{SPICE_CHANNEL_INPUTS, 0}});
        world.source.main().open_gate();
        g_assert_true(world.client.wait("main-0 opened") && world.client.wait("inputs-0 opened"));
        g_assert_true(world.client.lines().at(0) == "main-0 switching");
        g_assert_cmpint(migration_state(world.client.session()), ==, 0);
        g_assert_true(world.client.disconnect());
    }
}

// A channel that the application closes meanwhile is left out.
void test_channel_closed_by_program() {
    for (const auto until : {Until::channels, Until::ready}) {
        Migration world;
        prepare(world, until);
        world.source.main().send(SPICE_MSG_MAIN_MIGRATE_END);
        world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
        world.open();
        world.source.main().open_gate();
        g_assert_true(reached(world, until));
        spice_channel_disconnect(world.client.channel(SPICE_CHANNEL_CURSOR), SPICE_CHANNEL_CLOSED);
        g_assert_true(reached(world, Until::ready));
        world.source.main().open_gate();
        g_assert_true(world.finished(world.target.main()));
        g_assert_true(world.client.wait_for([&] { return migration_state(world.client.session()) == 0; }));
        g_assert_cmpuint(world.client.count("cursor-0 closed"), ==, 2);
        g_assert_cmpuint(world.client.lines().size(), ==, 2);
        g_assert_true(world.client.disconnect());
    }
}

// The application may end the session, and even forget it, in whatever it is told.
void test_ended_in_handlers() {
    const Handler handlers[] = {[](SpiceSession *s) { spice_session_disconnect(s); },
                                [](SpiceSession *s) { g_object_run_dispose(G_OBJECT(s)); },
                                [](SpiceSession *s) { spice_session_connect(s); }};
    for (const auto handler : handlers) {
        for (const char *when : {"migration-started", "notify::host", "notify::migration-state", "main-agent-update", "notify::port-name"}) {
            Migration world;
            prepare(world, Until::ready);
            world.source.main().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECTED).send(SPICE_MSG_MAIN_MIGRATE_END);
            world.target.main().expect_next(SPICE_MSGC_MAIN_MIGRATE_END).init({.session_id = Migration::session_id});
            world.target.channel(SPICE_CHANNEL_PORT).send(SPICE_MSG_PORT_INIT, Migration::port_init("org.test.target"));
            world.open();
            auto *object = g_str_has_prefix(when, "m")          ? G_OBJECT(world.client.channel(SPICE_CHANNEL_MAIN))
                           : g_str_has_suffix(when, "port-name") ? G_OBJECT(world.client.channel(SPICE_CHANNEL_PORT))
                                                               : G_OBJECT(world.client.session());
            struct Once {
                Handler handler;
                SpiceSession *session;
                bool done = false;
            } once{handler, world.client.session()};
            const auto call = g_signal_connect_swapped(object, when, G_CALLBACK(+[](Once *self) {
                                                           if (!std::exchange(self->done, true)) self->handler(self->session);
                                                       }), &once);
            auto hold = spice::Ref<GObject>::share(object);
            for (int gate = 0; gate < 2; ++gate) world.source.main().open_gate();
            g_assert_true(world.client.wait_for([&] { return once.done; }));
            g_assert_true(world.client.wait("channel-destroy inputs-0"));
            g_signal_handler_disconnect(object, call);
            g_assert_cmpint(migration_state(world.client.session()), ==, 0);
        }
    }
}

// The program does not want to go.
void test_companion_refused() {
    Migration world;
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
    world.open();
    g_signal_connect(world.client.channel(SPICE_CHANNEL_MAIN), "migration-started",
                     G_CALLBACK(+[](SpiceMainChannel *, GObject *session) {
                         g_assert_false(spice_session_connect(SPICE_SESSION(session)));
                         g_assert_null(spice_session_get_channels(SPICE_SESSION(session)));
                         spice_session_disconnect(SPICE_SESSION(session));
                     }), nullptr);
    world.target.main().link_plan({.stall_before_reply = true});
    world.source.main().open_gate();
    g_assert_true(world.finished(world.source.main()));
    world.check_at_source();
}

// The limits on time; they take theirs.
void test_silent_target() {
    Migration world;
    world.target.main().link_plan({.stall_before_reply = true});
    world.begin().expect(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR, Milliseconds{12'000});
    world.open();
    world.source.main().open_gate();
    g_assert_true(world.client.wait_for([] { return false; }) || world.finished(world.source.main()));
    world.check_at_source();
}

// Some channels have gone, and the source forgets the others.
void test_left_behind() {
    Migration world;
    prepare(world, Until::ready_seamless);
    world.source.inputs().send(SPICE_MSG_MIGRATE, Bytes().u32(0).take());
    world.target.inputs().ping(1).expect_pong(1);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::ready_seamless));
    world.source.inputs().open_gate();
    g_assert_true(world.finished(world.target.inputs()));
    g_assert_cmpint(migration_state(world.client.session()), ==, 2);
    g_assert_true(world.client.wait("main-0 closed") || world.client.wait("main-0 closed") || world.client.wait("main-0 closed"));
    for (const char *name : {"main-0", "cursor-0", "display-0", "port-0"}) {
        g_assert_true(world.client.wait(name + std::string{" closed"}));
        g_assert_cmpuint(world.client.count(name + std::string{" error-io"}), ==, 1);
    }
    g_assert_cmpuint(world.client.lines_of("inputs-0").size(), ==, 0);
    g_assert_cmpint(migration_state(world.client.session()), ==, 0);
    g_assert_true(world.client.disconnect());
}

void test_silent_arrival() {
    Migration world;
    prepare(world, Until::ready);
    world.source.main().send(SPICE_MSG_MAIN_MIGRATE_END);
    world.open();
    world.source.main().open_gate();
    g_assert_true(reached(world, Until::ready));
    world.source.main().open_gate();
    g_assert_false(world.client.wait("main-0 closed"));
    g_assert_cmpint(migration_state(world.client.session()), ==, 2);
    g_assert_true(world.client.wait("main-0 closed") || world.client.wait("main-0 closed"));
    g_assert_true(world.client.wait("inputs-0 closed"));
    g_assert_true(world.client.lines().at(0) == "main-0 error-io");
    g_assert_true(world.client.disconnect());
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    let_warnings_pass();
    static constexpr std::pair<const char *, Until> states[] = {{"/failed-migration/called-off/link", Until::link},
                                                                {"/failed-migration/called-off/question", Until::question},
                                                                {"/failed-migration/called-off/channels", Until::channels},
                                                                {"/failed-migration/called-off/ready", Until::ready},
                                                                {"/failed-migration/called-off/ready-seamless", Until::ready_seamless}};
    if (g_test_slow()) {
        g_test_add_func("/failed-migration/silent-target", test_silent_target);
        g_test_add_func("/failed-migration/silent-arrival", test_silent_arrival);
        g_test_add_func("/failed-migration/left-behind", test_left_behind);
        return g_test_run();
    }
    for (const auto &[name, until] : states) g_test_add_data_func(name, &until, test_called_off);
    g_test_add_func("/failed-migration/nobody-there", test_nobody_there);
    g_test_add_func("/failed-migration/no-address", test_no_address);
    g_test_add_func("/failed-migration/broken-address", test_broken_address);
    g_test_add_func("/failed-migration/wrong-password", test_wrong_password);
    g_test_add_func("/failed-migration/unknown-channel", test_unknown_channel);
    g_test_add_func("/failed-migration/target-goes-away", test_target_goes_away);
    g_test_add_func("/failed-migration/bad-handshake", test_bad_handshake);
    g_test_add_func("/failed-migration/other-sockets", test_other_sockets);
    g_test_add_func("/failed-migration/second-try", test_second_try);
    g_test_add_func("/failed-migration/begun-twice", test_begun_twice);
    g_test_add_func("/failed-migration/few-warnings", test_few_warnings);
    g_test_add_func("/failed-migration/out-of-the-blue", test_out_of_the_blue);
    g_test_add_func("/failed-migration/bad-data", test_bad_data);
    g_test_add_func("/failed-migration/target-dies", test_target_dies);
    g_test_add_func("/failed-migration/called-off-too-late", test_called_off_too_late);
    g_test_add_func("/failed-migration/too-late-to-stay", test_too_late_to_stay);
    g_test_add_func("/failed-migration/connected-elsewhere", test_connected_elsewhere);
    g_test_add_func("/failed-migration/switched-instead", test_switched_instead);
    g_test_add_func("/failed-migration/channel-closed-by-program", test_channel_closed_by_program);
    g_test_add_func("/failed-migration/ended-in-handlers", test_ended_in_handlers);
    g_test_add_func("/failed-migration/companion-refused", test_companion_refused);
    return g_test_run();
}
