// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Sessions that end inside a signal handler, for every signal there is, against a real server; and processes that exit
// in the middle of a session. Run under ThreadSanitizer too.
#include "certificates.hh"
#include "channel-threads.hh"
#include "port-peer.hh"
#include "server-process.hh"

#include "base/glib/glib-ptr.hh"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <spice-client.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using spice::Ref;
using spice::test::ServerProcess;

constexpr int sessions = 200;
constexpr int exits = 100;
constexpr guint limit_ms = 20'000;
constexpr int server_is_gone = 9; // exit status of a child that found no server

const char *const signals[] = {
    "session channel-new",         "session channel-destroy",       "session notify::name",
    "session notify::uuid",        "session mm-time-reset",         "main channel-event",
    "main main-mouse-update",      "main notify::mouse-mode",       "display channel-event",
    "display display-primary-create", "display display-invalidate", "display display-mark",
    "display notify::monitors",    "inputs channel-event",          "inputs inputs-modifiers",
    "cursor channel-event",        "cursor notify::cursor",         "cursor cursor-set",
    "playback channel-event",      "record channel-event",          "port channel-event",
    "port notify::port-name",      "port notify::port-opened",      "port port-event",
    "webdav channel-event",        "webdav notify::port-opened",    "webdav port-event",
};

enum class How { disconnect_session, disconnect_channel, drop_session, reconnect, change_properties, n };

std::string program;

// One application. Ends its session in the chosen way when the chosen signal comes for the first time.
class Victim {
public:
    Victim(const std::string &uri, std::string signal, How how) : signal_{std::move(signal)}, how_{how} {
        loop_ = g_main_loop_new(nullptr, FALSE);
        session_ = Ref<SpiceSession>::take(spice_session_new());
        g_object_set(session_.get(), "uri", uri.c_str(), nullptr);
        watch(session_.get(), "session");
        g_signal_connect_swapped(session_.get(), "channel-new", G_CALLBACK(+[](Victim *self, SpiceChannel *channel) {
                                     self->adopt(channel);
                                 }),
                                 this);
        g_signal_connect_swapped(session_.get(), "disconnected", G_CALLBACK(+[](Victim *self) {
                                     self->ended_ = true;
                                     g_main_loop_quit(self->loop_);
                                 }),
                                 this);
        // Comes with the last reference, also when that is dropped in a handler.
        g_object_weak_ref(G_OBJECT(session_.get()), session_gone, this);
    }
    ~Victim() {
        if (!gone_) {
            g_object_weak_unref(G_OBJECT(session_.get()), session_gone, this);
            g_signal_handlers_disconnect_by_data(session_.get(), this);
        }
        g_main_loop_unref(loop_);
    }

    // True when the signal came and the session ended.
    bool run() {
        const auto timer = g_timeout_add(limit_ms, [](gpointer data) -> gboolean {
            auto *self = static_cast<Victim *>(data);
            self->timed_out_ = true;
            g_main_loop_quit(self->loop_);
            return G_SOURCE_CONTINUE;
        }, this);
        if (session_) spice_session_connect(session_.get());
        while (!ended_ && !gone_ && !timed_out_ && !server_gone_) g_main_loop_run(loop_);
        g_source_remove(timer);
        return fired_ && !timed_out_;
    }

    // libspice-server 0.15 can die of a client that vanishes while its display is being connected.
    bool lost_server() const noexcept { return server_gone_ && !fired_; }

private:
    void adopt(SpiceChannel *channel) {
        int type = 0;
        g_object_get(channel, "channel-type", &type, nullptr);
        watch(channel, spice_channel_type_to_string(type));
        if (type == SPICE_CHANNEL_MAIN) hook(channel, "channel-event", main_event);
        else spice_channel_connect(channel);
    }

    // The server needs a moment to let go of the client before, and refuses the next one until then.
    void try_again() {
        if (fired_ || !session_) return;
        g_timeout_add_full(G_PRIORITY_DEFAULT, 20, [](gpointer data) -> gboolean {
            spice_session_connect(SPICE_SESSION(data));
            return G_SOURCE_REMOVE;
        }, g_object_ref(session_.get()), g_object_unref);
    }

