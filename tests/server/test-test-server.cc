// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "mini-client.hh"
#include "server-process.hh"

#include "base/sanitizer.hh"

#include <glib.h>
#include <glib/gstdio.h>
#include <spice/enums.h>
#include <spice/protocol.h>

#include <algorithm>

using namespace spice::test;

namespace {

constexpr ChannelKey display_key{SPICE_CHANNEL_DISPLAY, 0}, inputs_key{SPICE_CHANNEL_INPUTS, 0};
constexpr const char *reference_client = "/usr/bin/spicy-screenshot";

// Main, linked and with the other channels allowed.
struct Session {
    MiniClient main;
    uint32_t id = 0;
    bool open(ServerProcess &server, const std::string &unix_path = {}) {
        if (!(unix_path.empty() ? main.connect_tcp(server.port()) : main.connect_unix(unix_path)) || main.link({}))
            return false;
        const auto init = main.receive();
        if (!init || init->type != SPICE_MSG_MAIN_INIT) return false;
        id = static_cast<uint32_t>(init->u(0, 4));
        main.send(SPICE_MSGC_MAIN_ATTACH_CHANNELS, {});
        return true;
    }
};

// Shows raw drawings: enough of a canvas for a server that is told not to compress.
class MiniDisplay {
public:
    bool open(ServerProcess &server, uint32_t session, const std::string &unix_path = {}) {
        if (!(unix_path.empty() ? client_.connect_tcp(server.port()) : client_.connect_unix(unix_path))) return false;
        const uint32_t caps = 1u << SPICE_DISPLAY_CAP_MONITORS_CONFIG | 1u << SPICE_DISPLAY_CAP_SIZED_STREAM;
        if (client_.link({.connection_id = session, .channel = display_key, .channel_caps = {caps}})) return false;
        client_.send(SPICE_MSGC_DISPLAY_INIT, Bytes().u8(1).u64(1u << 20).u8(1).u32(1u << 20));
        return true;
    }
    // Receives until the top left pixel has that colour.
    bool run_until(uint32_t colour) {
        while (picture.pixels.empty() || picture.pixels[0] != colour) {
            const auto m = client_.receive();
            if (!m) return false;
            if (!handle(*m)) unknown = m->type;
        }
        return true;
    }
    std::optional<Message> receive() { return client_.receive(); }
    Ppm picture;
    int unknown = 0; // last message that could not be shown

private:
    static int coordinate(const Message &m, std::size_t at) {
        return static_cast<int>(static_cast<int32_t>(m.u(at, 4)));
    }
    uint32_t &pixel(int x, int y) { return picture.pixels[static_cast<std::size_t>(y * picture.width + x)]; }
    bool inside(int l, int t, int r, int b) const {
        return l >= 0 && t >= 0 && r <= picture.width && b <= picture.height;
    }

