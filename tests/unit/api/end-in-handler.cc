// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "end-in-handler.hh"

#include <unistd.h>

namespace spice::test {

namespace {

constexpr guint limit_ms = 10'000;

// Swapped, so that one handler serves signals of any signature.
struct Hook {
    Victim *victim;
    gpointer emitter;
};

std::set<std::string> all_notified;
bool changing = false; // the test does

struct Job {
    Victim *victim;
    std::function<void(Victim &)> function;
    SpiceSession *session = nullptr; // weak: when it has gone the victim may have, too
    ~Job() { g_clear_weak_pointer(&session); }
};

bool in_session(SpiceChannel *channel) {
    SpiceSession *session = nullptr;
    g_object_get(channel, "spice-session", &session, nullptr);
    if (session) g_object_unref(session);
    return session != nullptr;
}

void set_again(GObject *object) {
    guint count = 0;
    g_autofree GParamSpec **specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(object), &count);
    for (auto *spec : std::span{specs, count}) {
        // What the server sets is refused with a warning.
        const bool volume = g_str_equal(spec->name, "nchannels") || g_str_equal(spec->name, "min-latency");
        const bool fixed = spec->flags & G_PARAM_CONSTRUCT_ONLY || spec->flags & G_PARAM_DEPRECATED;
        if (!(spec->flags & G_PARAM_READABLE) || !(spec->flags & G_PARAM_WRITABLE) || fixed || volume) continue;
        GValue value = G_VALUE_INIT;
        g_value_init(&value, spec->value_type);
        g_object_get_property(object, spec->name, &value);
        g_object_set_property(object, spec->name, &value);
        g_value_unset(&value);
    }
}

}

const char *name_of(How how) {
    switch (how) {
    case How::disconnect_session: return "disconnect the session";
    case How::disconnect_channel: return "disconnect the channel";
    case How::destroy_channel: return "destroy the channel";
    case How::drop_session: return "drop the session";
    case How::connect: return "connect";
    case How::reconnect: return "disconnect and connect again";
    case How::change_properties: return "change properties";
    case How::n: break;
    }
    return "?";
}

Victim::Victim(std::string signal, How how)
    : connect{[this] { return spice_session_connect(session()) != FALSE; }}, signal_{std::move(signal)}, how_{how},
      session_{Ref<SpiceSession>::take(spice_session_new())} {
    // Before the chosen handler, which may leave nothing to look at.
    g_signal_connect(session(), "disconnected", G_CALLBACK(disconnected), this);
    adopt(session(), "session");
    g_signal_connect(session(), "channel-new", G_CALLBACK(channel_new), this);
}

Victim::~Victim() {
    for (const auto &[object, handler] : foreign_) g_signal_handler_disconnect(object, handler);
    server.stop();
    if (!unix_path.empty()) rmdir(unix_path.substr(0, unix_path.rfind('/')).c_str());
}

void Victim::disconnected(SpiceSession *session, Victim *self) {
    ++self->disconnected_;
    if (std::exchange(self->reconnects_, false)) g_assert_true(spice_session_connect(session));
}

void Victim::channel_new(SpiceSession *, SpiceChannel *channel, Victim *self) {
    int type = 0;
    g_object_get(channel, "channel-type", &type, nullptr);
    g_signal_connect(channel, "channel-event", G_CALLBACK(channel_event), self);
    self->adopt(channel, spice_channel_type_to_string(type));
    if (type == SPICE_CHANNEL_MAIN) g_set_weak_pointer(&self->main_, channel);
    if (self->on_channel) self->on_channel(channel);
    if (type != SPICE_CHANNEL_MAIN && in_session(channel)) spice_channel_connect(channel); // a handler may have ended it
}

void Victim::channel_event(SpiceChannel *channel, SpiceChannelEvent event, Victim *self) {
    if (event == SPICE_CHANNEL_OPENED && self->on_opened && !self->fired_) self->on_opened(channel);
}

SpiceChannel *Victim::channel(int type) const {
    auto *list = spice_session_get_channels(session());
    SpiceChannel *found = nullptr;
    for (auto *item = list; item; item = item->next) {
        int its_type = 0;
        g_object_get(item->data, "channel-type", &its_type, nullptr);
        if (its_type == type) found = SPICE_CHANNEL(item->data);
    }
    g_list_free(list);
    return found;
}

void Victim::later(std::function<void(Victim &)> function) {
    auto *job = new Job{this, std::move(function)};
    g_set_weak_pointer(&job->session, session());
    g_idle_add_full(
        G_PRIORITY_DEFAULT,
        [](gpointer data) -> gboolean {
            auto *self = static_cast<Job *>(data);
            if (self->session && !self->victim->fired_) self->function(*self->victim);
            return G_SOURCE_REMOVE;
        },
        job, [](gpointer data) { delete static_cast<Job *>(data); });
}

void Victim::watch(gpointer object, const char *name) {
    const auto prefix = std::string{name} + " ";
    if (!signal_.starts_with(prefix) || signal_.starts_with(prefix + "callback:")) return;
    // Some signals want an answer: no.
    const auto fires = +[](Hook *hook) -> gpointer { return hook->victim->fire(hook->emitter), nullptr; };
    const auto id = g_signal_connect_data(object, signal_.c_str() + prefix.size(), G_CALLBACK(fires), new Hook{this, object},
                                          [](gpointer hook, GClosure *) { delete static_cast<Hook *>(hook); }, G_CONNECT_SWAPPED);
    if (SPICE_IS_SMARTCARD_MANAGER(object)) foreign_.emplace_back(object, id);
}

