// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/gst-decoder.hh"
#include "media/jpeg-decoder.hh"
#include "media/video-codecs.hh"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cmath>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

using namespace spice::media;
using namespace std::chrono_literals;

namespace {

constexpr int width = 96, height = 64, frames = 20;
constexpr auto patience = 30s;
constexpr const char *quiet_sink = "fakevideosink"; // of all that autovideosink might try

struct Case {
    const char *name;
    VideoCodec codec;
    const char *encoder; // as a part of a launch line
    const char *needs;
};
constexpr Case cases[] = {
    {"mjpeg", VideoCodec::mjpeg, "jpegenc", "jpegenc"},
    {"vp8", VideoCodec::vp8, "vp8enc deadline=1 target-bitrate=2000000", "vp8enc"},
    {"vp9", VideoCodec::vp9, "vp9enc deadline=1 target-bitrate=2000000", "vp9enc"},
    {"h264", VideoCodec::h264, "x264enc tune=zerolatency byte-stream=true bitrate=2000", "x264enc"},
    {"h265", VideoCodec::h265, "x265enc tune=zerolatency bitrate=2000 ! h265parse ! video/x-h265,stream-format=byte-stream,alignment=au", "x265enc"},
};

EncodedFrame frame_of(const std::vector<std::byte> &bytes) {
    auto copy = std::make_shared<std::byte[]>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), copy.get());
    return {copy, bytes.size()};
}

// What each buffer of a pipeline holds.
std::vector<std::vector<std::byte>> run(const std::string &line) {
    GError *error = nullptr;
    auto *pipeline = gst_parse_launch((line + " ! appsink name=out sync=false max-buffers=0").c_str(), &error);
    if (!pipeline) g_error("%s", error->message);
    auto *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    std::vector<std::vector<std::byte>> buffers;
    while (auto *sample = gst_app_sink_pull_sample(GST_APP_SINK(out))) {
        GstMapInfo map;
        g_assert_true(gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ));
        const auto *bytes = reinterpret_cast<const std::byte *>(map.data);
        buffers.emplace_back(bytes, bytes + map.size);
        gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
        gst_sample_unref(sample);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(out);
    gst_object_unref(pipeline);
    return buffers;
}

const std::string source = "videotestsrc pattern=ball num-buffers=" + std::to_string(frames) +
                           " ! video/x-raw,format=I420,framerate=25/1,width=" + std::to_string(width) +
                           ",height=" + std::to_string(height);

// Gathers what a decoder says, on any thread; also what it says a little late.
struct Results : std::enable_shared_from_this<Results> {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::pair<std::size_t, VideoPicture>> done;
    int failures = 0, questions = 0;

    VideoDecoder::Done take(std::size_t number) {
        return [self = shared_from_this(), number](VideoPicture picture) {
            std::lock_guard lock{self->mutex};
            self->done.emplace_back(number, std::move(picture));
            self->changed.notify_all();
        };
    }
    std::function<void()> count(int Results::*what) {
        return [self = shared_from_this(), what] {
            std::lock_guard lock{self->mutex};
            ++((*self).*what);
            self->changed.notify_all();
        };
    }
    template <class F> bool wait(F &&reached) {
        std::unique_lock lock{mutex};
        return changed.wait_for(lock, patience, [&] { return reached(); });
    }
};

double psnr(const VideoPicture &picture, const std::vector<std::byte> &truth) {
    double squares = 0;
    for (uint32_t y = 0; y < height; ++y)
        for (uint32_t x = 0; x < width; ++x)
            for (unsigned c = 0; c < 3; ++c) {
                const auto a = std::to_integer<int>(picture.view.row(y)[4 * x + c]);
                const auto b = std::to_integer<int>(truth[(y * width + x) * 4 + c]);
                squares += (a - b) * (a - b);
            }
    return 10 * std::log10(255.0 * 255.0 * 3 * width * height / std::max(squares, 1.0));
}

std::vector<std::vector<std::byte>> jpeg_pictures(const std::vector<std::vector<std::byte>> &encoded) {
    std::vector<std::vector<std::byte>> pictures;
    for (const auto &frame : encoded) {
        const auto results = std::make_shared<Results>();
        JpegDecoder decoder;
        decoder.decode(frame_of(frame), results->take(0));
        g_assert_true(results->wait([&] { return results->done.size() == 1; }));
        const auto &view = results->done[0].second.view;
        g_assert_true(view.width == width && view.height == height && view.stride == width * 4);
        pictures.emplace_back(view.data, view.data + width * height * 4);
    }
    return pictures;
}

