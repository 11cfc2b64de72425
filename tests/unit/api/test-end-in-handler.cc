// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Sessions that end inside a handler, in every way, for every signal and callback there is; and that none was forgotten.
// Run under the sanitizers, too: what a handler ends is not used any more.
#include "card-database.hh"
#include "end-in-handler.hh"

#include "channel-threads.hh"

#include <algorithm>
#include <deque>
#include <gst/gst.h>
#include <memory>

using namespace spice::test;

namespace {

// What no server can bring about here.
struct Exception {
    const char *signal, *reason;
};
constexpr Exception exceptions[] = {
    {"display streaming-mode", "only announced, for programs that connect to it; it never comes"},
    {"manager device-removed", "needs a device that is pulled out"},
    {"manager device-error", "needs a device that breaks while the guest has it"},
    {"session notify::webdav-server", "the same from the beginning"},
    {"main notify::agent-caps-0", "main-agent-update tells of it"},
    {"display notify::width", "display-primary-create tells of it"},
    {"display notify::height", "display-primary-create tells of it"},
    {"inputs notify::key-modifiers", "inputs-modifiers tells of it"},
    {"channel notify::socket", "channel-event tells of it"},
    {"channel notify::total-read-bytes", "to be read now and then"},
    {"manager notify::free-channels", "to be read when it is needed"},
};

struct Kind {
    const char *name; // of the object in the tables
    GType type;
};

std::vector<Kind> kinds() {
    return {{"session", SPICE_TYPE_SESSION},
            {"target", SPICE_TYPE_SESSION},
            {"channel", SPICE_TYPE_CHANNEL},
            {"main", SPICE_TYPE_MAIN_CHANNEL},
            {"display", SPICE_TYPE_DISPLAY_CHANNEL},
            {"inputs", SPICE_TYPE_INPUTS_CHANNEL},
            {"cursor", SPICE_TYPE_CURSOR_CHANNEL},
            {"playback", SPICE_TYPE_PLAYBACK_CHANNEL},
            {"record", SPICE_TYPE_RECORD_CHANNEL},
            {"port", SPICE_TYPE_PORT_CHANNEL},
            {"webdav", SPICE_TYPE_WEBDAV_CHANNEL},
            {"usbredir", SPICE_TYPE_USBREDIR_CHANNEL},
            {"smartcard", SPICE_TYPE_SMARTCARD_CHANNEL},
            {"task", SPICE_TYPE_FILE_TRANSFER_TASK},
            {"qmp", SPICE_TYPE_QMP_PORT},
            {"manager", SPICE_TYPE_USB_DEVICE_MANAGER},
            {"cards", SPICE_TYPE_SMARTCARD_MANAGER},
            {"audio", SPICE_TYPE_AUDIO},
            {"uri", SPICE_TYPE_URI}};
}

std::vector<EndCase> all_cases() {
    std::vector<EndCase> all;
    for (const auto &some : {session_cases(), content_cases(), device_cases()}) all.insert(all.end(), some.begin(), some.end());
    return all;
}

GType type_of(std::string_view name) {
    for (const auto &kind : kinds())
        if (name == kind.name) return kind.type;
    return G_TYPE_INVALID;
}

// The tables have the signal for an object of that type, or of one that inherits it.
bool covered(GType owner, const std::string &signal) {
    const auto same = [&](std::string_view text) {
        const auto space = text.find(' ');
        return text.substr(space + 1) == signal && g_type_is_a(type_of(text.substr(0, space)), owner);
    };
    const auto cases = all_cases();
    return std::any_of(cases.begin(), cases.end(), [&](const EndCase &c) { return same(c.signal); }) ||
           std::any_of(std::begin(exceptions), std::end(exceptions), [&](const Exception &e) { return same(e.signal); });
}

void check(GType owner, const std::string &signal) {
    if (covered(owner, signal)) return;
    g_test_message("no test ends a session in %s of %s", signal.c_str(), g_type_name(owner));
    g_test_fail();
}

// All signals, and notify of what programs cannot set.
void test_complete() {
    for (const auto &[name, type] : kinds()) {
        auto *klass = G_OBJECT_CLASS(g_type_class_ref(type));
        guint count = 0;
        g_autofree guint *ids = g_signal_list_ids(type, &count);
        for (const auto id : std::span{ids, count}) check(type, g_signal_name(id));
        g_autofree GParamSpec **specs = g_object_class_list_properties(klass, &count);
        for (const auto *spec : std::span{specs, count})
            if (spec->owner_type == type && !(spec->flags & G_PARAM_WRITABLE)) check(type, std::string{"notify::"} + spec->name);
        g_type_class_unref(klass);
    }
}

// Whatever was notified by itself meanwhile is in the tables.
void test_notified() {
    for (const auto &line : notified()) {
        const auto space = line.find(' ');
        check(type_of(line.substr(0, space)), line.substr(space + 1));
    }
}

bool end_session(const EndCase &row, How how) {
    auto victim = std::make_unique<Victim>(row.signal, how);
    row.script(*victim);
    if (victim->run()) return true;
    (void)victim.release(); // something may still know it
    return false;
}

constexpr auto ways = static_cast<std::size_t>(How::n);

void test_case(gconstpointer data) {
    const auto &row = *static_cast<const EndCase *>(data);
    for (std::size_t i = 0; i < ways; ++i)
        if (!end_session(row, static_cast<How>(i))) return g_test_fail();
}

// One way is enough for a process.
struct ChildCase {
    EndCase row;
    How how;
};

void test_child_case(gconstpointer data) {
    const auto &child = *static_cast<const ChildCase *>(data);
    if (g_test_subprocess()) {
        g_assert_true(end_session(child.row, child.how));
        return;
    }
    if (!g_getenv("CARD_DATABASE")) return g_test_skip("certutil is not there");
    g_test_trap_subprocess(nullptr, 0, GTestSubprocessFlags(G_TEST_SUBPROCESS_INHERIT_STDERR));
    g_test_trap_assert_passed();
}

void test_threads() { spice::test::assert_channel_threads_end("spice-usb"); }

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    // Plugins of GStreamer may start threads that never end, with the name of the thread that looks at them first.
    gst_init(nullptr, nullptr);
    // Broken connections are announced by warnings.
    g_log_set_always_fatal(GLogLevelFlags(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL));
    const CardDatabase database;
    const auto cases = all_cases();
    std::deque<ChildCase> children; // which stay where they are
    int number = 0;
    for (const auto &row : cases) {
        std::string path = std::string{"/end-in-handler/"} + row.signal + "/" + std::to_string(number++);
        std::replace(path.begin(), path.end(), ' ', '/');
        if (!row.in_child) g_test_add_data_func(path.c_str(), &row, test_case);
        for (std::size_t i = 0; row.in_child && i < ways; ++i) {
            children.push_back({row, static_cast<How>(i)});
            g_test_add_data_func((path + "/" + std::to_string(i)).c_str(), &children.back(), test_child_case);
        }
    }
    // A suite of their own: they come after the others.
    g_test_add_func("/end-in-handlers/complete", test_complete);
    g_test_add_func("/end-in-handlers/notified", test_notified);
    g_test_add_func("/end-in-handlers/threads", test_threads);
    return g_test_run();
}
