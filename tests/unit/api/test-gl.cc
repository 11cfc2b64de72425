// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api-client.hh"
#include "scripted-server.hh"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace spice::test;

// GL scanouts as a program sees them.
namespace {

constexpr uint16_t gl_scanout2 = SPICE_MSG_DISPLAY_GL_DRAW + 2;
constexpr uint32_t xr24 = 0x34325258;
constexpr guint64 linear = 0, implicit = 0x00ffffffffffffff, tiled = 0x0100000000000001;

bool same_file(int a, int b) {
    struct stat s {}, t {};
    return fstat(a, &s) == 0 && fstat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

struct Setup {
    std::string folder;
    ScriptedServer server;
    ApiClient app;
    std::vector<std::string> lines;
    int fd = memfd_create("scanout", MFD_CLOEXEC);
    uint32_t pings = 0;
    bool accept_planes = false;

    Setup() {
        g_autofree char *made = g_dir_make_tmp("spice-gl-XXXXXX", nullptr);
        folder = made;
        g_assert_true(server.start(folder + "/s"));
        server.main().init({.session_id = 3}).channels({{SPICE_CHANNEL_DISPLAY, 0}});
        g_signal_connect(app.session(), "channel-new", G_CALLBACK(channel_new), this);
        app.connect_channels = false;
        app.set_uri(server.uri());
    }
    ~Setup() {
        g_assert_true(app.disconnect());
        server.stop();
        close(fd);
        g_rmdir(folder.c_str());
    }
    Setup(const Setup &) = delete;
    Setup &operator=(const Setup &) = delete;

    static void channel_new(SpiceSession *, SpiceChannel *channel, Setup *self) {
        if (!SPICE_IS_DISPLAY_CHANNEL(channel)) return;
        if (self->accept_planes) spice_display_channel_accept_gl_scanout2(SPICE_DISPLAY_CHANNEL(channel));
        g_signal_connect(channel, "notify::gl-scanout", G_CALLBACK(scanout_changed), self);
        spice_channel_connect(channel);
    }
    static void scanout_changed(SpiceDisplayChannel *, GParamSpec *, Setup *self) { self->lines.push_back("scanout"); }
    static void draw(SpiceDisplayChannel *, guint x, guint y, guint width, guint height, Setup *self) {
        self->lines.push_back(std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(width) + " " +
                              std::to_string(height));
    }
    ChannelScript &script() { return server.display(); }
    SpiceDisplayChannel *display() { return SPICE_DISPLAY_CHANNEL(app.channel(SPICE_CHANNEL_DISPLAY)); }
    void settle() {
        ++pings;
        script().ping(pings).expect_pong(pings);
        g_assert_true(app.wait_for([this] { return script().finished(Milliseconds{0}); }));
        g_assert_true(server.failures().empty());
    }
    void open() {
        g_assert_true(app.connect());
        g_assert_true(app.wait("display-0 opened"));
        settle();
    }
    std::size_t answers() { return script().received(SPICE_MSGC_DISPLAY_GL_DRAW_DONE).size(); }
    void send_draw() { script().send(SPICE_MSG_DISPLAY_GL_DRAW, Bytes().u32(1).u32(2).u32(3).u32(4)); }
    void send_planes(uint64_t modifier, const std::vector<uint32_t> &offsets) {
        Bytes b;
        b.u32(64).u32(16).u32(xr24).u32(1).u8(offsets.size()).u64(modifier);
        for (const auto offset : offsets) b.u32(offset).u32(256);
        script().send(gl_scanout2, b).send_fds(std::vector<int>(offsets.size(), fd));
    }
};

void test_scanout() {
    Setup s;
    s.open();
    g_assert_null(spice_display_channel_get_gl_scanout(s.display()));
    g_assert_null(spice_display_channel_get_gl_scanout2(s.display()));
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, Bytes().u32(64).u32(16).u32(256).u32(xr24).u32(1)).send_fds({s.fd});
    s.settle();
    const auto *scanout = spice_display_channel_get_gl_scanout(s.display());
    g_assert_true(scanout && scanout->width == 64 && scanout->height == 16 && scanout->stride == 256 &&
                  scanout->format == xr24 && scanout->y0top == TRUE && same_file(scanout->fd, s.fd));
    const auto *planes = spice_display_channel_get_gl_scanout2(s.display());
    g_assert_true(planes && planes->num_planes == 1 && planes->modifier == implicit && planes->fds[0] == scanout->fd &&
                  planes->fds[1] == -1 && planes->strides[0] == 256 && planes->offsets[0] == 0);
    // The property gives a copy with a descriptor of its own.
    SpiceGlScanout *copy = nullptr;
    g_object_get(s.display(), "gl-scanout", &copy, nullptr);
    g_assert_true(copy && copy->fd != scanout->fd && same_file(copy->fd, s.fd) && copy->width == 64);
    const int copied = copy->fd;
    spice_gl_scanout_free(copy);
    g_assert_cmpint(fcntl(copied, F_GETFD), ==, -1);
    auto *all = static_cast<SpiceGlScanout2 *>(g_boxed_copy(SPICE_TYPE_GL_SCANOUT2, planes));
    g_assert_true(all->fds[0] != scanout->fd && same_file(all->fds[0], s.fd) && all->fds[3] == -1);
    spice_gl_scanout2_free(all);
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, Bytes().zeros(20));
    s.settle();
    g_assert_null(spice_display_channel_get_gl_scanout(s.display()));
    g_assert_cmpuint(s.lines.size(), ==, 2);
}

