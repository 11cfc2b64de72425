// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/log.hh"
#include "channel/cursor-model.hh"
#include "channel/inputs-model.hh"
#include "channel/main-model.hh"
#include "fake-session.hh"
#include "scripted-server.hh"
#include "session/session.hh"

#include <spice/protocol.h>

#include <algorithm>
#include <map>

using namespace spice::test;
using spice::channel::CursorModel;
using spice::channel::Event;
using spice::channel::InputsModel;
using spice::channel::MainModel;
using spice::channel::Model;
using spice::session::Session;

// The session core with public objects that are no GObjects: what is told, and in which order.
namespace {

struct App;

// A public channel: shared ownership stands for reference counts.
struct FakeChannel : std::enable_shared_from_this<FakeChannel> {
    FakeChannel(App &a, std::string n) : app{a}, name{std::move(n)} {}
    virtual ~FakeChannel();
    FakeChannel(const FakeChannel &) = delete;
    FakeChannel &operator=(const FakeChannel &) = delete;
    void told(const std::string &what);

    App &app;
    std::string name;
    std::unique_ptr<Model> model;
};

template <class ObserverBase> struct Channel : FakeChannel, ObserverBase {
    using FakeChannel::FakeChannel;
    void on_channel_event(Event event, const spice::Error *) override { told(event_name(event)); }
    void on_open_fd(bool) override { told("open-fd"); }
    std::shared_ptr<void> keep_alive() override { return shared_from_this(); }
};
struct MainChannel final : Channel<MainModel::Observer> {
    using Channel::Channel;
    void on_mouse_mode() override {}
    void on_agent_update() override {}
    void on_agent_caps() override {}
    void on_clipboard_grab(unsigned, std::span<const uint32_t>) override {}
    void on_clipboard_request(unsigned, uint32_t) override {}
    void on_clipboard_data(unsigned, uint32_t, spice::wire::Bytes) override {}
    void on_clipboard_release(unsigned) override {}
    spice::agent::Preferences preferences() const override { return {}; }
};
struct InputsChannel final : Channel<InputsModel::Observer> {
    using Channel::Channel;
    void on_modifiers() override {}
};
struct CursorChannel final : Channel<CursorModel::Observer> {
    using Channel::Channel;
    void on_cursor_set() override {}
    void on_cursor_move(int, int) override {}
    void on_cursor_hide() override {}
    void on_cursor_reset() override {}
};

struct App final : Session::Observer {
    ScriptedServer server;
    Loop loop;
    Lines lines;
    std::function<void(const std::string &)> on_line = [](const std::string &) {};
    std::map<void *, std::shared_ptr<FakeChannel>> held; // the references of the session
    std::shared_ptr<int> token = std::make_shared<int>(0);
    std::unique_ptr<Session> session = std::make_unique<Session>(*this, loop.context());
    std::shared_ptr<Session> companion;

    App() {
        g_assert_true(server.start());
        session->options.host = "127.0.0.1";
        session->options.port = std::to_string(server.port());
    }
    ~App() {
        on_line = [](const std::string &) {};
        session->disconnect_now();
        g_assert_true(loop.until([this] { return living == 0; }));
        g_assert_true(threads_gone(loop));
        g_assert_cmpint(token.use_count(), ==, 1);
    }
    App(const App &) = delete;
    App &operator=(const App &) = delete;
    int living = 0;

