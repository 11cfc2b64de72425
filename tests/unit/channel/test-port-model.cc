// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/port-model.hh"
#include "codec/lz4-block.hh"
#include "model-setup.hh"

#include <spice/protocol.h>

using namespace spice::test;
using spice::channel::Event;
using spice::channel::PortModel;

namespace {

struct Observer final : Recorder<PortModel::Observer> {
    PortModel *model = nullptr;
    std::string data;
    void on_port_opened() override { note(model->opened() ? "is-open" : "is-closed"); }
    void on_port_name() override { note("name " + model->name()); }
    void on_port_event(int event) override { note("event " + std::to_string(event) + " of " + model->name()); }
    void on_port_data(std::span<const std::byte> bytes) override {
        data.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        on_line("data");
    }
};

Bytes port_init(std::string_view name, bool opened) {
    return Bytes().u32(name.size() + 1).u32(9).u8(opened).text(name).u8(0);
}

struct Setup : ModelSetup<PortModel, Observer> {
    ChannelScript &script{server.channel(SPICE_CHANNEL_PORT)};
    explicit Setup(bool lz4 = false) {
        observer.model = &model;
        server.link_plan({.channel_caps = {lz4 ? 1u : 0u}, .default_channel_caps = false});
    }
    // With an open port.
    void start() {
        script.send(SPICE_MSG_PORT_INIT, port_init("line", true));
        open();
        g_assert_true(wait("name line"));
    }
    std::string written;
    std::function<void(bool)> writer(const char *name) {
        return [this, name](bool ok) { written += std::string{name} + (ok ? "+" : "-"); };
    }
    static std::span<const std::byte> text(std::string_view s) { return std::as_bytes(std::span{s.data(), s.size()}); }
    // What the server received as data, once there is as much as `size`.
    std::string received(std::size_t size) {
        std::string out;
        g_assert_true(loop.until([&] {
            out.clear();
            for (const auto &m : script.received(SPICE_MSGC_SPICEVMC_DATA))
                out.append(reinterpret_cast<const char *>(m.body.data()), m.body.size());
            return out.size() >= size;
        }));
        return out;
    }
};

void test_init() {
    Setup s;
    s.start();
    assert_lines(s.observer.lines, "opened, is-open, event 0 of line, name line");
    g_assert_true(s.model.opened());
    s.observer.lines.clear();
    s.script.send(SPICE_MSG_PORT_INIT, port_init("other", true)); // after a migration
    g_assert_true(s.wait("name other"));
    assert_lines(s.observer.lines, "event 0 of other, name other");
}

void test_events() {
    Setup s;
    s.script.send(SPICE_MSG_PORT_INIT, port_init("p", false));
    s.open();
    g_assert_true(s.wait("name p"));
    g_assert_false(s.model.opened());
    s.observer.lines.clear();
    for (const auto event : {SPICE_PORT_EVENT_OPENED, SPICE_PORT_EVENT_BREAK, SPICE_PORT_EVENT_CLOSED})
        s.script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(event));
    s.script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(77)); // who knows
    g_assert_true(s.wait("event 77 of p"));
    assert_lines(s.observer.lines, "is-open, event 0 of p, event 2 of p, is-closed, event 1 of p, event 77 of p");
    s.observer.lines.clear();
    s.script.send(SPICE_MSG_SPICEVMC_DATA, Bytes().text("hello")); // data comes through open ports only
    g_assert_true(s.loop.until([&] { return s.observer.data == "hello"; }));
    assert_lines(s.observer.lines, "is-open");
}

void test_reset() {
    Setup s;
    s.start();
    s.observer.lines.clear();
    s.model.disconnect(Event::none);
    g_assert_true(s.model.name().empty() && !s.model.opened());
    g_assert_true(s.wait("closed"));
    assert_lines(s.observer.lines, "closed"); // nobody is told of the rest
}