    void watch(gpointer object, const char *name) {
        const auto prefix = std::string{name} + " ";
        if (signal_.compare(0, prefix.size(), prefix) != 0) return;
        hook(object, signal_.c_str() + prefix.size(), +[](Hook *h) {
            if (auto self = h->victim.lock()) (*self)->fire(h->emitter);
        });
    }

    // Channels may outlive their victim by a last event. Swapped, so that one handler serves any signal.
    struct Hook {
        std::weak_ptr<Victim *> victim;
        gpointer emitter;
    };
    template <class F> void hook(gpointer object, const char *signal, F handler) {
        g_signal_connect_data(object, signal, G_CALLBACK(handler), new Hook{self_, object},
                              [](gpointer h, GClosure *) { delete static_cast<Hook *>(h); }, G_CONNECT_SWAPPED);
    }
    static void main_event(Hook *h, SpiceChannelEvent event) {
        auto self = h->victim.lock();
        if (!self || event == SPICE_CHANNEL_OPENED) return;
        if (event == SPICE_CHANNEL_ERROR_CONNECT) (*self)->server_gone();
        else (*self)->try_again();
    }

    void server_gone() {
        server_gone_ = true;
        g_main_loop_quit(loop_);
    }

    void fire(gpointer emitter) {
        if (fired_) return;
        fired_ = true;
        switch (how_) {
        case How::disconnect_channel:
            if (SPICE_IS_CHANNEL(emitter)) spice_channel_disconnect(SPICE_CHANNEL(emitter), SPICE_CHANNEL_CLOSED);
            spice_session_disconnect(session_.get());
            break;
        case How::drop_session: session_ = {}; break;
        case How::change_properties:
            g_object_set(session_.get(), "read-only", TRUE, "share-dir-ro", TRUE, "shared-dir", nullptr, "enable-audio", FALSE,
                         "password", "other", "host", "nowhere", "secure-channels", nullptr, "cache-size", 1, nullptr);
            g_object_set(session_.get(), "read-only", FALSE, nullptr);
            spice_session_disconnect(session_.get());
            break;
        case How::reconnect:
            spice_session_connect(session_.get());
            spice_session_disconnect(session_.get());
            break;
        default: spice_session_disconnect(session_.get());
        }
    }

    static void session_gone(gpointer data, GObject *) {
        auto *self = static_cast<Victim *>(data);
        self->gone_ = true;
        self->session_.release();
        g_main_loop_quit(self->loop_);
    }

    std::shared_ptr<Victim *> self_ = std::make_shared<Victim *>(this);
    std::string signal_;
    How how_;
    GMainLoop *loop_ = nullptr;
    Ref<SpiceSession> session_;
    bool fired_ = false, ended_ = false, gone_ = false, timed_out_ = false, server_gone_ = false;
};

// With everything that makes channels; somebody is at the other end of both ports.
class FullServer {
public:
    FullServer() {
        g_assert_true(server_.start({"--size", "640x480", "--fps", "50", "--sound", "--ports",
                                     "org.example.line.0,org.spice-space.webdav.0"}));
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            g_assert_true(peers_[i].listen(server_.folder() + "/port" + std::to_string(i)));
            g_assert_true(server_.ok("port " + std::to_string(i) + " connect " + peers_[i].path()));
            g_assert_true(peers_[i].accept());
        }
    }
    std::string uri() const { return server_.uri(); }

private:
    ServerProcess server_;
    std::array<spice::test::PortPeer, 2> peers_;
};

std::unique_ptr<FullServer> start_server() { return std::make_unique<FullServer>(); }

// Whatever is emitted comes in the thread of the main context.
gboolean in_main_context(GSignalInvocationHint *, guint, const GValue *, gpointer emissions) {
    static GThread *const main_thread = g_thread_self(); // of the first one, inside spice_session_connect()
    g_assert_true(g_thread_self() == main_thread);
    ++*static_cast<unsigned *>(emissions);
    return TRUE;
}