// Data of an object go when it is finalised, weak references already when it is disposed of.
void Victim::adopt(gpointer object, const char *name) {
    static const char *const key = "end-in-handler";
    if (!g_object_get_data(G_OBJECT(object), key)) {
        ++alive_;
        g_object_set_data_full(G_OBJECT(object), key, this, [](gpointer self) { --static_cast<Victim *>(self)->alive_; });
    }
    const auto notify = +[](GObject *, GParamSpec *spec, const char *its_name) {
        if (!changing) all_notified.insert(std::string{its_name} + " notify::" + spec->name);
    };
    g_signal_connect(object, "notify", G_CALLBACK(notify), const_cast<char *>(g_intern_string(name)));
    watch(object, name);
}

void Victim::answered(GObject *source, GAsyncResult *, gpointer victim) { static_cast<Victim *>(victim)->fire(source); }

void Victim::fire(gpointer emitter) {
    if (skip_-- > 0 || fired_++ > 0) return;
    links_ = server.links().size() + target.links().size();
    end_now(emitter);
}

void Victim::end_now(gpointer emitter) {
    auto *channel = SPICE_IS_CHANNEL(emitter) ? SPICE_CHANNEL(emitter) : main_;
    switch (how_) {
    case How::disconnect_channel:
        if (channel) spice_channel_disconnect(channel, SPICE_CHANNEL_ERROR_IO);
        break; // the session goes when the channel has gone
    case How::destroy_channel:
        G_GNUC_BEGIN_IGNORE_DEPRECATIONS
        if (channel && in_session(channel)) spice_channel_destroy(channel);
        G_GNUC_END_IGNORE_DEPRECATIONS
        break;
    case How::drop_session: drop(); break;
    case How::connect: g_assert_true(spice_session_connect(session())); break;
    case How::reconnect:
        if (disconnected_ > 0) { // it has ended already
            g_assert_true(spice_session_connect(session()));
            break;
        }
        reconnects_ = true;
        spice_session_disconnect(session());
        break;
    case How::change_properties:
        change_properties(emitter);
        spice_session_disconnect(session());
        break;
    default: spice_session_disconnect(session());
    }
}

void Victim::drop() {
    held_ = {};
    session_ = {};
}

void Victim::change_properties(gpointer emitter) {
    changing = true;
    if (emitter) set_again(G_OBJECT(emitter));
    set_again(G_OBJECT(session()));
    g_object_set(session(), "read-only", TRUE, "share-dir-ro", TRUE, "shared-dir", "/", "enable-audio", FALSE,
                 "enable-usbredir", FALSE, "enable-smartcard", FALSE, "password", "other", "host", "nowhere", "port", "1",
                 "tls-port", "2", "secure-channels", nullptr, "cache-size", 1, "glz-window-size", 1, "verify", SPICE_SESSION_VERIFY_PUBKEY,
                 "proxy", "http://nowhere:1", nullptr);
    g_object_set(session(), "read-only", FALSE, "shared-dir", nullptr, nullptr);
    changing = false;
}

bool Victim::until(const std::function<bool()> &done) {
    bool late = false;
    const auto timeout = g_timeout_add(
        limit_ms, [](gpointer flag) -> gboolean { return *static_cast<bool *>(flag) = true, G_SOURCE_CONTINUE; }, &late);
    // What other threads do wakes nobody.
    const auto tick = g_timeout_add(2, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
    while (!done() && !late) g_main_context_iteration(nullptr, TRUE);
    g_source_remove(timeout);
    g_source_remove(tick);
    return done();
}

void Victim::fail(const char *what) {
    failed_ = true;
    g_test_message("%s, %s: %s", signal_.c_str(), name_of(how_), what);
    const auto faults = server.failures() + target.failures();
    if (!faults.empty()) g_test_message("server: %s", faults.c_str());
}

// What the handler left to be ended ends.
bool Victim::end() {
    if (how_ == How::reconnect && !until([&] { return server.links().size() + target.links().size() > links_; }))
        fail("it did not connect again");
    const int before = how_ == How::reconnect ? disconnected_ : 0;
    if (session_) spice_session_disconnect(session());
    // A session that lost its only channel has ended, and need not say so.
    const bool told = how_ != How::drop_session && how_ != How::destroy_channel;
    if (told && !until([&] { return disconnected_ > before; })) fail("the session did not end");
    drop();
    if (!until([&] { return alive_ == 0; })) fail("something was not finalised");
    if (server.main().connected(1, Milliseconds{0}) && !server.main().closed()) fail("a connection stayed open");
    return !failed_;
}

bool Victim::run() {
    const bool listening = unix_path.empty() ? server.start() : server.start(unix_path);
    g_assert_true(listening);
    changing = true;
    g_object_set(session(), "uri", server.uri().c_str(), nullptr);
    changing = false;
    const bool connects = connect();
    g_assert_true(connects || fired_ > 0);
    if (!until([&] { return fired_ > 0; })) fail("the signal did not come");
    const bool good = end();
    g_clear_weak_pointer(&main_);
    return good;
}

const std::set<std::string> &notified() { return all_notified; }

}