void test_write() {
    Setup s;
    s.start();
    const std::string big(300'000, 'x');
    s.model.write(Setup::text("one"), s.writer("a"));
    s.model.write(Setup::text(big), s.writer("b"));
    s.model.write(Setup::text(""), s.writer("c"));
    s.model.send_event(SPICE_PORT_EVENT_BREAK);
    s.model.write(Setup::text("two"), s.writer("d"));
    bool flushed = false;
    s.model.flush([&](bool ok) {
        flushed = ok;
        s.written += "f";
    });
    g_assert_cmpstr(s.written.c_str(), ==, ""); // from the loop only
    g_assert_true(s.received(big.size() + 6) == "one" + big + "two");
    g_assert_true(s.loop.until([&] { return flushed; }));
    g_assert_cmpstr(s.written.c_str(), ==, "a+b+c+d+f");
    const auto all = s.script.received();
    g_assert_cmpuint(all[all.size() - 2].type, ==, SPICE_MSGC_PORT_EVENT); // between the writes around it
    g_assert_cmpuint(all[all.size() - 2].u(0, 1), ==, SPICE_PORT_EVENT_BREAK);
}

// The server does not read: writes wait, and end with the connection. Nobody looks at their bytes afterwards.
void test_slow_server() {
    Setup s;
    s.start();
    s.script.stall();
    auto big = std::make_unique<std::string>(96u << 20, 'x'); // more than any buffer holds
    s.model.write(Setup::text(*big), s.writer("a"));
    s.model.write(Setup::text("after"), s.writer("b"));
    s.script.release();
    g_assert_true(s.loop.until([&] { return s.written == "a+b+"; }));
    s.written.clear();
    s.script.stall();
    s.model.write(Setup::text(*big), s.writer("c"));
    s.model.disconnect(Event::none);
    big.reset();
    g_assert_true(s.wait("closed"));
    g_assert_cmpstr(s.written.c_str(), ==, "c-");
    s.script.release();
}

void test_not_writable() {
    Setup s;
    g_assert_false(bool(s.model.writable()));
    s.script.send(SPICE_MSG_PORT_INIT, port_init("p", false));
    s.open();
    g_assert_true(s.wait("name p"));
    g_assert_false(bool(s.model.writable()));
    s.script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_OPENED));
    g_assert_true(s.wait("is-open"));
    g_assert_true(bool(s.model.writable()));
    s.host.is_read_only = true;
    g_assert_false(bool(s.model.writable()));
    g_assert_false(s.model.send_event(SPICE_PORT_EVENT_BREAK));
    s.host.is_read_only = false;
    s.script.send(SPICE_MSG_PORT_EVENT, Bytes().u8(SPICE_PORT_EVENT_CLOSED));
    g_assert_true(s.wait("is-closed"));
    g_assert_false(bool(s.model.writable()));
}

// An application that does not turn its loop: the server cannot get rid of more than the queues hold.
void test_slow_application() {
    Setup s;
    s.start();
    constexpr int messages = 512; // 32 MiB
    const ByteVector block(64u << 10, std::byte{'y'});
    std::atomic<int> sent{0};
    for (int i = 0; i < messages; ++i) s.script.send(SPICE_MSG_SPICEVMC_DATA, block).call([&] { ++sent; });
    int before = -1;
    while (before != sent) { // until nothing moves any more
        before = sent;
        g_usleep(200'000);
    }
    g_assert_cmpint(before, <, messages);
    g_assert_true(s.loop.until([&] { return s.observer.data.size() == block.size() * messages; }));
    g_assert_true(s.finished(s.script));
}

// A message of any size is told in parts that an application gets through.
void test_large_message() {
    Setup s;
    s.start();
    std::size_t largest = 0, before = 0;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "data") largest = std::max(largest, s.observer.data.size() - before), before = s.observer.data.size();
    };
    std::string content(3'000'001, 'a');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i % 251);
    s.script.send(SPICE_MSG_SPICEVMC_DATA, Bytes().text(content));
    g_assert_true(s.loop.until([&] { return s.observer.data.size() >= content.size(); }));
    g_assert_true(s.observer.data == content);
    g_assert_cmpuint(largest, ==, 256u << 10);
}

