// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "behaviour.hh"

#include <algorithm>

namespace spice::test {

namespace {

struct Witness {
    GClosure closure;
    Stage *stage;
    char *text; // "main-0 channel-event"
};

std::string text_of(const GValue *value) {
    if (G_VALUE_HOLDS_PARAM(value)) return g_value_get_param(value)->name;
    if (G_VALUE_HOLDS_OBJECT(value)) {
        auto *object = g_value_get_object(value);
        return object && SPICE_IS_CHANNEL(object) ? name_of(SPICE_CHANNEL(object)) : object ? G_OBJECT_TYPE_NAME(object) : "null";
    }
    if (G_VALUE_HOLDS_ENUM(value)) {
        auto *klass = G_ENUM_CLASS(g_type_class_ref(G_VALUE_TYPE(value)));
        const std::string nick = g_enum_get_value(klass, g_value_get_enum(value))->value_nick;
        g_type_class_unref(klass);
        return nick;
    }
    if (G_VALUE_HOLDS_BOXED(value) || G_VALUE_HOLDS_POINTER(value)) return g_value_peek_pointer(value) ? "set" : "null";
    GValue text = G_VALUE_INIT;
    g_value_init(&text, G_TYPE_STRING);
    g_value_transform(value, &text);
    const std::string out = g_value_get_string(&text) ? g_value_get_string(&text) : "";
    g_value_unset(&text);
    return out;
}

void free_text(gpointer, GClosure *closure) { g_free(reinterpret_cast<Witness *>(closure)->text); }

}

void on_signal(GClosure *closure, GValue *answer, guint count, const GValue *values, gpointer, gpointer) {
    auto *witness = reinterpret_cast<Witness *>(closure);
    std::string line = witness->text;
    for (guint i = 1; i < count; ++i) line += " " + text_of(values + i);
    if (answer && G_VALUE_HOLDS_BOOLEAN(answer)) g_value_set_boolean(answer, TRUE);
    auto *object = static_cast<GObject *>(g_value_get_object(values));
    auto *stage = witness->stage;
    if (line.starts_with("session channel-new ")) {
        auto *channel = SPICE_CHANNEL(g_value_get_object(values + 1));
        stage->watch(G_OBJECT(channel), name_of(channel));
        stage->write(line, object);
        if (stage->connect_channels && !SPICE_IS_MAIN_CHANNEL(channel)) spice_channel_connect(channel);
        return;
    }
    stage->write(line, object);
}

std::string difference(const Lines &got, const Lines &wanted) {
    if (got == wanted) return {};
    std::string out;
    for (const auto &line : got) out += (out.empty() ? "" : ", ") + line;
    return "came: " + (out.empty() ? "nothing" : out);
}

std::string name_of(SpiceChannel *channel) {
    return std::string{spice_channel_type_to_string(number_of(channel, "channel-type"))} + "-" +
           std::to_string(number_of(channel, "channel-id"));
}

bool flag_of(gpointer object, const char *property) {
    gboolean value = FALSE;
    g_object_get(object, property, &value, nullptr);
    return value != FALSE;
}

int number_of(gpointer object, const char *property) {
    int value = 0;
    g_object_get(object, property, &value, nullptr);
    return value;
}

ByteVector vm_name(std::string_view name) { return Bytes().u32(name.size() + 1).text(name).u8(0); }
ByteVector vm_uuid() { return Bytes().zeros(15).u8(9); }

Stage::Stage() : session{spice_session_new()} { watch(G_OBJECT(session), "session"); }

Stage::~Stage() {
    if (!session) return;
    g_object_run_dispose(G_OBJECT(session));
    g_object_unref(session);
    settle(10);
}

void Stage::watch(GObject *object, const std::string &name) {
    std::vector<GType> types;
    for (GType type = G_OBJECT_TYPE(object); type != 0; type = g_type_parent(type)) types.push_back(type);
    for (const auto type : types) {
        guint count = 0;
        guint *ids = g_signal_list_ids(type, &count);
        for (guint i = 0; i < count; ++i) {
            auto *closure = g_closure_new_simple(sizeof(Witness), nullptr);
            auto *witness = reinterpret_cast<Witness *>(closure);
            witness->stage = this;
            witness->text = g_strconcat(name.c_str(), " ", g_signal_name(ids[i]), nullptr);
            g_closure_add_finalize_notifier(closure, nullptr, free_text);
            g_closure_set_marshal(closure, on_signal);
            g_signal_connect_closure_by_id(object, ids[i], 0, closure, FALSE);
        }
        g_free(ids);
    }
}

void Stage::write(const std::string &line, GObject *object) {
    lines.push_back(line);
    from_loop.push_back(g_main_depth() > 0);
    if (in_call) in_calls.push_back(line);
    if (on_line) on_line(line, object);
}

void Stage::start() {
    g_assert_true(server.start());
    g_object_set(session, "uri", server.uri().c_str(), nullptr);
    forget();
}

bool Stage::open() {
    start();
    return connect() && wait("main-0 channel-event opened");
}

bool Stage::until(const std::function<bool()> &done, unsigned limit_ms) {
    bool late = false;
    const auto timeout = g_timeout_add(
        limit_ms, [](gpointer flag) -> gboolean { return *static_cast<bool *>(flag) = true, G_SOURCE_CONTINUE; }, &late);
    const auto tick = g_timeout_add(5, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
    while (!done() && !late) g_main_context_iteration(nullptr, TRUE);
    g_source_remove(timeout);
    g_source_remove(tick);
    return !late;
}

bool Stage::wait(const std::string &line, std::size_t times) {
    return until([&] { return count(line) >= times; });
}

void Stage::settle(unsigned ms) {
    until([] { return false; }, ms);
}

std::size_t Stage::count(std::string_view line) const {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
}

std::ptrdiff_t Stage::index(std::string_view line) const {
    const auto found = std::find(lines.begin(), lines.end(), line);
    return found == lines.end() ? -1 : found - lines.begin();
}

Lines Stage::of(std::string_view prefix) const {
    Lines out;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(out), [&](const auto &l) { return l.starts_with(prefix); });
    return out;
}

Lines Stage::events() const {
    Lines out;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(out), [](const auto &l) {
        return l.find(" channel-event ") != std::string::npos || l.starts_with("session channel-") || l == "session disconnected";
    });
    return out;
}

SpiceChannel *Stage::channel(int type, int id) const {
    auto *list = spice_session_get_channels(session);
    SpiceChannel *found = nullptr;
    for (auto *item = list; item; item = item->next)
        if (number_of(item->data, "channel-type") == type && number_of(item->data, "channel-id") == id)
            found = SPICE_CHANNEL(item->data);
    g_list_free(list);
    return found;
}

}
