// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/display-model.hh"
#include "fake-session.hh"
#include "scripted-server.hh"

#include <spice/protocol.h>

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace spice::test;
using spice::UniqueFd;
using spice::channel::DisplayModel;
using spice::channel::Event;
using spice::channel::GlScanout;
using spice::channel::Model;

// A server on a UNIX socket shares pictures as file descriptors (spec/display.md §6.6 and §12).
namespace {

constexpr uint16_t gl_scanout2 = SPICE_MSG_DISPLAY_GL_DRAW + 2;
constexpr uint32_t xr24 = 0x34325258;

std::size_t open_descriptors() {
    std::size_t n = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator at{"/proc/self/fd", error}, end; at != end; at.increment(error)) ++n;
    return n;
}

struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const Identity &) const = default;
};
Identity identity(int fd) {
    struct stat s {};
    return fd >= 0 && fstat(fd, &s) == 0 ? Identity{s.st_dev, s.st_ino} : Identity{};
}
Identity identity(const UniqueFd &fd) { return identity(fd.get()); }

UniqueFd memory(std::size_t size = 4096) {
    UniqueFd fd{memfd_create("scanout", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
    g_assert_cmpint(ftruncate(fd.get(), static_cast<off_t>(size)), ==, 0);
    return fd;
}

struct Observer final : Recorder<DisplayModel::Observer> {
    bool can_draw = true;
    std::function<void()> on_scanout = [] {};

    void on_primary_create() override { note("create"); }
    void on_primary_destroy() override { note("destroy"); }
    void on_invalidate(int, int, int, int) override { note("invalidate"); }
    void on_mark(bool) override { note("mark"); }
    void on_monitors() override {}
    void on_gl_scanout() override {
        on_scanout();
        note("scanout");
    }
    bool on_gl_draw(uint32_t x, uint32_t y, uint32_t width, uint32_t height) override {
        if (!can_draw) return false;
        note("draw " + std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(width) + " " +
             std::to_string(height));
        return true;
    }
};

struct Setup {
    std::string folder;
    ScriptedServer server;
    Loop loop;
    FakeHost host;
    Observer observer;
    std::unique_ptr<DisplayModel> model;
    uint32_t pings = 100;

    explicit Setup(bool wanted = true, bool unix_socket = true) {
        if (unix_socket) {
            g_autofree char *made = g_dir_make_tmp("spice-gl-XXXXXX", nullptr);
            folder = made;
            g_assert_true(server.start(folder + "/s"));
            host.params.endpoint.unix_path = folder + "/s";
        } else {
            g_assert_true(server.start());
            host.connect_to(server.port());
        }
        host.gl = wanted;
        model = std::make_unique<DisplayModel>(observer, &host, loop.context(), 0);
    }
    ~Setup() {
        observer.on_line = [](const std::string &) {};
        model->disconnect(Event::none);
        g_assert_true(loop.until([this] { return model->state() == Model::State::unconnected; }));
        model.reset();
        g_assert_true(threads_gone(loop));
        server.stop();
        if (!folder.empty()) g_rmdir(folder.c_str());
    }
    Setup(const Setup &) = delete;
    Setup &operator=(const Setup &) = delete;

    ChannelScript &script() { return server.display(0); }
    void open() {
        g_assert_true(model->connect());
        g_assert_true(wait("opened"));
    }
    bool wait(const std::string &line, std::size_t times = 1) {
        return loop.until([&] { return observer.has(line, times); });
    }
    // Everything said so far has been told.
    void settle() {
        ++pings;
        script().ping(pings).expect_pong(pings, Milliseconds{20'000});
        if (!loop.until([&] { return script().finished(Milliseconds{0}); })) g_error("%s", server.failures().c_str());
        g_assert_true(server.failures().empty());
    }
    std::size_t answers() { return script().received(SPICE_MSGC_DISPLAY_GL_DRAW_DONE).size(); }
    uint32_t announced() { return script().links().at(0).channel_caps.at(0); }
};

ByteVector scanout_body(uint32_t width = 64, uint32_t fourcc = xr24, uint32_t flags = 0) {
    return Bytes().u32(width).u32(16).u32(width * 4).u32(fourcc).u32(flags);
}
ChannelScript &scanout(ChannelScript &script, const UniqueFd &fd, uint32_t width = 64, uint32_t flags = 0) {
    return script.send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body(width, xr24, flags)).send_fds({fd.get()});
}
ChannelScript &draw(ChannelScript &script, uint32_t x = 1) {
    return script.send(SPICE_MSG_DISPLAY_GL_DRAW, Bytes().u32(x).u32(2).u32(3).u32(4));
}
ByteVector scanout2_body(const std::vector<std::pair<uint32_t, uint32_t>> &planes, uint64_t modifier) {
    Bytes b;
    b.u32(64).u32(16).u32(planes.empty() ? 0 : xr24).u32(SPICE_GL_SCANOUT_FLAGS_Y0TOP).u8(planes.size()).u64(modifier);
    for (const auto &[offset, stride] : planes) b.u32(offset).u32(stride);
    return b;
}

bool announces(bool wanted, bool unix_socket) {
    Setup s{wanted, unix_socket};
    s.open();
    return (s.announced() >> SPICE_DISPLAY_CAP_GL_SCANOUT & 1) != 0;
}

void test_announced() {
    g_assert_true(announces(true, true));
    g_assert_false(announces(false, true));
    g_assert_false(announces(true, false));
    // A socket that the application made counts by what it is.
    for (const bool unix_socket : {true, false}) {
        Setup s{true, unix_socket};
        const int fd = socket(unix_socket ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        auto address = spice::Ref<GSocketAddress>::take(
            unix_socket ? g_unix_socket_address_new((s.folder + "/s").c_str())
                        : g_inet_socket_address_new_from_string("127.0.0.1", s.server.port()));
        std::array<std::byte, 256> native{};
        const auto size = g_socket_address_get_native_size(address.get());
        g_assert_true(g_socket_address_to_native(address.get(), native.data(), native.size(), nullptr));
        g_assert_cmpint(connect(fd, reinterpret_cast<sockaddr *>(native.data()), static_cast<socklen_t>(size)), ==, 0);
        g_assert_true(s.model->open_fd(fd));
        g_assert_true(s.wait("opened"));
        g_assert_cmpuint(s.announced() >> SPICE_DISPLAY_CAP_GL_SCANOUT & 1, ==, unix_socket);
        g_assert_cmpuint(s.announced() >> spice::channel::cap_gl_scanout2 & 1, ==, 0);
    }
}

void test_scanout() {
    Setup s;
    const auto fd = memory();
    s.script().surface_create(0, 8, 4).fill(0, {0, 0, 8, 4}, 1);
    scanout(s.script(), fd, 64, SPICE_GL_SCANOUT_FLAGS_Y0TOP).fill(0, {0, 0, 8, 4}, 2);
    s.open();
    s.settle();
    assert_lines(s.observer.lines, "opened, create, invalidate, scanout, invalidate");
    const auto *got = s.model->gl_scanout();
    g_assert_true(got && got->width == 64 && got->height == 16 && got->format == xr24 && got->y0top);
    g_assert_true(got->modifier == GlScanout::implicit_modifier && got->planes.size() == 1);
    g_assert_cmpuint(got->planes[0].stride, ==, 256);
    g_assert_true(identity(got->planes[0].fd) == identity(fd));
    g_assert_true(got->planes[0].fd.get() != fd.get());
    g_assert_true(fcntl(got->planes[0].fd.get(), F_GETFD) & FD_CLOEXEC);
}

// The descriptor of one scanout stays open until the next one was told, and is closed then.
void test_replaced() {
    Setup s;
    const std::array<UniqueFd, 3> fds{memory(), memory(), memory()};
    int shown = -1;
    unsigned seen = 0;
    s.observer.on_scanout = [&] {
        if (shown >= 0) g_assert_true(identity(shown) == identity(fds[seen - 1]));
        shown = s.model->gl_scanout()->planes[0].fd.get();
        g_assert_true(identity(shown) == identity(fds[seen++]));
    };
    s.open();
    std::size_t in_use = 0;
    for (const auto &fd : fds) {
        scanout(s.script(), fd);
        s.settle();
        if (in_use == 0) in_use = open_descriptors();
        g_assert_cmpuint(open_descriptors(), ==, in_use);
    }
    g_assert_cmpuint(seen, ==, 3);
    s.observer.on_scanout = [] {};
    // Without a picture there is no byte behind the message either.
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body(0, 0));
    s.settle();
    g_assert_null(s.model->gl_scanout());
    g_assert_true(s.observer.has("scanout", 4));
    g_assert_cmpuint(open_descriptors(), ==, in_use - 1);
}

void test_every_draw_is_answered_once() {
    Setup s;
    const auto fd = memory();
    draw(s.script(), 0); // before any scanout: nobody could show it
    s.open();
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 1);
    draw(draw(scanout(s.script(), fd), 1), 5);
    s.settle();
    g_assert_true(s.observer.has("draw 1 2 3 4") && s.observer.has("draw 5 2 3 4") && !s.observer.has("draw 0 2 3 4"));
    g_assert_cmpuint(s.answers(), ==, 1);
    for (int i = 0; i < 4; ++i) s.model->gl_draw_done(); // two too many
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 3);
    s.observer.can_draw = false;
    draw(s.script());
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 4);
    s.observer.can_draw = true;
    s.observer.on_line = [&](const std::string &line) {
        if (line == "draw 9 2 3 4") s.model->gl_draw_done(); // at once, inside the signal
    };
    draw(s.script(), 9);
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 5);
    s.model->gl_draw_done();
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 5);
}