void test_compressed() {
    if (!spice::codec::have_lz4_blocks()) return g_test_skip("built without liblz4");
    Setup s{true};
    s.start();
    s.script.send(SPICE_MSG_SPICEVMC_COMPRESSED_DATA, Bytes().u8(1).u32(3).u8(0x30).text("abc"));
    s.script.send(SPICE_MSG_SPICEVMC_COMPRESSED_DATA, Bytes().u8(0).text("def"));
    g_assert_true(s.loop.until([&] { return s.observer.data == "abcdef"; }));
    const std::string zeros(2000, '0');
    s.model.write(Setup::text(zeros), s.writer("a"));
    g_assert_true(s.loop.until([&] { return !s.script.received(SPICE_MSGC_SPICEVMC_COMPRESSED_DATA).empty(); }));
    const auto message = s.script.received(SPICE_MSGC_SPICEVMC_COMPRESSED_DATA).front();
    g_assert_cmpuint(message.u(0, 1), ==, SPICE_DATA_COMPRESSION_TYPE_LZ4);
    g_assert_cmpuint(message.u(1, 4), ==, zeros.size());
    g_assert_cmpuint(message.body.size(), <, 200);
}

void test_malformed() {
    const std::pair<uint16_t, ByteVector> bad[] = {
        {SPICE_MSG_PORT_INIT, Bytes().u32(4).u32(9)},
        {SPICE_MSG_PORT_INIT, Bytes().u32(5).u32(9).u8(1).text("abcd")},          // not ended
        {SPICE_MSG_PORT_INIT, Bytes().u32(0xffffffff).u32(9).u8(1).text("a").u8(0)},
        {SPICE_MSG_PORT_INIT, Bytes().u32(2).u32(0xfffffff0).u8(1).text("a").u8(0)},
        {SPICE_MSG_PORT_EVENT, {}},
        {SPICE_MSG_SPICEVMC_COMPRESSED_DATA, {}},
        {SPICE_MSG_SPICEVMC_COMPRESSED_DATA, Bytes().u8(1).u32(0xffffffff).u8(0x10).u8(1)},
        {SPICE_MSG_SPICEVMC_COMPRESSED_DATA, Bytes().u8(1).u32(10).u8(0x10).u8(1)},
    };
    for (const auto &[type, body] : bad) {
        Setup s;
        s.script.send(type, body);
        s.open();
        g_assert_true(s.wait("error-io"));
        g_assert_true(s.wait("closed"));
    }
}

// Handlers may disconnect: what was still to be said of that connection is not said.
void test_disconnect_in_handler() {
    for (const char *moment : {"is-open", "event 0 of line", "name line", "data"}) {
        Setup s;
        s.script.send(SPICE_MSG_PORT_INIT, port_init("line", true)).send(SPICE_MSG_SPICEVMC_DATA, Bytes().text("x"));
        s.observer.on_line = [&, hit = false](const std::string &line) mutable {
            if (line == moment && !std::exchange(hit, true)) s.model.disconnect(Event::none);
        };
        g_assert_true(s.model.connect());
        g_assert_true(s.wait("closed"));
        g_assert_cmpstr(s.observer.lines.back().c_str(), ==, "closed");
        const std::size_t last = s.observer.lines.size() - 2;
        if (g_strcmp0(moment, "data") != 0) g_assert_cmpstr(s.observer.lines[last].c_str(), ==, moment);
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/port-model/init", test_init);
    g_test_add_func("/port-model/events", test_events);
    g_test_add_func("/port-model/reset", test_reset);
    g_test_add_func("/port-model/write", test_write);
    g_test_add_func("/port-model/slow-server", test_slow_server);
    g_test_add_func("/port-model/not-writable", test_not_writable);
    g_test_add_func("/port-model/slow-application", test_slow_application);
    g_test_add_func("/port-model/large-message", test_large_message);
    g_test_add_func("/port-model/compressed", test_compressed);
    g_test_add_func("/port-model/malformed", test_malformed);
    g_test_add_func("/port-model/disconnect-in-handler", test_disconnect_in_handler);
    return g_test_run();
}