    void note(std::string line) {
        lines.push_back(line);
        on_line(line);
    }
    bool has(const std::string &line, std::size_t times = 1) const {
        return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line)) >= times;
    }
    bool wait(const std::string &line, std::size_t times = 1) {
        return loop.until([&] { return has(line, times); });
    }
    std::shared_ptr<FakeChannel> channel(const std::string &name) {
        for (const auto &[object, c] : held)
            if (c->name == name) return c;
        return nullptr;
    }
    void open(std::vector<ChannelKey> list = {{SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}}) {
        const auto channels = list.size();
        server.main().init({.session_id = 77}).channels(std::move(list));
        g_assert_true(session->connect());
        g_assert_true(loop.until([&] {
            const auto opened = std::count_if(lines.begin(), lines.end(), [](auto &l) { return l.ends_with(" opened"); });
            return static_cast<std::size_t>(opened) == channels + 1;
        }));
    }
    void settle() {
        g_assert_true(threads_gone(loop));
        loop.drain();
    }

    void create_channel(int type, int id) override {
        std::shared_ptr<FakeChannel> made;
        const auto number = static_cast<uint8_t>(id);
        const auto make = [&]<class C, class M>(const char *name) {
            auto c = std::make_shared<C>(*this, name + ("-" + std::to_string(id)));
            c->model = std::make_unique<M>(*c, session.get(), loop.context(), number);
            made = c;
        };
        if (type == SPICE_CHANNEL_MAIN) make.operator()<MainChannel, MainModel>("main");
        else if (type == SPICE_CHANNEL_INPUTS) make.operator()<InputsChannel, InputsModel>("inputs");
        else if (type == SPICE_CHANNEL_CURSOR) make.operator()<CursorChannel, CursorModel>("cursor");
        else return note("none for " + std::to_string(type));
        ++living;
        held[made.get()] = made;
        session->add_channel(made.get(), made->model.get());
    }
    void on_channel_new(void *object) override {
        const auto channel = held.at(object);
        note("new " + channel->name);
        if (channel->model->type() != spice::channel::Type::main && channel->model->host()) channel->model->connect();
    }
    void on_channel_destroy(void *object) override {
        const auto channel = held.at(object);
        note("destroy " + channel->name);
        channel->model->disconnect(Event::none);
        channel->model->leave_session();
        held.erase(object);
    }
    void on_disconnected() override { note("disconnected"); }
    void on_mm_time_reset() override { note("mm-time-reset"); }
    void on_name() override { note("name " + session->name()); }
    void on_uuid() override { note("uuid"); }
    void on_migration_state() override {}
    void on_new_host() override {}
    void on_verify() override {}
    Session::Companion make_companion() override {
        companion = std::make_shared<Session>(*this, loop.context());
        return {companion, companion.get(), companion.get()};
    }
    void on_migration_started(void *, void *) override { note("migration-started"); }
    std::shared_ptr<void> keep_alive() override { return token; }
};

FakeChannel::~FakeChannel() {
    model.reset();
    --app.living;
    app.session->channel_finalized();
}
void FakeChannel::told(const std::string &what) { app.note(name + " " + what); }

Lines only(const Lines &lines, const std::string &end) {
    Lines out;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(out), [&](auto &l) { return l.ends_with(end); });
    return out;
}

void test_connect() {
    App app;
    app.server.main().init({.session_id = 77}).send(SPICE_MSG_MAIN_NAME, Bytes().u32(2).text("g").u8(0));
    app.server.main().send(SPICE_MSG_MAIN_UUID, Bytes().zeros(15).u8(9));
    app.server.main().channels({{SPICE_CHANNEL_CURSOR, 0}, {SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 1}});
    g_assert_true(app.session->connect());
    assert_lines(app.lines, "new main-0"); // inside the call, and nothing more
    g_assert_true(app.loop.until([&] { return only(app.lines, "opened").size() == 4; }));
    Lines first(app.lines.begin(), app.lines.begin() + 6);
    assert_lines(first, "new main-0, main-0 opened, mm-time-reset, name g, uuid, uuid");
    Lines news;
    std::copy_if(app.lines.begin(), app.lines.end(), std::back_inserter(news), [](auto &l) { return l.starts_with("new "); });
    assert_lines(news, "new main-0, new cursor-0, new inputs-0, new cursor-1"); // in the server's order
    g_assert_cmpuint(app.session->uuid()[15], ==, 9);
    for (const auto &link : app.server.links())
        g_assert_cmpuint(link.connection_id, ==, link.channel.type == SPICE_CHANNEL_MAIN ? 0 : 77);
    g_assert_cmpuint(app.session->channels().size(), ==, 4);
    g_assert_true(app.session->channels().front().model->type() == spice::channel::Type::cursor); // newest first
    g_assert_true(app.session->has_channel_type(SPICE_CHANNEL_INPUTS));
    g_assert_false(app.session->has_channel_type(SPICE_CHANNEL_DISPLAY));
}

