// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/qmp-client.hh"

#include "base/log.hh"

#include <glib.h>

#include <vector>

using namespace spice::session;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span{text.data(), text.size()}); }

struct Monitor final : QmpClient::Observer {
    QmpClient client{*this};
    std::string log;
    void send(std::string line) override { log += "> " + line; }
    void on_ready() override { log += client.ready() ? "ready " : "not-ready "; }
    void on_event(const char *name, JsonNode *data) override { log += std::string{"event "} + name + (data ? " with data " : " "); }
    void hear(std::string_view text) { client.received(bytes(text)); }
    QmpClient::Done done(const char *name) {
        return [this, name](spice::Result<JsonNodePtr> result) {
            log += std::string{name} + (result ? "+ " : "- " + result.error().what + " ");
        };
    }
    std::string take() { return std::exchange(log, {}); }
};

void expect(const std::string &got, const char *wanted) { g_assert_cmpstr(got.c_str(), ==, wanted); }

void test_lines() {
    QmpLines lines;
    std::string seen;
    const auto feed = [&](std::string_view text) {
        return lines.feed(bytes(text), [&](std::string_view line) { seen += "[" + std::string{line} + "]"; });
    };
    g_assert_true(feed("one\r\ntw"));
    g_assert_true(feed("o\r"));
    g_assert_true(feed("\n\r\n\nthree\nfour"));
    expect(seen, "[one][two][three]");
    lines.clear();
    seen.clear();
    const std::string big(QmpLines::max_line / 2, 'x');
    g_assert_true(feed(big));
    g_assert_true(feed(big));
    g_assert_false(feed("x")); // told once
    for (int i = 0; i < 5; ++i) g_assert_true(feed(big));
    g_assert_true(feed("\r\nafter\r\n"));
    expect(seen, "[after]");
}

void test_acceptable() {
    g_assert_true(qmp_line_acceptable("{\"a\": [1, {\"b\": \"]}\\\"\"}]}"));
    g_assert_false(qmp_line_acceptable("{\"a\": [1}"));
    g_assert_false(qmp_line_acceptable("]["));
    g_assert_false(qmp_line_acceptable("{\"a"));
    g_assert_false(qmp_line_acceptable(std::string(100'000, '[')));
    g_assert_false(qmp_line_acceptable(std::string(70, '[') + std::string(70, ']')));
    std::string many = "[1";
    for (int i = 0; i < 1 << 19; ++i) many += ",1";
    g_assert_false(qmp_line_acceptable(many + "]"));
}

void test_conversation() {
    Monitor m;
    m.hear("{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n");
    m.client.opened();
    expect(m.take(), "> {\"execute\": \"qmp_capabilities\", \"id\": 0}\r\n");
    m.hear("{\"return\": {}, \"id\": 0}\r\n");
    expect(m.take(), "ready ");
    m.client.execute("stop", m.done("a"));
    m.client.execute("query-status", m.done("b"));
    m.client.execute("quit", m.done("c"));
    m.take();
    m.hear("{\"timestamp\": {}, \"event\": \"STOP\"}\r\n{\"event\": \"RESET\", \"data\": {}}\r\n"
           "{\"return\": {\"status\": \"paused\"}, \"id\": 2}\r\n"
           "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no way\"}, \"id\": 1}\r\n{\"return\": {}, \"id\": 77}\r\n"
           "{\"return\": {}, \"id\": 2}\r\n");
    expect(m.take(), "event STOP event RESET with data b+ a- no way ");
    m.client.closed("gone");
    expect(m.take(), "not-ready c- gone ");
}

void test_forget() {
    Monitor m;
    const auto id = m.client.execute("stop", m.done("a"));
    m.client.forget(id);
    m.take();
    m.hear("{\"return\": {}, \"id\": 0}\n");
    expect(m.take(), "");
}

// Whatever it says: nothing but a warning.
void test_nonsense() {
    Monitor m;
    m.client.opened();
    m.client.execute("stop", m.done("a"));
    m.take();
    for (const char *line : {"{", "[1, 2]", "7", "null", "\"text\"", "{\"return\": {}}", "{\"return\": {}, \"id\": \"0\"}",
                             "{\"return\": {}, \"id\": {}}", "{\"id\": 1}", "{\"event\": 5}", "{\"event\": {}, \"data\": 1}",
                             "\xff\xfe", "{\"return\": \"\xff\", \"id\": 1}", "{\"id\": 18446744073709551616, \"return\": 1}"})
        m.hear(std::string{line} + "\r\n");
    m.hear(std::string(5000, '{') + "\r\n");
    expect(m.take(), "");
    m.hear("{\"error\": 5, \"id\": 1}\n");
    expect(m.take(), "a- the monitor refused the command ");
    m.hear("{\"return\": null, \"id\": 0}\n");
    expect(m.take(), "ready ");
}

// However often it says it: the log does not fill.
void test_few_warnings() {
    static unsigned warnings = 0;
    spice::log::set_sink([](spice::log::Level, const char *) { ++warnings; });
    Monitor m;
    for (int i = 0; i < 1000; ++i) m.hear("{\r\n");
    spice::log::set_sink(nullptr);
    g_assert_cmpuint(warnings, ==, 20);
}

// What was asked for may close the monitor: the rest of what it said is not heard.
void test_close_in_callback() {
    Monitor m;
    m.client.execute("stop", [&](spice::Result<JsonNodePtr>) { m.client.closed("enough"); });
    m.take();
    m.hear("{\"return\": {}, \"id\": 0}\n{\"event\": \"STOP\"}\n");
    expect(m.take(), "");
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/qmp/lines", test_lines);
    g_test_add_func("/qmp/acceptable", test_acceptable);
    g_test_add_func("/qmp/conversation", test_conversation);
    g_test_add_func("/qmp/forget", test_forget);
    g_test_add_func("/qmp/nonsense", test_nonsense);
    g_test_add_func("/qmp/few-warnings", test_few_warnings);
    g_test_add_func("/qmp/close-in-callback", test_close_in_callback);
    return g_test_run();
}