// What arrives at the same time: nothing is read past the byte of a descriptor, nothing is mixed up.
void test_many_in_one_go() {
    Setup s;
    std::vector<UniqueFd> fds;
    std::vector<Identity> told;
    s.observer.on_scanout = [&] { told.push_back(identity(s.model->gl_scanout()->planes[0].fd)); };
    for (int i = 0; i < 100; ++i) fds.push_back(memory());
    for (const auto &fd : fds) scanout(s.script(), fd).monitors({{0, 0, 8, 4}});
    s.open();
    s.settle();
    g_assert_cmpuint(told.size(), ==, fds.size());
    for (std::size_t i = 0; i < fds.size(); ++i) g_assert_true(told[i] == identity(fds[i]));
}

// An application that does not turn its loop lets few of them pile up; the server waits for it.
void test_slow_application() {
    Setup s;
    const auto fd = memory();
    s.open();
    s.settle();
    const auto before = open_descriptors();
    constexpr int many = 300;
    for (int i = 0; i < many; ++i) scanout(s.script(), fd);
    // The loop stands still. The engine has taken what it takes once the number does not change any more.
    std::size_t last = 0, same = 0;
    for (int i = 0; i < 200 && same < 10; ++i) {
        g_usleep(10'000);
        const auto now = open_descriptors();
        same = now == last && now > before ? same + 1 : 0;
        last = now;
    }
    g_test_message("%zu descriptors are held for a loop that stands still", last - before);
    g_assert_cmpuint(last, <=, before + 40);
    s.settle();
    g_assert_true(s.observer.has("scanout", many));
    g_assert_cmpuint(open_descriptors(), <=, before + 1);
}

void test_no_descriptor() {
    Setup s;
    const auto fd = memory();
    scanout(s.script(), fd).send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body()).send_raw(Bytes().text("@"));
    draw(s.script());
    s.open();
    s.settle();
    g_assert_true(s.observer.has("scanout", 2));
    g_assert_null(s.model->gl_scanout()); // the server has none to give: not shown, and the channel lives
    g_assert_cmpuint(s.answers(), ==, 1);
    scanout(s.script(), fd);
    s.settle();
    g_assert_nonnull(s.model->gl_scanout());
}