// One channel a turn of the loop: an application is not held up by a long list.
void test_listed_one_a_turn() {
    App app;
    app.open({});
    std::vector<std::pair<uint8_t, uint8_t>> list;
    for (uint8_t i = 0; i < 20; ++i) list.emplace_back(SPICE_CHANNEL_CURSOR, i);
    unsigned turns = 0;
    app.lines.clear();
    app.session->channels_listed(list);
    while (app.session->channels().size() < 21) {
        const auto before = app.session->channels().size();
        g_main_context_iteration(app.loop.context(), FALSE);
        g_assert_cmpuint(app.session->channels().size() - before, <=, 1);
        ++turns;
    }
    g_assert_cmpuint(turns, >=, 20);
}

void test_strange_lists() {
    App app;
    app.open({{SPICE_CHANNEL_INPUTS, 0}});
    app.lines.clear();
    app.session->channels_listed({{SPICE_CHANNEL_MAIN, 0}, {SPICE_CHANNEL_INPUTS, 0}, {250, 1}, {SPICE_CHANNEL_CURSOR, 0},
                                  {SPICE_CHANNEL_CURSOR, 0}, {SPICE_CHANNEL_MAIN, 5}});
    g_assert_true(app.wait("cursor-0 opened"));
    app.loop.drain();
    assert_lines(app.lines, "uuid, none for 250, new cursor-0, cursor-0 opened");
}

void test_disconnect() {
    App app;
    app.open();
    app.lines.clear();
    app.session->disconnect();
    app.session->disconnect();
    g_assert_true(app.lines.empty()); // from the loop
    g_assert_true(app.wait("disconnected"));
    app.settle();
    assert_lines(app.lines, "destroy cursor-0, destroy inputs-0, destroy main-0, "
                            "cursor-0 closed, inputs-0 closed, main-0 closed, disconnected");
    g_assert_true(app.session->channels().empty());
    g_assert_true(app.session->name().empty());
    g_assert_null(app.session->display_caches().get());
    app.session->disconnect(); // nothing is left that could end
    app.loop.drain();
    g_assert_true(app.has("disconnected") && !app.has("disconnected", 2));
}

void test_disconnect_without_channels() {
    App app;
    app.session->disconnect();
    app.loop.drain();
    app.session->disconnect_now();
    g_assert_true(app.lines.empty());
}

// An application that keeps a channel puts off `disconnected`.
void test_kept_channel() {
    App app;
    app.open();
    auto kept = app.channel("inputs-0");
    app.lines.clear();
    app.session->disconnect();
    g_assert_true(app.wait("main-0 closed"));
    app.settle();
    g_assert_false(app.has("disconnected"));
    g_assert_false(kept->model->connect()); // it belongs to nobody
    kept.reset();
    g_assert_cmpstr(app.lines.back().c_str(), ==, "disconnected");
}

void test_dispose() {
    App app;
    app.open();
    app.lines.clear();
    app.session->disconnect_now();
    assert_lines(app.lines, "destroy cursor-0, destroy inputs-0, destroy main-0");
    g_assert_true(app.wait("disconnected"));
}

void test_server_dies() {
    App app;
    app.open();
    app.lines.clear();
    app.server.stop();
    g_assert_true(app.loop.until([&] { return only(app.lines, "closed").size() == 3; }));
    app.settle();
    g_assert_cmpuint(app.session->channels().size(), ==, 3); // they stay until somebody disconnects
    g_assert_false(app.has("disconnected"));
    app.lines.clear();
    app.session->disconnect();
    g_assert_true(app.wait("disconnected"));
    assert_lines(app.lines, "destroy cursor-0, destroy inputs-0, destroy main-0, disconnected");
}

// Connecting a live session ends it, and main, the same object, can be connected again afterwards.
void test_connect_while_connected() {
    App app;
    app.open();
    const auto main = app.channel("main-0");
    app.lines.clear();
    g_assert_true(app.session->connect());
    assert_lines(app.lines, "destroy cursor-0, destroy inputs-0"); // newest first
    g_assert_true(app.wait("main-0 closed"));
    app.settle();
    g_assert_cmpuint(app.server.main().links().size(), ==, 1); // no new connection by itself
    g_assert_false(app.has("disconnected"));
    app.lines.clear();
    app.server.main().next_connection();
    g_assert_true(app.session->connect());
    g_assert_true(app.wait("main-0 opened"));
    g_assert_false(app.has("new main-0"));
    g_assert_true(app.channel("main-0") == main);
}

