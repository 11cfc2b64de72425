// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-image.hh"

// Drawings (spec/display.md §6.4). A null source, an unknown scale mode or raster operation and the like are no faults
// of the message: they are kept raw, and only that drawing is skipped.
namespace spice::wire {

struct CopyBits {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_COPY_BITS;
    static constexpr const char *message_name = "COPY_BITS";
    DrawBase base;
    Point src_pos;
    static constexpr std::tuple fields{Field{"base", &CopyBits::base}, Field{"src_pos", &CopyBits::src_pos}};
};
static_assert(wire_size<CopyBits>() == 29);

struct DrawFill {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_FILL;
    static constexpr const char *message_name = "DRAW_FILL";
    DrawBase base;
    Brush brush;
    uint16_t rop = 0; // SPICE_ROPD_*
    QMask mask;
    static constexpr std::tuple fields{Field{"base", &DrawFill::base}, Field{"brush", &DrawFill::brush},
                                       Field{"rop", &DrawFill::rop}, Field{"mask", &DrawFill::mask}};
};

struct DrawOpaque {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_OPAQUE;
    static constexpr const char *message_name = "DRAW_OPAQUE";
    DrawBase base;
    std::optional<Image> src;
    Rect src_area;
    Brush brush;
    uint16_t rop = 0;       // SPICE_ROPD_*
    uint8_t scale_mode = 0; // SPICE_IMAGE_SCALE_MODE_*
    QMask mask;
    static constexpr std::tuple fields{
        Field{"base", &DrawOpaque::base},         Pointer{"src", &DrawOpaque::src},
        Field{"src_area", &DrawOpaque::src_area}, Field{"brush", &DrawOpaque::brush},
        Field{"rop", &DrawOpaque::rop},           Field{"scale_mode", &DrawOpaque::scale_mode},
        Field{"mask", &DrawOpaque::mask}};
};

// What COPY and BLEND have in common, which is everything but the id.
struct CopyFields {
    DrawBase base;
    std::optional<Image> src;
    Rect src_area;
    uint16_t rop = 0;       // SPICE_ROPD_*
    uint8_t scale_mode = 0; // SPICE_IMAGE_SCALE_MODE_*
    QMask mask;
    static constexpr std::tuple fields{Field{"base", &CopyFields::base},
                                       Pointer{"src", &CopyFields::src},
                                       Field{"src_area", &CopyFields::src_area},
                                       Field{"rop", &CopyFields::rop},
                                       Field{"scale_mode", &CopyFields::scale_mode},
                                       Field{"mask", &CopyFields::mask}};
};
static_assert(wire_size<CopyFields>() == 57);

struct DrawCopy : CopyFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_COPY;
    static constexpr const char *message_name = "DRAW_COPY";
};

struct DrawBlend : CopyFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_BLEND;
    static constexpr const char *message_name = "DRAW_BLEND";
};

// What BLACKNESS, WHITENESS and INVERS have in common.
struct MaskFields {
    DrawBase base;
    QMask mask;
    static constexpr std::tuple fields{Field{"base", &MaskFields::base}, Field{"mask", &MaskFields::mask}};
};
static_assert(wire_size<MaskFields>() == 34);

struct DrawBlackness : MaskFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_BLACKNESS;
    static constexpr const char *message_name = "DRAW_BLACKNESS";
};

struct DrawWhiteness : MaskFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_WHITENESS;
    static constexpr const char *message_name = "DRAW_WHITENESS";
};

struct DrawInvers : MaskFields {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_INVERS;
    static constexpr const char *message_name = "DRAW_INVERS";
};

struct DrawRop3 {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_ROP3;
    static constexpr const char *message_name = "DRAW_ROP3";
    DrawBase base;
    std::optional<Image> src;
    Rect src_area;
    Brush brush;
    uint8_t rop3 = 0;
    uint8_t scale_mode = 0; // SPICE_IMAGE_SCALE_MODE_*
    QMask mask;
    static constexpr std::tuple fields{
        Field{"base", &DrawRop3::base},   Pointer{"src", &DrawRop3::src}, Field{"src_area", &DrawRop3::src_area},
        Field{"brush", &DrawRop3::brush}, Field{"rop3", &DrawRop3::rop3}, Field{"scale_mode", &DrawRop3::scale_mode},
        Field{"mask", &DrawRop3::mask}};
};

struct PathSegment {
    uint8_t flags = 0; // SPICE_PATH_*
    std::vector<PointFix> points;
    static constexpr std::tuple fields{Field{"segment.flags", &PathSegment::flags},
                                       counted<uint32_t>("segment.points", &PathSegment::points, 1U << 22)};
};
static_assert(wire_size<PathSegment>() == 5);

struct Path {
    std::vector<PathSegment> segments;
    static constexpr std::tuple fields{counted<uint32_t>("path.segments", &Path::segments, 1U << 20)};
};

struct LineAttr {
    uint8_t flags = 0; // SPICE_LINE_FLAGS_*
    uint8_t style_count = 0;
    std::vector<int32_t> style; // dash lengths, fixed point 28.4; only with SPICE_LINE_FLAGS_STYLED
    bool styled() const { return flags & SPICE_LINE_FLAGS_STYLED; }
    static constexpr std::tuple fields{
        Field{"line.flags", &LineAttr::flags},
        When{&LineAttr::styled, Field{"line.style_count", &LineAttr::style_count}},
        When{&LineAttr::styled, ArrayPointer{"line.style", &LineAttr::style, &LineAttr::style_count}}};
};
static_assert(wire_size<LineAttr>() == 1);