bool installed(const char *element) {
    auto *factory = gst_element_factory_find(element);
    if (factory) gst_object_unref(factory);
    return factory != nullptr;
}

// Every frame comes back once, in order, as the picture that went into the encoder.
void test_decodes(gconstpointer data) {
    const auto &c = *static_cast<const Case *>(data);
    if (!installed(c.needs)) return g_test_skip("the encoder is not installed");
    g_assert_true(can_decode(c.codec));
    const auto encoded = run(source + " ! " + c.encoder);
    // The JPEG encoder takes the narrow range of its input for the full one: both decoders have to see it alike.
    const auto truth = c.codec == VideoCodec::mjpeg ? jpeg_pictures(encoded)
                                                    : run(source + " ! videoconvert ! video/x-raw,format=BGRx");
    g_assert_cmpuint(encoded.size(), ==, frames);
    const auto held = std::make_shared<Results>();
    auto &results = *held;
    GstDecoder decoder{c.codec, results.count(&Results::failures)};
    for (std::size_t i = 0; i < encoded.size(); ++i) decoder.decode(frame_of(encoded[i]), results.take(i));
    g_assert_true(results.wait([&] { return results.done.size() == frames; }));
    for (std::size_t i = 0; i < frames; ++i) {
        const auto &[number, picture] = results.done[i];
        g_assert_cmpuint(number, ==, i);
        g_assert_true(picture && picture.view.width == width && picture.view.height == height);
        g_assert_cmpfloat(psnr(picture, truth[i]), >, 30);
    }
    g_assert_cmpint(results.failures, ==, 0);
}

// Noise, and frames without the key frame before them: whatever comes of it, the decoder survives and can be destroyed.
void test_damaged(gconstpointer data) {
    const auto &c = *static_cast<const Case *>(data);
    if (!installed(c.needs)) return g_test_skip("the encoder is not installed");
    auto encoded = run(source + " ! " + c.encoder);
    for (const unsigned kind : {0u, 1u, 2u}) {
        const auto held = std::make_shared<Results>();
    auto &results = *held;
        {
            GstDecoder decoder{c.codec, results.count(&Results::failures)};
            for (std::size_t i = 1; i < encoded.size(); ++i) {
                auto bytes = encoded[i];
                if (kind == 1)
                    for (std::size_t at = 0; at < bytes.size(); at += 7) bytes[at] ^= std::byte{0x5a};
                if (kind == 2) bytes.resize(bytes.size() / 2 + 1);
                decoder.decode(frame_of(bytes), results.take(i));
            }
        }
        std::lock_guard lock{results.mutex};
        for (std::size_t i = 1; i < results.done.size(); ++i) g_assert_cmpuint(results.done[i].first, >, results.done[i - 1].first);
    }
}

// Gone before, while and after the pipeline is made, with frames inside.
void test_destroyed_early() {
    if (!installed("vp8enc")) return g_test_skip("the encoder is not installed");
    const auto encoded = run(source + " ! vp8enc deadline=1");
    const auto results = std::make_shared<Results>(); // a last picture may still come
    for (std::size_t n = 0; n < 24; ++n) {
        GstDecoder decoder{VideoCodec::vp8, results->count(&Results::failures)};
        for (std::size_t i = 0; i < n % 6; ++i)
            decoder.decode(frame_of(encoded[i]), results->take(i));
        if (n % 6 == 5) g_assert_true(results->wait([&] { return results->done.size() >= 1; }));
    }
    g_assert_cmpint(results->failures, ==, 0);
}

// The pipeline waits for an answer; with "no" the pictures come as always.
void test_question() {
    if (!installed("vp8enc")) return g_test_skip("the encoder is not installed");
    const auto encoded = run(source + " ! vp8enc deadline=1");
    const auto held = std::make_shared<Results>();
    auto &results = *held;
    GstDecoder decoder{VideoCodec::vp8, results.count(&Results::failures), true, results.count(&Results::questions)};
    decoder.decode(frame_of(encoded[0]), results.take(0));
    g_assert_true(results.wait([&] { return results.questions == 1; }));
    g_assert_true(decoder.asks());
    auto *pipeline = decoder.question();
    g_assert_true(GST_IS_PIPELINE(pipeline));
    GstState state = GST_STATE_PLAYING;
    gst_element_get_state(GST_ELEMENT(pipeline), &state, nullptr, 0);
    g_assert_cmpint(state, <, GST_STATE_PLAYING);
    gst_object_unref(pipeline);
    decoder.answer(false);
    g_assert_false(decoder.asks()); // at once, whatever the pipeline still has to do
    decoder.decode(frame_of(encoded[1]), results.take(1));
    g_assert_true(results.wait([&] { return results.done.size() == 2; }));
    g_assert_true(results.done[0].second && results.done[1].second);
    g_assert_false(decoder.asks() || decoder.shows_itself());
}