void test_password() {
    App app;
    app.server.link_plan({.password = "tiger"});
    app.server.main().init();
    g_assert_true(app.session->connect());
    g_assert_true(app.wait("main-0 error-auth"));
    app.on_line = [&](const std::string &line) {
        if (line != "main-0 error-auth") return;
        app.session->options.password = "tiger";
        g_assert_true(app.session->connect());
    };
    g_assert_true(app.session->connect());
    g_assert_true(app.wait("main-0 opened"));
    assert_lines(only(app.lines, "main-0"), "new main-0");
}

void test_connect_while_disconnecting() {
    App app;
    app.open();
    app.session->disconnect();
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*disconnecting*");
    g_assert_false(app.session->connect());
    g_test_assert_expected_messages();
    g_assert_true(app.wait("disconnected"));
    app.server.main().next_connection();
    g_assert_true(app.session->connect());
    g_assert_true(app.wait("main-0 opened", 2));
}

void test_application_sockets() {
    App app;
    g_assert_true(app.session->open_fd(-1));
    assert_lines(app.lines, "new main-0, main-0 open-fd"); // before the call returned
    g_assert_true(app.session->wants_application_sockets());
    app.session->connect();
    g_assert_false(app.session->wants_application_sockets());
}

// Whatever handler calls disconnect(), the end is the same.
void test_disconnect_in_handlers() {
    for (const std::string moment : {"new main-0", "main-0 opened", "mm-time-reset", "uuid", "new inputs-0", "inputs-0 opened",
                                     "new cursor-0", "destroy inputs-0", "inputs-0 closed"}) {
        App app;
        bool called = false;
        app.on_line = [&](const std::string &line) {
            if (line == moment) called = true, app.session->disconnect();
            if (app.has("inputs-0 opened") && app.has("cursor-0 opened")) app.session->disconnect();
        };
        app.server.main().init({.session_id = 77}).channels({{SPICE_CHANNEL_INPUTS, 0}, {SPICE_CHANNEL_CURSOR, 0}});
        app.session->connect();
        g_assert_true(app.wait("disconnected"));
        app.settle();
        g_assert_true(called);
        g_assert_false(app.has("disconnected", 2));
        g_assert_true(app.session->channels().empty());
        for (const auto &line : app.lines)
            if (line.starts_with("new ")) g_assert_true(app.has("destroy " + line.substr(4)));
    }
}

void test_reconnect_in_disconnected() {
    App app;
    app.open();
    bool again = false;
    app.on_line = [&](const std::string &line) {
        if (line != "disconnected" || std::exchange(again, true)) return;
        app.server.main().next_connection().init({.session_id = 78});
        g_assert_true(app.session->connect());
    };
    app.session->disconnect();
    g_assert_true(app.wait("main-0 opened", 2));
    g_assert_true(app.has("new main-0", 2));
}

// The same when nothing was connected: the last channel is gone, and that is told, while channels are being removed.
void test_reconnect_after_refusal() {
    App app;
    const auto good = *app.session->options.port;
    app.session->options.port = "not a port";
    g_assert_true(app.session->connect());
    g_assert_true(app.wait("main-0 error-connect"));
    app.server.main().init({.session_id = 78});
    app.on_line = [&](const std::string &line) {
        if (line != "disconnected") return;
        app.session->options.port = good;
        g_assert_true(app.session->connect());
    };
    app.session->disconnect();
    g_assert_true(app.wait("main-0 opened"));
    app.loop.drain();
    g_assert_true(app.has("new main-0", 2));
    g_assert_false(app.has("destroy main-0", 2)); // the new one stays
    g_assert_false(app.has("disconnected", 2));
}