void watch_all_signals(unsigned &emissions) {
    for (const GType type : {SPICE_TYPE_SESSION, SPICE_TYPE_CHANNEL, SPICE_TYPE_MAIN_CHANNEL, SPICE_TYPE_DISPLAY_CHANNEL,
                             SPICE_TYPE_INPUTS_CHANNEL, SPICE_TYPE_CURSOR_CHANNEL, SPICE_TYPE_PORT_CHANNEL,
                             SPICE_TYPE_PLAYBACK_CHANNEL, SPICE_TYPE_RECORD_CHANNEL}) {
        g_type_ensure(type);
        auto *klass = g_type_class_ref(type);
        guint n = 0;
        g_autofree guint *ids = g_signal_list_ids(type, &n);
        for (guint i = 0; i < n; ++i) g_signal_add_emission_hook(ids[i], 0, in_main_context, &emissions, nullptr);
        g_type_class_unref(klass);
    }
}

void test_cycle() {
    static unsigned emissions = 0;
    watch_all_signals(emissions);
    auto server = start_server();
    int restarts = 0;
    for (int i = 0; i < sessions; ++i) {
        const std::string signal = signals[static_cast<std::size_t>(i) % std::size(signals)];
        if (signal == "session channel-destroy") continue; // see test_destroy
        const auto how = static_cast<How>(static_cast<std::size_t>(i) / std::size(signals) % static_cast<std::size_t>(How::n));
        auto victim = std::make_unique<Victim>(server->uri(), signal, how);
        bool ended = victim->run();
        while (!ended && victim->lost_server() && restarts < sessions) {
            ++restarts;
            server = start_server();
            victim = std::make_unique<Victim>(server->uri(), signal, how);
            ended = victim->run();
        }
        if (!ended) {
            g_test_message("session %d, %s, way %d", i, signal.c_str(), static_cast<int>(how));
            g_test_fail();
            return;
        }
    }
    spice::test::assert_channel_threads_end();
    g_assert_cmpuint(emissions, >, sessions);
}

// Disconnecting again, and connecting, while channels are being destroyed.
void test_destroy() {
    ServerProcess server;
    g_assert_true(server.start({"--size", "320x240", "--still"}));
    for (int i = 0; i < 10; ++i) {
        auto *loop = g_main_loop_new(nullptr, FALSE);
        auto session = Ref<SpiceSession>::take(spice_session_new());
        g_object_set(session.get(), "uri", server.uri().c_str(), nullptr);
        g_signal_connect(session.get(), "channel-new", G_CALLBACK(+[](SpiceSession *s, SpiceChannel *channel) {
                             if (!SPICE_IS_MAIN_CHANNEL(channel)) spice_channel_connect(channel);
                             if (SPICE_IS_DISPLAY_CHANNEL(channel))
                                 g_signal_connect_swapped(channel, "display-mark", G_CALLBACK(spice_session_disconnect), s);
                         }),
                         nullptr);
        g_signal_connect(session.get(), "channel-destroy", G_CALLBACK(+[](SpiceSession *s, SpiceChannel *channel) {
                             spice_session_disconnect(s);
                             spice_channel_disconnect(channel, SPICE_CHANNEL_NONE);
                         }),
                         nullptr);
        g_signal_connect_swapped(session.get(), "disconnected", G_CALLBACK(g_main_loop_quit), loop);
        spice_session_connect(session.get());
        g_main_loop_run(loop);
        g_main_loop_unref(loop);
    }
    spice::test::assert_channel_threads_end();
}

// The child of test_exit: exits in the middle of a session, a little later each time.
[[noreturn]] void exit_in_session(const char *uri, int after, const char *ca_file) {
    auto *session = spice_session_new();
    g_object_set(session, "uri", uri, "ca-file", *ca_file ? ca_file : nullptr, nullptr);
    static int left;
    left = after;
    g_signal_connect(session, "channel-new", G_CALLBACK(+[](SpiceSession *, SpiceChannel *channel) {
                         if (!SPICE_IS_MAIN_CHANNEL(channel)) spice_channel_connect(channel);
                         g_signal_connect_swapped(channel, "channel-event", G_CALLBACK(+[](int *n, int event) {
                                                      if (event == SPICE_CHANNEL_ERROR_CONNECT) _exit(server_is_gone);
                                                      if (--*n < 0) std::exit(0);
                                                  }),
                                                  &left);
                         if (SPICE_IS_DISPLAY_CHANNEL(channel))
                             g_signal_connect_swapped(channel, "display-invalidate", G_CALLBACK(+[](int *n) {
                                                          if (--*n < 0) std::exit(0);
                                                      }),
                                                      &left);
                     }),
                     nullptr);
    // A server that is busy with the end of the child before says nothing at all.
    g_timeout_add_seconds(5, [](gpointer) -> gboolean { _exit(server_is_gone); }, nullptr);
    spice_session_connect(session);
    auto *loop = g_main_loop_new(nullptr, FALSE);
    g_main_loop_run(loop);
    std::abort();
}

