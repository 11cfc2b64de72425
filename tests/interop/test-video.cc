// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// Video streams of libspice-server in every codec that it can encode here: the frames come out right, and none of them
// paints over what was drawn after it.
#include "server-process.hh"

#include "base/glib/glib-ptr.hh"

#include <cmath>
#include <cstring>
#include <functional>
#include <gst/gst.h>
#include <spice-client.h>
#include <string>
#include <vector>

namespace {

using spice::Ref;
using spice::test::Ppm;
using spice::test::ServerProcess;

constexpr int area_x = 64, area_y = 48, area_w = 320, area_h = 240;
constexpr gint64 limit_us = 30 * G_USEC_PER_SEC;

struct Codec {
    const char *name;    // for --codecs
    const char *encoder; // that libspice-server makes of it; null: its own
};
constexpr Codec codecs[] = {{"spice:mjpeg"},
                            {"gstreamer:vp8", "vp8enc"},
                            {"gstreamer:vp9", "vp9enc"},
                            {"gstreamer:h264", "x264enc"}};

class Client {
public:
    explicit Client(const std::string &uri) : session_{Ref<SpiceSession>::take(spice_session_new())} {
        g_object_set(session_.get(), "uri", uri.c_str(), nullptr);
        g_signal_connect(session_.get(), "channel-new", G_CALLBACK(+[](SpiceSession *, SpiceChannel *c, Client *self) {
                             if (SPICE_IS_DISPLAY_CHANNEL(c)) self->adopt(c);
                             if (!SPICE_IS_MAIN_CHANNEL(c)) spice_channel_connect(c);
                         }),
                         this);
        g_signal_connect_swapped(session_.get(), "disconnected", G_CALLBACK(+[](Client *self) { self->gone_ = true; }), this);
        spice_session_connect(session_.get());
    }
    ~Client() {
        if (display_) g_signal_handlers_disconnect_by_data(display_, this);
        spice_session_disconnect(session_.get());
        until([this] { return gone_; });
        g_signal_handlers_disconnect_by_data(session_.get(), this);
    }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    bool until(const std::function<bool()> &done) {
        const auto deadline = g_get_monotonic_time() + limit_us;
        const auto tick = g_timeout_add(20, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr);
        while (!done() && g_get_monotonic_time() < deadline) g_main_context_iteration(nullptr, TRUE);
        g_source_remove(tick);
        return done();
    }
    bool ready() const { return ready_; }
    uint32_t pixel(int x, int y) const {
        uint32_t p = 0;
        std::memcpy(&p, primary_.data + primary_.stride * y + 4 * x, 4);
        return p & 0xffffff;
    }
    std::function<void(int x, int y, int w, int h)> on_invalidate = [](int, int, int, int) {};

private:
    void adopt(SpiceChannel *channel) {
        display_ = channel;
        g_signal_connect_swapped(channel, "display-primary-create", G_CALLBACK(+[](Client *self) {
                                     self->ready_ = spice_display_channel_get_primary(self->display_, 0, &self->primary_);
                                 }),
                                 this);
        g_signal_connect(channel, "display-invalidate",
                         G_CALLBACK(+[](SpiceChannel *, gint x, gint y, gint w, gint h, Client *self) {
                             self->on_invalidate(x, y, w, h);
                         }),
                         this);
        g_object_add_weak_pointer(G_OBJECT(channel), reinterpret_cast<gpointer *>(&display_));
    }

    Ref<SpiceSession> session_;
    SpiceChannel *display_ = nullptr;
    SpiceDisplayPrimary primary_{};
    bool ready_ = false, gone_ = false;
};

struct Likeness {
    double psnr = 0;
    std::size_t wrong = 0;
};

Likeness compare(const Client &client, const Ppm &truth) {
    double squares = 0;
    Likeness result;
    for (int y = area_y; y < area_y + area_h; ++y)
        for (int x = area_x; x < area_x + area_w; ++x) {
            const auto a = client.pixel(x, y), b = truth.pixels[static_cast<std::size_t>(y * truth.width + x)];
            result.wrong += a != b;
            for (const unsigned shift : {0u, 8u, 16u}) {
                const double d = static_cast<int>(a >> shift & 0xff) - static_cast<int>(b >> shift & 0xff);
                squares += d * d;
            }
        }
    const double mean = squares / (3.0 * area_w * area_h);
    result.psnr = mean > 0 ? 10 * std::log10(255.0 * 255.0 / mean) : 99;
    return result;
}

bool can_encode(const Codec &codec) {
    if (!codec.encoder) return true;
    auto *factory = gst_element_factory_find(codec.encoder);
    if (factory) gst_object_unref(factory);
    return factory != nullptr;
}

void test_codec(gconstpointer data) {
    const auto &codec = *static_cast<const Codec *>(data);
    if (!can_encode(codec)) return g_test_skip("the encoder is not installed");
    ServerProcess server;
    g_assert_true(server.start({"--still", "--streaming", "all", "--codecs", codec.name, "--size", "640x480"}));
    Client client{server.uri()};
    g_assert_true(client.until([&] { return client.ready(); }));
    const auto video = "video " + std::to_string(area_x) + " " + std::to_string(area_y) + " " + std::to_string(area_w) + " " +
                       std::to_string(area_h);
    unsigned updates = 0;
    client.on_invalidate = [&](int x, int y, int w, int h) {
        updates += x == area_x && y == area_y && w == area_w && h == area_h;
    };
    g_assert_true(server.ok(video));
    // Long after the server has begun to send a stream.
    g_assert_true(client.until([&] { return g_ascii_strtoull(server.command("video").c_str(), nullptr, 10) >= 75; }));
    g_assert_cmpuint(updates, >=, 20);
    g_assert_true(server.ok("video hold"));
    const auto path = server.folder() + "/truth.ppm";
    g_assert_true(server.ok("dump " + path));
    const auto truth = spice::test::read_ppm(path);
    Likeness best;
    const bool like = client.until([&] {
        best = compare(client, truth);
        return best.psnr > 30;
    });
    g_test_message("%s: %.1f dB, %zu pixels differ, %u updates", codec.name, best.psnr, best.wrong, updates);
    g_assert_true(like);
    g_assert_cmpuint(best.wrong, >, 0); // it is the stream that is shown, and that is lossy

    // Drawn while frames are on their way; once seen it stays.
    constexpr uint32_t color = 0x13579b;
    bool seen = false, overpainted = false;
    client.on_invalidate = [&](int, int, int, int) {
        const bool there = client.pixel(area_x + 100, area_y + 100) == color;
        if (seen && !there) overpainted = true;
        seen |= there;
    };
    g_assert_true(server.ok("video stop"));
    g_assert_true(server.ok("fill 104 88 160 120 13579b"));
    g_assert_true(server.ok("dump " + path));
    const auto last = spice::test::read_ppm(path);
    // The server ends the stream a second after its last frame, and sends what was lossy again.
    g_assert_true(client.until([&] { return compare(client, last).wrong == 0; }));
    g_assert_true(seen);
    g_assert_false(overpainted);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    gst_init(&argc, &argv);
    if (!ServerProcess::available()) return 77;
    for (const auto &codec : codecs) g_test_add_data_func((std::string{"/video/"} + codec.name).c_str(), &codec, test_codec);
    return g_test_run();
}