void test_attempt_params() {
    App app;
    auto &o = app.session->options;
    const auto params = [&](spice::channel::Type type) { return app.session->attempt_params(type).endpoint; };
    using spice::channel::Type;
    g_assert_false(params(Type::main).tls || params(Type::main).proxy);
    o.secure_channels = {"inputs", "nonsense"};
    g_assert_true(params(Type::inputs).tls);
    g_assert_false(params(Type::main).tls || params(Type::cursor).tls);
    o.secure_channels = {"all"};
    g_assert_true(params(Type::webdav).tls);
    o.tls_port = "5901";
    o.unix_path = "/x";
    g_assert_true(params(Type::main).tls_port == "5901");
    g_assert_true(params(Type::main).unix_path == "/x");
    o.ca = "pem", o.ca_file = "/ca", o.ciphers = "HIGH", o.pubkey = "der", o.cert_subject = "CN=x", o.verify = 5;
    const auto policy = params(Type::main).tls_policy;
    g_assert_true(policy->host == o.host && policy->ca == "pem" && policy->ca_file == "/ca" && policy->ciphers == "HIGH");
    g_assert_true(policy->pubkey == "der" && policy->subject == "CN=x" && policy->verify == 5);
    auto proxy = std::make_shared<spice::session::ProxyUri>();
    o.proxy = proxy;
    *proxy = {"HTTPS", "proxy", 3129, {}, {}};
    auto target = params(Type::main).proxy;
    g_assert_true(target && target->https && target->host == "proxy" && target->port == 3129 && !target->user);
    *proxy = {"http", "::1", 80, "user", "word"}; // the application may change it
    target = params(Type::main).proxy;
    g_assert_true(target && !target->https && target->host == "::1" && target->user == "user" && target->password == "word");
    proxy->port = 65536;
    g_assert_cmpint(params(Type::main).proxy->port, ==, 0); // fails later, never goes around it
    o.proxy = {};
    o.proxy_unreadable = true;
    g_assert_true(params(Type::main).proxy && params(Type::main).proxy->host.empty());
}

void test_cache_sizes() {
    App app;
    const auto sizes = [&](uint32_t ram_hint) {
        app.session->main_initialised(1, ram_hint);
        return std::pair{app.session->display_caches()->cache_size, app.session->display_caches()->window_size};
    };
    g_assert_true((sizes(0) == std::pair<uint64_t, uint64_t>{20u << 20, 3u << 20}));
    g_assert_true((sizes(64u << 20) == std::pair<uint64_t, uint64_t>{20u << 20, 8u << 20}));
    g_assert_true((sizes(UINT32_MAX) == std::pair<uint64_t, uint64_t>{20u << 20, 16u << 20}));
    app.session->options.cache_size = 4096;
    app.session->options.glz_window_size = 8192;
    g_assert_true((sizes(0) == std::pair<uint64_t, uint64_t>{1024, 2048}));
}

// A server says as often as it likes that it moves to where only the application could connect.
void test_moves_refused() {
    App app;
    static unsigned warnings;
    warnings = 0;
    app.session->options.client_sockets = true;
    spice::log::set_sink([](spice::log::Level level, const char *) { warnings += level >= spice::log::Level::warning; });
    for (int i = 0; i < 1000; ++i) app.session->switch_host({});
    spice::log::set_sink(nullptr);
    g_assert_cmpuint(warnings, >, 0);
    g_assert_cmpuint(warnings, <, 30);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"connect", test_connect},
        {"listed-one-a-turn", test_listed_one_a_turn},
        {"strange-lists", test_strange_lists},
        {"disconnect", test_disconnect},
        {"disconnect-without-channels", test_disconnect_without_channels},
        {"kept-channel", test_kept_channel},
        {"dispose", test_dispose},
        {"moves-refused", test_moves_refused},
        {"server-dies", test_server_dies},
        {"connect-while-connected", test_connect_while_connected},
        {"password", test_password},
        {"connect-while-disconnecting", test_connect_while_disconnecting},
        {"application-sockets", test_application_sockets},
        {"disconnect-in-handlers", test_disconnect_in_handlers},
        {"reconnect-in-disconnected", test_reconnect_in_disconnected},
        {"reconnect-after-refusal", test_reconnect_after_refusal},
        {"attempt-params", test_attempt_params},
        {"cache-sizes", test_cache_sizes},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/session/"} + test.name).c_str(), test.run);
    return g_test_run();
}