    bool handle(const Message &m) {
        if (window_ && ++unacked_ % window_ == 0) client_.send(SPICE_MSGC_ACK, {});
        switch (m.type) {
        case SPICE_MSG_SET_ACK:
            window_ = static_cast<unsigned>(m.u(4, 4)), unacked_ = 0;
            client_.send(SPICE_MSGC_ACK_SYNC, Bytes().u32(m.u(0, 4)));
            return true;
        case SPICE_MSG_PING:
            return client_.send(SPICE_MSGC_PONG, Bytes().u32(m.u(0, 4)).u64(m.u(4, 8))), true;
        case SPICE_MSG_DISPLAY_SURFACE_CREATE:
            picture = {coordinate(m, 4), coordinate(m, 8), {}};
            picture.pixels.assign(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height),
                                  0);
            return true;
        case SPICE_MSG_DISPLAY_DRAW_FILL:
            return fill(m);
        case SPICE_MSG_DISPLAY_DRAW_COPY:
            return copy(m);
        case SPICE_MSG_DISPLAY_COPY_BITS:
            return move(m);
        case SPICE_MSG_DISPLAY_MARK:
        case SPICE_MSG_DISPLAY_SURFACE_DESTROY:
        case SPICE_MSG_DISPLAY_INVAL_ALL_PALETTES:
        case SPICE_MSG_DISPLAY_MONITORS_CONFIG:
            return true;
        default:
            return false;
        }
    }
    // After the base (21 bytes without clip rectangles) and with the box inside the surface.
    bool plain(const Message &m, int &l, int &t, int &r, int &b) const {
        t = coordinate(m, 4), l = coordinate(m, 8), b = coordinate(m, 12), r = coordinate(m, 16);
        return m.u(20, 1) == SPICE_CLIP_TYPE_NONE && inside(l, t, r, b);
    }
    bool fill(const Message &m) {
        int l, t, r, b;
        if (!plain(m, l, t, r, b) || m.u(21, 1) != SPICE_BRUSH_TYPE_SOLID || m.u(26, 2) != SPICE_ROPD_OP_PUT)
            return false;
        for (int y = t; y < b; ++y)
            for (int x = l; x < r; ++x)
                pixel(x, y) = static_cast<uint32_t>(m.u(22, 4));
        return true;
    }
    bool move(const Message &m) {
        int l, t, r, b;
        if (!plain(m, l, t, r, b)) return false;
        const int dx = coordinate(m, 21) - l, dy = coordinate(m, 25) - t;
        if (!inside(l + dx, t + dy, r + dx, b + dy)) return false;
        const auto before = picture;
        for (int y = t; y < b; ++y)
            for (int x = l; x < r; ++x)
                pixel(x, y) = before.pixels[static_cast<std::size_t>((y + dy) * picture.width + x + dx)];
        return true;
    }
    bool copy(const Message &m) {
        int l, t, r, b;
        if (!plain(m, l, t, r, b) || m.u(41, 2) != SPICE_ROPD_OP_PUT) return false;
        const auto image = m.u(21, 4), bitmap = image + 18, stride = m.u(bitmap + 10, 4), height = m.u(bitmap + 6, 4);
        const int top = coordinate(m, 25), left = coordinate(m, 29);
        if (m.u(image + 8, 1) != SPICE_IMAGE_TYPE_BITMAP || m.u(bitmap, 1) != SPICE_BITMAP_FMT_32BIT) return false;
        const bool top_down = m.u(bitmap + 1, 1) & SPICE_BITMAP_FLAGS_TOP_DOWN;
        for (int y = t; y < b; ++y)
            for (int x = l; x < r; ++x) {
                const auto line = static_cast<uint64_t>(y - t + top), row = top_down ? line : height - 1 - line;
                const auto at = bitmap + 18 + row * stride + 4 * static_cast<uint64_t>(x - l + left);
                pixel(x, y) = static_cast<uint32_t>(m.u(at, 4)) & 0xffffffu;
            }
        return true;
    }
    MiniClient client_;
    unsigned window_ = 0, unacked_ = 0;
};

void check_same(ServerProcess &server, const Ppm &seen) {
    const auto path = server.folder() + "/truth.ppm";
    g_assert_true(server.ok("check"));
    g_assert_true(server.ok("dump " + path));
    const auto truth = read_ppm(path);
    g_assert_cmpint(truth.width, ==, seen.width);
    g_assert_cmpint(truth.height, ==, seen.height);
    std::size_t differ = 0;
    for (std::size_t i = 0; i < truth.pixels.size(); ++i)
        differ += truth.pixels[i] != seen.pixels[i];
    g_assert_cmpuint(differ, ==, 0);
}