int run_child(const std::string &uri, int after, const std::string &ca_file) {
    const auto events = std::to_string(after);
    const char *argv[] = {program.c_str(), "--exit-child", uri.c_str(), events.c_str(), ca_file.c_str(), nullptr};
    int status = -1;
    g_autoptr(GError) error = nullptr;
    // What is in use in the middle of a session is no leak.
    spice::StrvPtr environment{g_environ_setenv(g_get_environ(), "ASAN_OPTIONS", "detect_leaks=0", TRUE)};
    g_assert_true(g_spawn_sync(nullptr, const_cast<char **>(argv), environment.get(), G_SPAWN_DEFAULT, nullptr, nullptr, nullptr,
                               nullptr, &status, &error));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// A server of TLS with a certificate of its own; the files are gone with it.
struct SecureServer {
    SecureServer() {
        spice::StrPtr made{g_dir_make_tmp("spice-cycle-XXXXXX", nullptr)};
        folder = made.get();
        const spice::test::Identity authority{{.subject = {{"CN", "Test Authority"}}, .authority = true}};
        const spice::test::Identity identity{{.subject = {{"CN", "vm.test"}}, .alt_names = {"IP:127.0.0.1"}}, &authority};
        write("ca-cert.pem", authority.pem());
        write("server-cert.pem", identity.pem());
        write("server-key.pem", identity.key_pem());
        start();
    }
    ~SecureServer() {
        server.reset();
        for (const auto &path : files) unlink(path.c_str());
        rmdir(folder.c_str());
    }
    SecureServer(const SecureServer &) = delete;
    SecureServer &operator=(const SecureServer &) = delete;
    void start() {
        server = std::make_unique<ServerProcess>();
        g_assert_true(server->start({"--size", "640x480", "--fps", "50", "--tls-port", "0", "--x509-dir", folder}));
    }
    std::string uri() const { return "spice+tls://127.0.0.1:" + std::to_string(server->tls_port()); }
    std::string ca_file() const { return folder + "/ca-cert.pem"; }
    void write(const char *name, const std::string &text) {
        files.push_back(folder + "/" + name);
        g_assert_true(g_file_set_contents(files.back().c_str(), text.c_str(), -1, nullptr));
    }
    std::string folder;
    std::vector<std::string> files;
    std::unique_ptr<ServerProcess> server;
};

void test_exit_tls() {
    SecureServer server;
    int done = 0;
    for (int restarts = 0; done < exits && restarts < exits;) {
        const int status = run_child(server.uri(), done % 20, server.ca_file());
        if (status == server_is_gone) { // see Victim::lost_server()
            ++restarts;
            server.start();
            continue;
        }
        if (status != 0) g_test_message("exit %d: status %d", done, status);
        g_assert_cmpint(status, ==, 0);
        ++done;
    }
    g_assert_cmpint(done, ==, exits);
}

void test_exit() {
    auto server = start_server();
    int done = 0, restarts = 0;
    while (done < exits && restarts < exits) {
        const int status = run_child(server->uri(), done % 20, {});
        if (status == server_is_gone) { // see Victim::lost_server()
            ++restarts;
            server = start_server();
            continue;
        }
        if (status != 0) {
            g_test_message("exit %d: status %d", done, status);
            g_test_fail();
            return;
        }
        ++done;
    }
    g_assert_cmpint(done, ==, exits);
}

}

int main(int argc, char **argv) {
    program = argv[0];
    if (argc == 5 && std::strcmp(argv[1], "--exit-child") == 0) exit_in_session(argv[2], std::atoi(argv[3]), argv[4]);
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) {
        g_print("1..0 # SKIP the test server is not built\n");
        return 77;
    }
    g_test_add_func("/session-cycle/every-signal", test_cycle);
    g_test_add_func("/session-cycle/destroy", test_destroy);
    g_test_add_func("/session-cycle/exit", test_exit);
    g_test_add_func("/session-cycle/exit-tls", test_exit_tls);
    return g_test_run();
}