void test_draw() {
    Setup s;
    s.script().send(SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, Bytes().u32(64).u32(16).u32(256).u32(xr24).u32(1)).send_fds({s.fd});
    s.send_draw();
    s.open();
    g_assert_cmpuint(s.answers(), ==, 1); // nobody listens
    const auto handler = g_signal_connect(s.display(), "gl-draw", G_CALLBACK(Setup::draw), &s);
    s.send_draw();
    s.settle();
    g_assert_cmpstr(s.lines.back().c_str(), ==, "1 2 3 4");
    g_assert_cmpuint(s.answers(), ==, 1);
    spice_display_channel_gl_draw_done(s.display());
    spice_display_channel_gl_draw_done(s.display());
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 2);
    g_signal_handler_disconnect(s.display(), handler);
    s.send_draw();
    s.settle();
    g_assert_cmpuint(s.answers(), ==, 3);
}

// Programs that know single buffers only are not shown what they cannot show.
void test_planes() {
    Setup s;
    s.accept_planes = true;
    s.open();
    s.send_planes(linear, {0});
    s.settle();
    g_assert_nonnull(spice_display_channel_get_gl_scanout(s.display()));
    for (const auto &[modifier, offsets] : {std::pair{tiled, std::vector<uint32_t>{0}}, {linear, {64}}, {linear, {0, 4096}}}) {
        s.send_planes(modifier, offsets);
        s.settle();
        g_assert_null(spice_display_channel_get_gl_scanout(s.display()));
        const auto *planes = spice_display_channel_get_gl_scanout2(s.display());
        g_assert_true(planes && planes->modifier == modifier && planes->num_planes == offsets.size());
        for (std::size_t i = 0; i < offsets.size(); ++i)
            g_assert_true(planes->offsets[i] == offsets[i] && same_file(planes->fds[i], s.fd));
    }
    g_assert_cmpuint(s.lines.size(), ==, 4);
}

void test_switched_off() {
    Setup s;
    g_object_set(s.app.session(), "gl-scanout", FALSE, nullptr);
    s.open();
    g_assert_cmpuint(s.script().links().at(0).channel_caps.at(0) >> SPICE_DISPLAY_CAP_GL_SCANOUT & 1, ==, 0);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/gl/scanout", test_scanout);
    g_test_add_func("/gl/draw", test_draw);
    g_test_add_func("/gl/planes", test_planes);
    g_test_add_func("/gl/switched-off", test_switched_off);
    return g_test_run();
}
