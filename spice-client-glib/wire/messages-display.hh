// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-common.hh"
#include "wire/messages-draw.hh"

// The display channel but for its drawings, which are in messages-draw.hh (spec/display.md §6).
namespace spice::wire {

struct DisplayMode {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_MODE;
    static constexpr const char *message_name = "MODE";
    uint32_t width = 0, height = 0, bits = 0;
    static constexpr std::tuple fields{Field{"width", &DisplayMode::width}, Field{"height", &DisplayMode::height},
                                       Field{"bits", &DisplayMode::bits}};
};
static_assert(wire_size<DisplayMode>() == 12);

struct DisplayMark {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_MARK;
    static constexpr const char *message_name = "MARK";
    static constexpr std::tuple<> fields{};
};

struct DisplayReset {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_RESET;
    static constexpr const char *message_name = "RESET";
    static constexpr std::tuple<> fields{};
};

struct CachedResource {
    uint8_t type = 0; // SPICE_RES_TYPE_*
    uint64_t id = 0;
    static constexpr std::tuple fields{Field{"resource.type", &CachedResource::type},
                                       Field{"resource.id", &CachedResource::id}};
};
static_assert(wire_size<CachedResource>() == 9);

struct InvalList {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_INVAL_LIST;
    static constexpr const char *message_name = "INVAL_LIST";
    std::vector<CachedResource> resources;
    static constexpr std::tuple fields{counted<uint16_t>("resources", &InvalList::resources)};
};

struct InvalAllPixmaps {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_INVAL_ALL_PIXMAPS;
    static constexpr const char *message_name = "INVAL_ALL_PIXMAPS";
    std::vector<WaitForChannel> waits; // to be waited for first
    static constexpr std::tuple fields{counted<uint8_t>("waits", &InvalAllPixmaps::waits)};
};

struct InvalPalette {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_INVAL_PALETTE;
    static constexpr const char *message_name = "INVAL_PALETTE";
    uint64_t unique = 0;
    static constexpr std::tuple fields{Field{"unique", &InvalPalette::unique}};
};

struct InvalAllPalettes {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_INVAL_ALL_PALETTES;
    static constexpr const char *message_name = "INVAL_ALL_PALETTES";
    static constexpr std::tuple<> fields{};
};

struct SurfaceCreate {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_SURFACE_CREATE;
    static constexpr const char *message_name = "SURFACE_CREATE";
    uint32_t surface_id = 0, width = 0, height = 0;
    uint32_t format = 0; // SPICE_SURFACE_FMT_*
    uint32_t flags = 0;  // SPICE_SURFACE_FLAGS_*
    static constexpr std::tuple fields{Field{"surface_id", &SurfaceCreate::surface_id},
                                       Field{"width", &SurfaceCreate::width}, Field{"height", &SurfaceCreate::height},
                                       Field{"format", &SurfaceCreate::format}, Field{"flags", &SurfaceCreate::flags}};
};
static_assert(wire_size<SurfaceCreate>() == 20);

struct SurfaceDestroy {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_SURFACE_DESTROY;
    static constexpr const char *message_name = "SURFACE_DESTROY";
    uint32_t surface_id = 0;
    static constexpr std::tuple fields{Field{"surface_id", &SurfaceDestroy::surface_id}};
};

struct Head {
    uint32_t monitor_id = 0, surface_id = 0, width = 0, height = 0, x = 0, y = 0, flags = 0;
    static constexpr std::tuple fields{Field{"head.monitor_id", &Head::monitor_id},
                                       Field{"head.surface_id", &Head::surface_id},
                                       Field{"head.width", &Head::width},
                                       Field{"head.height", &Head::height},
                                       Field{"head.x", &Head::x},
                                       Field{"head.y", &Head::y},
                                       Field{"head.flags", &Head::flags}};
};
static_assert(wire_size<Head>() == 28);

struct MonitorsConfig {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_MONITORS_CONFIG;
    static constexpr const char *message_name = "MONITORS_CONFIG";
    uint16_t count = 0, max_allowed = 0;
    std::vector<Head> heads;
    static constexpr std::tuple fields{Field{"count", &MonitorsConfig::count},
                                       Field{"max_allowed", &MonitorsConfig::max_allowed},
                                       Array{"heads", &MonitorsConfig::heads, &MonitorsConfig::count}};
};
static_assert(wire_size<MonitorsConfig>() == 4);

struct StreamCreate {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_CREATE;
    static constexpr const char *message_name = "STREAM_CREATE";
    uint32_t surface_id = 0, id = 0;
    uint8_t flags = 0; // SPICE_STREAM_FLAGS_*
    uint8_t codec = 0; // SPICE_VIDEO_CODEC_TYPE_*
    uint64_t stamp = 0;
    uint32_t stream_width = 0, stream_height = 0, src_width = 0, src_height = 0;
    Rect dest;
    Clip clip;
    static constexpr std::tuple fields{Field{"surface_id", &StreamCreate::surface_id},
                                       Field{"id", &StreamCreate::id},
                                       Field{"flags", &StreamCreate::flags},
                                       Field{"codec", &StreamCreate::codec},
                                       Field{"stamp", &StreamCreate::stamp},
                                       Field{"stream_width", &StreamCreate::stream_width},
                                       Field{"stream_height", &StreamCreate::stream_height},
                                       Field{"src_width", &StreamCreate::src_width},
                                       Field{"src_height", &StreamCreate::src_height},
                                       Field{"dest", &StreamCreate::dest},
                                       Field{"clip", &StreamCreate::clip}};
};
static_assert(wire_size<StreamCreate>() == 51);

// The frame is a view of the body.
struct StreamData {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_DATA;
    static constexpr const char *message_name = "STREAM_DATA";
    uint32_t id = 0, mm_time = 0;
    Bytes data;
    static constexpr std::tuple fields{Field{"id", &StreamData::id}, Field{"mm_time", &StreamData::mm_time},
                                       sized<uint32_t>("data", &StreamData::data)};
};
static_assert(wire_size<StreamData>() == 12);

struct StreamDataSized {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_DATA_SIZED;
    static constexpr const char *message_name = "STREAM_DATA_SIZED";
    uint32_t id = 0, mm_time = 0, width = 0, height = 0;
    Rect dest;
    Bytes data;
    static constexpr std::tuple fields{
        Field{"id", &StreamDataSized::id},       Field{"mm_time", &StreamDataSized::mm_time},
        Field{"width", &StreamDataSized::width}, Field{"height", &StreamDataSized::height},
        Field{"dest", &StreamDataSized::dest},   sized<uint32_t>("data", &StreamDataSized::data)};
};
static_assert(wire_size<StreamDataSized>() == 36);

struct StreamClip {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_CLIP;
    static constexpr const char *message_name = "STREAM_CLIP";
    uint32_t id = 0;
    Clip clip;
    static constexpr std::tuple fields{Field{"id", &StreamClip::id}, Field{"clip", &StreamClip::clip}};
};

struct StreamDestroy {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_DESTROY;
    static constexpr const char *message_name = "STREAM_DESTROY";
    uint32_t id = 0;
    static constexpr std::tuple fields{Field{"id", &StreamDestroy::id}};
};

struct StreamDestroyAll {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_DESTROY_ALL;
    static constexpr const char *message_name = "STREAM_DESTROY_ALL";
    static constexpr std::tuple<> fields{};
};

struct StreamActivateReport {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_STREAM_ACTIVATE_REPORT;
    static constexpr const char *message_name = "STREAM_ACTIVATE_REPORT";
    uint32_t stream_id = 0, unique_id = 0, max_window_size = 0, timeout_ms = 0;
    static constexpr std::tuple fields{Field{"stream_id", &StreamActivateReport::stream_id},
                                       Field{"unique_id", &StreamActivateReport::unique_id},
                                       Field{"max_window_size", &StreamActivateReport::max_window_size},
                                       Field{"timeout_ms", &StreamActivateReport::timeout_ms}};
};
static_assert(wire_size<StreamActivateReport>() == 16);

// A dma-buf comes with one extra byte behind the message unless drm_fourcc is 0 (spec/display.md §12).
struct GlScanoutUnix {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX;
    static constexpr const char *message_name = "GL_SCANOUT_UNIX";
    uint32_t width = 0, height = 0, stride = 0, drm_fourcc = 0;
    uint32_t flags = 0; // SPICE_GL_SCANOUT_FLAGS_*
    static constexpr std::tuple fields{Field{"width", &GlScanoutUnix::width}, Field{"height", &GlScanoutUnix::height},
                                       Field{"stride", &GlScanoutUnix::stride},
                                       Field{"drm_fourcc", &GlScanoutUnix::drm_fourcc},
                                       Field{"flags", &GlScanoutUnix::flags}};
};
static_assert(wire_size<GlScanoutUnix>() == 20);

struct GlDraw {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_GL_DRAW;
    static constexpr const char *message_name = "GL_DRAW";
    uint32_t x = 0, y = 0, width = 0, height = 0;
    static constexpr std::tuple fields{Field{"x", &GlDraw::x}, Field{"y", &GlDraw::y}, Field{"width", &GlDraw::width},
                                       Field{"height", &GlDraw::height}};
};
static_assert(wire_size<GlDraw>() == 16);

struct GlPlane {
    uint32_t offset = 0, stride = 0;
    static constexpr std::tuple fields{Field{"plane.offset", &GlPlane::offset},
                                       Field{"plane.stride", &GlPlane::stride}};
};

// One dma-buf per plane comes along.
struct GlScanout2Unix {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_GL_DRAW + 2; // newer than protocol 0.14.3's names
    static constexpr const char *message_name = "GL_SCANOUT2_UNIX";
    uint32_t width = 0, height = 0, drm_fourcc = 0, flags = 0;
    uint8_t num_planes = 0;
    uint64_t modifier = 0;
    std::vector<GlPlane> planes;
    static constexpr std::tuple fields{Field{"width", &GlScanout2Unix::width},
                                       Field{"height", &GlScanout2Unix::height},
                                       Field{"drm_fourcc", &GlScanout2Unix::drm_fourcc},
                                       Field{"flags", &GlScanout2Unix::flags},
                                       Field{"num_planes", &GlScanout2Unix::num_planes, 4},
                                       Field{"modifier", &GlScanout2Unix::modifier},
                                       Array{"planes", &GlScanout2Unix::planes, &GlScanout2Unix::num_planes, 4}};
};
static_assert(wire_size<GlScanout2Unix>() == 25);

struct QualityIndicator {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_QUALITY_INDICATOR;
    static constexpr const char *message_name = "QUALITY_INDICATOR";
    Bytes data;
    static constexpr std::tuple fields{Rest{"data", &QualityIndicator::data}};
};

// --- client to server

struct DisplayInit {
    static constexpr uint16_t message_id = SPICE_MSGC_DISPLAY_INIT;
    static constexpr const char *message_name = "DISPLAY_INIT";
    uint8_t pixmap_cache_id = 0;
    int64_t pixmap_cache_size = 0; // pixels
    uint8_t glz_dictionary_id = 0;
    int32_t glz_dictionary_window_size = 0; // pixels
    static constexpr std::tuple fields{Field{"pixmap_cache_id", &DisplayInit::pixmap_cache_id},
                                       Field{"pixmap_cache_size", &DisplayInit::pixmap_cache_size},
                                       Field{"glz_dictionary_id", &DisplayInit::glz_dictionary_id},
                                       Field{"glz_dictionary_window_size", &DisplayInit::glz_dictionary_window_size}};
};
static_assert(wire_size<DisplayInit>() == 14);

struct StreamReport {
    static constexpr uint16_t message_id = SPICE_MSGC_DISPLAY_STREAM_REPORT;
    static constexpr const char *message_name = "STREAM_REPORT";
    uint32_t stream_id = 0, unique_id = 0, start_frame_mm_time = 0, end_frame_mm_time = 0;
    uint32_t num_frames = 0, num_drops = 0;
    int32_t last_frame_delay = 0; // ms; negative when late
    uint32_t audio_delay = 0;     // ms; all ones without playback
    static constexpr std::tuple fields{Field{"stream_id", &StreamReport::stream_id},
                                       Field{"unique_id", &StreamReport::unique_id},
                                       Field{"start_frame_mm_time", &StreamReport::start_frame_mm_time},
                                       Field{"end_frame_mm_time", &StreamReport::end_frame_mm_time},
                                       Field{"num_frames", &StreamReport::num_frames},
                                       Field{"num_drops", &StreamReport::num_drops},
                                       Field{"last_frame_delay", &StreamReport::last_frame_delay},
                                       Field{"audio_delay", &StreamReport::audio_delay}};
};
static_assert(wire_size<StreamReport>() == 32);

struct PreferredCompression {
    static constexpr uint16_t message_id = SPICE_MSGC_DISPLAY_PREFERRED_COMPRESSION;
    static constexpr const char *message_name = "PREFERRED_COMPRESSION";
    uint8_t compression = 0; // SPICE_IMAGE_COMPRESSION_*
    static constexpr std::tuple fields{Field{"compression", &PreferredCompression::compression}};
};

struct GlDrawDone {
    static constexpr uint16_t message_id = SPICE_MSGC_DISPLAY_GL_DRAW_DONE;
    static constexpr const char *message_name = "GL_DRAW_DONE";
    static constexpr std::tuple<> fields{};
};

struct PreferredVideoCodecType {
    static constexpr uint16_t message_id = SPICE_MSGC_DISPLAY_PREFERRED_VIDEO_CODEC_TYPE;
    static constexpr const char *message_name = "PREFERRED_VIDEO_CODEC_TYPE";
    std::vector<uint8_t> codecs; // SPICE_VIDEO_CODEC_TYPE_*, the most wanted first
    static constexpr std::tuple fields{counted<uint8_t>("codecs", &PreferredVideoCodecType::codecs)};
};

}