struct DrawStroke {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_STROKE;
    static constexpr const char *message_name = "DRAW_STROKE";
    DrawBase base;
    Path path;
    LineAttr line;
    Brush brush;
    uint16_t fore_mode = 0, back_mode = 0; // SPICE_ROPD_*
    static constexpr std::tuple fields{
        Field{"base", &DrawStroke::base},           Pointer{"path", &DrawStroke::path},
        Field{"line", &DrawStroke::line},           Field{"brush", &DrawStroke::brush},
        Field{"fore_mode", &DrawStroke::fore_mode}, Field{"back_mode", &DrawStroke::back_mode}};
};

struct Glyph {
    Point render_pos, origin;
    uint16_t width = 0, height = 0;
    Bytes data;       // rows of (bits × width + 7) / 8 bytes
    uint8_t bits = 0; // per pixel; not on the wire, it comes from the string's flags
    uint64_t data_size() const { return (uint64_t{bits} * width + 7) / 8 * height; }
    static constexpr std::tuple fields{Field{"glyph.render_pos", &Glyph::render_pos},
                                       Field{"glyph.origin", &Glyph::origin}, Field{"glyph.width", &Glyph::width},
                                       Field{"glyph.height", &Glyph::height},
                                       Payload{"glyph.data", &Glyph::data, &Glyph::data_size}};
};
static_assert(wire_size<Glyph>() == 20);

// With other flags than exactly one raster format the glyphs cannot be told apart: bits() is 0 and `glyphs` is empty.
struct String {
    uint16_t length = 0;
    uint8_t flags = 0; // SPICE_STRING_FLAGS_*
    std::vector<Glyph> glyphs;
    uint8_t bits() const {
        const unsigned raster = flags & 7U;
        return static_cast<uint8_t>(raster == 1 ? 1 : raster == 2 ? 4 : raster == 4 ? 8 : 0);
    }
    bool known_raster() const { return bits() != 0; }
    void prepare(Glyph &glyph) const { glyph.bits = bits(); }
    static constexpr uint64_t max_glyphs = 65535;
    static constexpr std::tuple fields{
        Field{"string.length", &String::length}, Field{"string.flags", &String::flags},
        When{&String::known_raster,
             Array{"string.glyphs", &String::glyphs, &String::length, max_glyphs, &String::prepare}}};
};
static_assert(wire_size<String>() == 3);

struct DrawText {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_TEXT;
    static constexpr const char *message_name = "DRAW_TEXT";
    DrawBase base;
    String string;
    Rect back_area;
    Brush fore, back;
    uint16_t fore_mode = 0, back_mode = 0; // SPICE_ROPD_*
    static constexpr std::tuple fields{
        Field{"base", &DrawText::base},           Pointer{"string", &DrawText::string},
        Field{"back_area", &DrawText::back_area}, Field{"fore", &DrawText::fore},
        Field{"back", &DrawText::back},           Field{"fore_mode", &DrawText::fore_mode},
        Field{"back_mode", &DrawText::back_mode}};
};

struct DrawTransparent {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_TRANSPARENT;
    static constexpr const char *message_name = "DRAW_TRANSPARENT";
    DrawBase base;
    std::optional<Image> src;
    Rect src_area;
    uint32_t src_color = 0, true_color = 0;
    static constexpr std::tuple fields{Field{"base", &DrawTransparent::base}, Pointer{"src", &DrawTransparent::src},
                                       Field{"src_area", &DrawTransparent::src_area},
                                       Field{"src_color", &DrawTransparent::src_color},
                                       Field{"true_color", &DrawTransparent::true_color}};
};
static_assert(wire_size<DrawTransparent>() == 49);

struct DrawAlphaBlend {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_ALPHA_BLEND;
    static constexpr const char *message_name = "DRAW_ALPHA_BLEND";
    DrawBase base;
    uint8_t flags = 0; // SPICE_ALPHA_FLAGS_*
    uint8_t alpha = 0;
    std::optional<Image> src;
    Rect src_area;
    static constexpr std::tuple fields{Field{"base", &DrawAlphaBlend::base}, Field{"flags", &DrawAlphaBlend::flags},
                                       Field{"alpha", &DrawAlphaBlend::alpha}, Pointer{"src", &DrawAlphaBlend::src},
                                       Field{"src_area", &DrawAlphaBlend::src_area}};
};
static_assert(wire_size<DrawAlphaBlend>() == 43);

struct DrawComposite {
    static constexpr uint16_t message_id = SPICE_MSG_DISPLAY_DRAW_COMPOSITE;
    static constexpr const char *message_name = "DRAW_COMPOSITE";
    DrawBase base;
    uint32_t flags = 0; // SPICE_COMPOSITE_* on top of operator, filters and repeats
    std::optional<Image> src;
    std::optional<Image> mask;
    Transform src_transform, mask_transform; // identity unless the flags say that they were sent
    Point16 src_origin, mask_origin;
    bool has_mask() const { return flags & SPICE_COMPOSITE_HAS_MASK; }
    bool has_src_transform() const { return flags & SPICE_COMPOSITE_HAS_SRC_TRANSFORM; }
    bool has_mask_transform() const { return flags & SPICE_COMPOSITE_HAS_MASK_TRANSFORM; }
    static constexpr std::tuple fields{
        Field{"base", &DrawComposite::base},
        Field{"flags", &DrawComposite::flags},
        Pointer{"src", &DrawComposite::src},
        When{&DrawComposite::has_mask, Pointer{"mask", &DrawComposite::mask}},
        When{&DrawComposite::has_src_transform, Field{"src_transform", &DrawComposite::src_transform}},
        When{&DrawComposite::has_mask_transform, Field{"mask_transform", &DrawComposite::mask_transform}},
        Field{"src_origin", &DrawComposite::src_origin},
        Field{"mask_origin", &DrawComposite::mask_origin}};
};
static_assert(wire_size<DrawComposite>() == 37);

}