void ends_with_error(Setup &s) {
    g_assert_true(s.model->connect());
    g_assert_true(s.wait("closed"));
    g_assert_true(s.observer.has("error-io"));
}

// The byte is missing altogether: what follows is out of step, and that is said.
void test_missing_byte() {
    Setup s;
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body());
    draw(s.script());
    ends_with_error(s);
}

void test_not_asked_for() {
    for (const bool unix_socket : {true, false}) {
        Setup s{false, unix_socket};
        s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body()).send_raw(Bytes().text("@"));
        ends_with_error(s);
    }
}

void test_surplus_is_closed() {
    Setup s;
    const std::array<UniqueFd, 4> fds{memory(), memory(), memory(), memory()};
    s.open();
    s.settle();
    const auto before = open_descriptors();
    s.script().send_fds({fds[0].get()}, Bytes().u16(SPICE_MSG_DISPLAY_MARK).u32(0).take()); // with a message that needs none
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body());
    s.script().send_fds({fds[1].get(), fds[2].get(), fds[3].get()});
    s.settle();
    g_assert_true(identity(s.model->gl_scanout()->planes[0].fd) == identity(fds[1]));
    g_assert_cmpuint(open_descriptors(), ==, before + 1);
}

// More descriptors inside one message than anything needs.
void test_flood() {
    Setup s;
    const auto fd = memory();
    const auto before = open_descriptors();
    s.script().send_raw(Bytes().u16(SPICE_MSG_DISPLAY_MARK).u32(4096).take());
    for (int i = 0; i < 200; ++i) s.script().send_fds({fd.get(), fd.get(), fd.get()}, {std::byte{0}});
    ends_with_error(s);
    g_assert_cmpuint(open_descriptors(), <=, before + 2);
}