// Shown in a window of the application's, who does not look at the bus: what is said there does not pile up, and an error
// ends the stream.
void test_own_window() {
    if (!installed("vp8enc") || !installed("autovideosink") || !installed(quiet_sink)) return g_test_skip("an element is not installed");
    const auto encoded = run(source + " ! vp8enc deadline=1");
    const auto held = std::make_shared<Results>();
    auto &results = *held;
    GstDecoder decoder{VideoCodec::vp8, results.count(&Results::failures), true, results.count(&Results::questions)};
    g_assert_true(results.wait([&] { return results.questions == 1; }));
    auto *pipeline = decoder.question();
    auto *bus = gst_element_get_bus(GST_ELEMENT(pipeline));
    decoder.answer(true);
    constexpr unsigned noise = 500;
    std::size_t number = 0;
    const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    for (unsigned i = 0; i < noise; ++i)
        gst_bus_post(bus, gst_message_new_application(GST_OBJECT(pipeline), gst_structure_new_empty("noise")));
    g_assert_true(gst_bus_have_pending(bus));
    while (gst_bus_have_pending(bus) && g_get_monotonic_time() < deadline) {
        decoder.decode(frame_of(encoded[number % encoded.size()]), results.take(number));
        ++number;
        g_usleep(20'000);
    }
    g_assert_false(gst_bus_have_pending(bus));
    g_assert_true(decoder.shows_itself());
    g_assert_cmpint(results.failures, ==, 0);
    auto *error = g_error_new_literal(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "as the test wants it");
    gst_bus_post(bus, gst_message_new_error(GST_OBJECT(pipeline), error, nullptr));
    g_error_free(error);
    g_assert_true(results.wait([&] { return results.failures == 1; }));
    decoder.decode(frame_of(encoded[0]), results.take(number)); // is answered all the same
    g_assert_true(results.wait([&] { return results.done.size() == number + 1; }));
    gst_object_unref(bus);
    gst_object_unref(pipeline);
}

void test_plugin_files() {
    GError *error = nullptr;
    char *folder = g_dir_make_tmp("spice-plugins-XXXXXX", &error);
    g_assert_no_error(error);
    const std::string path = folder;
    std::vector<std::string> made;
    const auto add = [&](const char *name) {
        made.push_back(path + "/libgst" + name + ".so");
        std::ofstream{made.back()} << "x";
    };
    const auto decodes = [&](VideoCodec codec) { return plugin_files_decode(codec, "/nowhere:" + path); };
    add("vpx");
    g_assert_false(decodes(VideoCodec::vp8)); // without the rest of the pipeline
    add("app");
    add("videoconvertscale");
    g_assert_true(decodes(VideoCodec::vp8) && decodes(VideoCodec::vp9));
    g_assert_false(decodes(VideoCodec::h264) || decodes(VideoCodec::h265));
    add("libav");
    g_assert_true(decodes(VideoCodec::h264) && decodes(VideoCodec::h265));
    g_assert_false(plugin_files_decode(VideoCodec::vp8, ""));
    for (const auto &file : made) g_remove(file.c_str());
    g_rmdir(folder);
    g_free(folder);
}

}

int main(int argc, char **argv) {
    g_setenv("GST_PLUGIN_FEATURE_RANK", (std::string{quiet_sink} + ":MAX").c_str(), TRUE);
    g_test_init(&argc, &argv, nullptr);
    gst_init(&argc, &argv);
    g_test_add_func("/gst-decoder/plugin-files", test_plugin_files);
    for (const auto &c : cases) {
        g_test_add_data_func((std::string{"/gst-decoder/decodes/"} + c.name).c_str(), &c, test_decodes);
        g_test_add_data_func((std::string{"/gst-decoder/damaged/"} + c.name).c_str(), &c, test_damaged);
    }
    g_test_add_func("/gst-decoder/destroyed-early", test_destroyed_early);
    g_test_add_func("/gst-decoder/question", test_question);
    g_test_add_func("/gst-decoder/own-window", test_own_window);
    return g_test_run();
}