void draw_and_compare(ServerProcess &server, const std::string &unix_path) {
    Session session;
    MiniDisplay display;
    g_assert_true(session.open(server, unix_path));
    g_assert_true(server.ok("mark 010203"));
    g_assert_true(display.open(server, session.id, unix_path));
    g_assert_true(display.run_until(0x010203));
    check_same(server, display.picture);
    for (const char *line : {"fill 100 50 64 32 ff8000", "image 300 200 120 80 5", "move 20 20 200 100 35 28",
                             "type Hi there", "enter", "step 3", "mark 030201"})
        g_assert_true(server.ok(line));
    g_assert_true(display.run_until(0x030201));
    g_assert_cmpint(display.unknown, ==, 0);
    check_same(server, display.picture);
}

void test_picture() {
    ServerProcess server;
    g_assert_true(server.start({"--still", "--compression", "off", "--size", "800x600", "--streaming", "off"}));
    draw_and_compare(server, {});
    g_assert_cmpint(server.terminate(), ==, 0);
}

void test_picture_unix() {
    gchar *folder = g_dir_make_tmp("spice-test-XXXXXX", nullptr);
    const std::string path = std::string{folder} + "/spice";
    {
        ServerProcess server;
        g_assert_true(server.start({"--still", "--compression", "off", "--streaming", "off", "--unix", path}));
        draw_and_compare(server, path);
    }
    g_assert_false(g_file_test(path.c_str(), G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_free(folder);
}

void test_resize() {
    ServerProcess server;
    g_assert_true(server.start({"--still", "--compression", "off", "--size", "640x480"}));
    Session session;
    MiniDisplay display;
    g_assert_true(session.open(server) && display.open(server, session.id));
    g_assert_true(server.ok("mark 010203"));
    g_assert_true(display.run_until(0x010203));
    g_assert_true(server.ok("resize 333 222"));
    g_assert_true(server.ok("mark 040506"));
    g_assert_true(display.run_until(0x040506));
    g_assert_cmpint(display.picture.width, ==, 333);
    check_same(server, display.picture);
}

void test_inputs() {
    ServerProcess server;
    g_assert_true(server.start({"--still"}));
    Session session;
    g_assert_true(session.open(server));
    MiniClient inputs;
    g_assert_true(inputs.connect_tcp(server.port()));
    g_assert_cmpuint(inputs.link({.connection_id = session.id, .channel = inputs_key}), ==, 0);
    g_assert_true(server.ok("wait inputs 1 5000"));
    inputs.send(SPICE_MSGC_INPUTS_KEY_DOWN, Bytes().u32(0x1e));
    inputs.send(SPICE_MSGC_INPUTS_KEY_UP, Bytes().u32(0x9e));
    inputs.send(SPICE_MSGC_INPUTS_KEY_SCANCODE, Bytes().u8(0xe0).u8(0x1d).u8(0xe0).u8(0x9d));
    inputs.send(SPICE_MSGC_INPUTS_MOUSE_MOTION,
                Bytes().u32(3).u32(4).u16(0)); // relative until client mode is asked for
    g_assert_true(server.ok("wait keys 6 5000"));
    g_assert_true(server.command("keys") == "1e 9e e0 1d e0 9d");
    session.main.send(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST, Bytes().u16(SPICE_MOUSE_MODE_CLIENT));
    for (std::optional<Message> m; !m || m->type != SPICE_MSG_MAIN_MOUSE_MODE || m->u(2, 2) != SPICE_MOUSE_MODE_CLIENT;)
        g_assert_true((m = session.main.receive()));
    inputs.send(SPICE_MSGC_INPUTS_MOUSE_POSITION, Bytes().u32(30).u32(40).u16(0).u8(0));
    inputs.send(SPICE_MSGC_INPUTS_MOUSE_PRESS, Bytes().u8(SPICE_MOUSE_BUTTON_LEFT).u16(SPICE_MOUSE_BUTTON_MASK_LEFT));
    inputs.send(SPICE_MSGC_INPUTS_MOUSE_PRESS, Bytes().u8(SPICE_MOUSE_BUTTON_UP).u16(0));
    g_assert_true(server.ok("wait mouse 4 5000"));
    const auto log = server.command("mouse");
    g_test_message("%s", log.c_str());
    g_assert_true(log.find("position 30 40 0;") != log.npos);
    g_assert_true(log.find("buttons 1;") != log.npos);
    g_assert_true(log.find("wheel -1 ") != log.npos);
    g_assert_true(server.command("wait keys 7 1") == "err timeout");
}

void test_password_and_disconnect() {
    ServerProcess server;
    g_assert_true(server.start({"--still", "--password", "sesame"}));
    MiniClient wrong, right;
    g_assert_true(wrong.connect_tcp(server.port()) && right.connect_tcp(server.port()));
    g_assert_cmpuint(wrong.link({.password = "sesam"}), ==, SPICE_LINK_ERR_PERMISSION_DENIED);
    g_assert_cmpuint(right.link({.password = "sesame"}), ==, SPICE_LINK_ERR_OK);
    g_assert_true(server.ok("wait main 1 5000"));
    g_assert_true(server.ok("disconnect"));
    while (right.receive()) {}
    g_assert_true(server.ok("wait main 0 5000"));
}

void test_bad_commands() {
    ServerProcess server;
    g_assert_true(server.start({"--still", "--size", "64x64"}));
    for (const char *line : {"", "nonsense", "fill 1 2 3", "fill 1 2 3 4 zzz", "resize 0 0", "@7 check", "cursor sofa",
                             "wait x 1 1", "compression best", "image 0 0 0 0"})
        g_assert_false(server.ok(line));
    for (const char *line :
         {"cursor hand", "cursor text", "cursor cross", "cursor hide", "cursor move 3 4", "mode server", "mode client",
          "leds 2", "heads 2", "check", "fill -5 -5 900 900 123456", "move 10 10 50 50 -20 60",
          "image -10 50 40 40 3 9", "compression lz4", "streaming all", "channels", "monitors", "size", "check"})
        g_assert_true(server.ok(line));
    g_assert_cmpint(server.terminate(), ==, 0);
}

void test_reference(gconstpointer compression) {
    if (!g_file_test(reference_client, G_FILE_TEST_IS_EXECUTABLE)) return g_test_skip("no reference client");
    ServerProcess server;
    g_assert_true(server.start({"--still", "--compression", static_cast<const char *>(compression), "--zlib-glz"}));
    const auto shot = server.folder() + "/shot.ppm";
    GError *error = nullptr;
    gint status = -1;
    const std::string uri = server.uri();
    const char *argv[] = {reference_client, "--uri", uri.c_str(), "--out-file", shot.c_str(), nullptr};
    // It must run on its own library, not on the one under test.
    gchar **clean = g_environ_unsetenv(g_get_environ(), "LD_LIBRARY_PATH");
    gchar *out = nullptr;
    g_spawn_sync(nullptr, const_cast<gchar **>(argv), clean, G_SPAWN_DEFAULT, nullptr, nullptr, &out, nullptr, &status,
                 &error);
    g_assert_no_error(error);
    g_strfreev(clean);
    g_free(out);
    g_assert_cmpint(status, ==, 0);
    check_same(server, read_ppm(shot));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    if (!ServerProcess::available()) return 77;
    g_test_add_func("/test-server/picture", test_picture);
    g_test_add_func("/test-server/picture-unix", test_picture_unix);
    g_test_add_func("/test-server/resize", test_resize);
    g_test_add_func("/test-server/inputs", test_inputs);
    g_test_add_func("/test-server/password-and-disconnect", test_password_and_disconnect);
    g_test_add_func("/test-server/bad-commands", test_bad_commands);
    // The reference takes what it has when it has waited for a while: a sanitizer makes the server too slow for that.
    if (spice::address_sanitizer || spice::thread_sanitizer) return g_test_run();
    for (const char *name : {"off", "auto_glz", "auto_lz", "quic", "glz", "lz", "lz4"})
        g_test_add_data_func((std::string{"/test-server/reference/"} + name).c_str(), name, test_reference);
    return g_test_run();
}