void test_disconnect_before_answer() {
    Setup s;
    const auto fd = memory();
    draw(scanout(s.script(), fd));
    s.open();
    g_assert_true(s.wait("draw 1 2 3 4"));
    s.model->disconnect(Event::none);
    s.model->gl_draw_done();
    g_assert_true(s.wait("closed"));
    g_assert_true(identity(s.model->gl_scanout()->planes[0].fd) == identity(fd)); // the last picture stays
    const auto other = memory();
    scanout(s.script().next_connection(), other);
    g_assert_true(s.model->connect());
    g_assert_true(s.wait("scanout", 2));
    s.model->gl_draw_done(); // of the connection before: the new one has no draw to answer
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 0);
}

// The connection goes between the message and its descriptor, or with descriptors that nobody has seen yet.
void test_disconnect_half_way() {
    const auto before = open_descriptors();
    for (int moment = 0; moment < 3; ++moment) {
        Setup s;
        const auto fd = memory();
        auto &script = s.script();
        if (moment == 0) script.send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, scanout_body()).close();
        if (moment == 1) scanout(script, fd).close();
        if (moment == 2) scanout(scanout(script, fd), fd);
        s.observer.on_line = [&](const std::string &line) {
            if (moment == 2 && line == "scanout") s.model->disconnect(Event::none); // the second one is on its way
        };
        g_assert_true(s.model->connect());
        g_assert_true(s.wait("closed"));
        g_assert_false(s.observer.has("scanout", 2));
    }
    g_assert_cmpuint(open_descriptors(), ==, before);
}

