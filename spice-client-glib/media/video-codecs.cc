// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "media/video-codecs.hh"

#include "base/glib/glib-ptr.hh"

#include <gst/gst.h>

#include <array>
#include <atomic>
#include <initializer_list>
#include <string>
#include <unistd.h>

namespace spice::media {

namespace {

constexpr std::array codecs{VideoCodec::vp8, VideoCodec::h264, VideoCodec::vp9, VideoCodec::h265};

uint32_t bit(VideoCodec codec) noexcept { return 1u << static_cast<unsigned>(codec); }

bool registry_has(const char *caps_text) {
    auto *caps = gst_caps_from_string(caps_text);
    auto *all = gst_element_factory_list_get_elements(
        GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO, GST_RANK_MARGINAL);
    auto *fitting = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, TRUE);
    const bool found = fitting != nullptr;
    gst_plugin_feature_list_free(fitting);
    gst_plugin_feature_list_free(all);
    gst_caps_unref(caps);
    return found;
}

bool any_file(std::string_view folders, std::initializer_list<const char *> plugins) {
    while (!folders.empty()) {
        const auto end = std::min(folders.find(':'), folders.size());
        const std::string folder{folders.substr(0, end)};
        folders.remove_prefix(std::min(end + 1, folders.size()));
        for (const auto *plugin : plugins)
            if (access((folder + "/libgst" + plugin + ".so").c_str(), R_OK) == 0) return true;
    }
    return false;
}

const char *first_of(std::initializer_list<const char *> variables) {
    for (const auto *name : variables)
        if (const char *value = g_getenv(name)) return value;
    return nullptr;
}

// As GStreamer's documentation has it: the variables replace or precede the usual folders.
std::string plugin_folders() {
    std::string folders;
    if (const char *own = first_of({"GST_PLUGIN_PATH_1_0", "GST_PLUGIN_PATH"})) folders = std::string{own} + ":";
    if (const char *system = first_of({"GST_PLUGIN_SYSTEM_PATH_1_0", "GST_PLUGIN_SYSTEM_PATH"})) return folders + system;
    return folders + g_get_user_data_dir() + "/gstreamer-1.0/plugins:" GST_PLUGIN_FOLDER;
}

}

const char *caps_of(VideoCodec codec) noexcept {
    switch (codec) {
    case VideoCodec::mjpeg: return "image/jpeg,parsed=(boolean)true";
    case VideoCodec::vp8: return "video/x-vp8,codec-alpha=(boolean)false";
    case VideoCodec::h264: return "video/x-h264,stream-format=byte-stream,alignment=au";
    case VideoCodec::vp9: return "video/x-vp9,codec-alpha=(boolean)false,alignment=(string)frame";
    case VideoCodec::h265: return "video/x-h265,stream-format=byte-stream,alignment=au";
    }
    return "video/x-unknown";
}

bool plugin_files_decode(VideoCodec codec, std::string_view folders) {
    if (!any_file(folders, {"app"}) || !any_file(folders, {"videoconvertscale", "videoconvert"})) return false;
    switch (codec) {
    case VideoCodec::mjpeg: return any_file(folders, {"jpeg", "libav"});
    case VideoCodec::vp8:
    case VideoCodec::vp9: return any_file(folders, {"vpx", "libav"});
    case VideoCodec::h264: return any_file(folders, {"libav", "openh264"});
    case VideoCodec::h265: return any_file(folders, {"libav", "de265"});
    }
    return false;
}

bool can_decode(VideoCodec codec) {
    if (codec == VideoCodec::mjpeg) return true;
    static std::atomic<uint32_t> from_registry{0}, from_files{0}; // bit 0: the answers are there
    auto &known = gst_is_initialized() ? from_registry : from_files;
    auto answers = known.load(std::memory_order_relaxed);
    if (answers == 0) {
        answers = 1;
        const auto folders = plugin_folders();
        for (const auto each : codecs)
            if (gst_is_initialized() ? registry_has(caps_of(each)) : plugin_files_decode(each, folders)) answers |= bit(each);
        known.store(answers, std::memory_order_relaxed);
    }
    return (answers & bit(codec)) != 0;
}

}