void test_planes() {
    Setup s;
    s.model->want_gl_scanout2();
    const std::array<UniqueFd, 3> fds{memory(), memory(), memory()};
    constexpr uint64_t modifier = 0x0100'0000'0000'0004;
    // One byte for all of them, or one for each: both have been seen in the wild or may be.
    for (const bool one_byte : {true, false}) {
        s.script().send(gl_scanout2, scanout2_body({{0, 256}, {4096, 128}, {8192, 64}}, modifier));
        if (one_byte) s.script().send_fds({fds[0].get(), fds[1].get(), fds[2].get()});
        else
            for (const auto &fd : fds) s.script().send_fds({fd.get()});
    }
    draw(s.script());
    s.open();
    g_assert_cmpuint(s.announced() >> spice::channel::cap_gl_scanout2 & 1, ==, 1);
    s.settle();
    g_assert_true(s.observer.has("scanout", 2) && s.observer.has("draw 1 2 3 4"));
    const auto *got = s.model->gl_scanout();
    g_assert_true(got && got->width == 64 && got->height == 16 && got->format == xr24 && got->y0top);
    g_assert_true(got->modifier == modifier && got->planes.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) g_assert_true(identity(got->planes[i].fd) == identity(fds[i]));
    g_assert_true(got->planes[1].offset == 4096 && got->planes[1].stride == 128 && got->planes[2].offset == 8192);
    s.script().send(gl_scanout2, scanout2_body({}, 0));
    s.settle();
    g_assert_null(s.model->gl_scanout());
    s.script().send(gl_scanout2, scanout2_body({{0, 1}, {0, 1}, {0, 1}, {0, 1}, {0, 1}}, 0)); // there are four at most
    g_assert_true(s.wait("closed"));
    g_assert_true(s.observer.has("error-io"));
}

// A real dma-buf, where this machine can make one.
void test_dma_buf() {
    UniqueFd device{open("/dev/udmabuf", O_RDWR | O_CLOEXEC)};
    if (!device) return g_test_message("there is no /dev/udmabuf: the other tests' memory has to do");
    const auto pages = memory(64 * 16 * 4);
    g_assert_cmpint(fcntl(pages.get(), F_ADD_SEALS, F_SEAL_SHRINK), ==, 0);
    udmabuf_create create{};
    create.memfd = static_cast<uint32_t>(pages.get());
    create.flags = UDMABUF_FLAGS_CLOEXEC;
    create.size = 64 * 16 * 4;
    const UniqueFd buffer{ioctl(device.get(), UDMABUF_CREATE, &create)};
    g_assert_true(static_cast<bool>(buffer));
    Setup s;
    scanout(s.script(), buffer);
    s.open();
    s.settle();
    g_assert_true(identity(s.model->gl_scanout()->planes[0].fd) == identity(buffer));
}

void test_leaks() {
    const auto before = open_descriptors();
    for (int i = 0; i < 20; ++i) {
        Setup s;
        const auto fd = memory();
        for (int n = 0; n < 5; ++n) draw(scanout(s.script(), fd));
        s.open();
        if (i % 2 == 0) s.settle();
    }
    g_assert_cmpuint(open_descriptors(), ==, before);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    { Setup warm_up; } // what the process opens once
    const struct {
        const char *name;
        void (*run)();
    } tests[] = {
        {"announced", test_announced},
        {"scanout", test_scanout},
        {"replaced", test_replaced},
        {"every-draw-is-answered-once", test_every_draw_is_answered_once},
        {"many-in-one-go", test_many_in_one_go},
        {"slow-application", test_slow_application},
        {"no-descriptor", test_no_descriptor},
        {"missing-byte", test_missing_byte},
        {"not-asked-for", test_not_asked_for},
        {"surplus-is-closed", test_surplus_is_closed},
        {"flood", test_flood},
        {"disconnect-before-answer", test_disconnect_before_answer},
        {"disconnect-half-way", test_disconnect_half_way},
        {"planes", test_planes},
        {"dma-buf", test_dma_buf},
        {"leaks", test_leaks},
    };
    for (const auto &test : tests) g_test_add_func((std::string{"/gl-scanout/"} + test.name).c_str(), test.run);
    return g_test_run();
}
