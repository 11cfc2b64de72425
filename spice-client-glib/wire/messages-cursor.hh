// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/messages-types.hh"

#include <spice/enums.h>

// The cursor channel, which only the server speaks (spec/channels.md §3).
namespace spice::wire {

struct CursorHeader {
    uint64_t unique = 0; // in the cursor cache; 0 is never cached
    uint8_t type = 0;    // SPICE_CURSOR_TYPE_*
    uint16_t width = 0, height = 0, hot_x = 0, hot_y = 0;
    static constexpr std::tuple fields{
        Field{"cursor.unique", &CursorHeader::unique}, Field{"cursor.type", &CursorHeader::type},
        Field{"cursor.width", &CursorHeader::width},   Field{"cursor.height", &CursorHeader::height},
        Field{"cursor.hot_x", &CursorHeader::hot_x},   Field{"cursor.hot_y", &CursorHeader::hot_y}};
};
static_assert(wire_size<CursorHeader>() == 17);

// With SPICE_CURSOR_FLAGS_NONE only the flags are there.
struct Cursor {
    uint16_t flags = SPICE_CURSOR_FLAGS_NONE; // SPICE_CURSOR_FLAGS_*
    CursorHeader header;
    Bytes data; // to the end of the message, not yet compared with the size; a view of the body
    bool has_shape() const { return !(flags & SPICE_CURSOR_FLAGS_NONE); }
    static constexpr std::tuple fields{Field{"cursor.flags", &Cursor::flags},
                                       When{&Cursor::has_shape, Field{"cursor.header", &Cursor::header}},
                                       When{&Cursor::has_shape, Rest{"cursor.data", &Cursor::data}}};
};
static_assert(wire_size<Cursor>() == 2);

struct CursorInit {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_INIT;
    static constexpr const char *message_name = "INIT";
    Point16 position;
    uint16_t trail_length = 0;
    uint16_t trail_frequency = 0;
    uint8_t visible = 0;
    Cursor cursor;
    static constexpr std::tuple fields{Field{"position", &CursorInit::position},
                                       Field{"trail_length", &CursorInit::trail_length},
                                       Field{"trail_frequency", &CursorInit::trail_frequency},
                                       Field{"visible", &CursorInit::visible}, Field{"cursor", &CursorInit::cursor}};
};
static_assert(wire_size<CursorInit>() == 11);

struct CursorReset {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_RESET;
    static constexpr const char *message_name = "RESET";
    static constexpr std::tuple<> fields{};
};

struct CursorSet {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_SET;
    static constexpr const char *message_name = "SET";
    Point16 position;
    uint8_t visible = 0;
    Cursor cursor;
    static constexpr std::tuple fields{Field{"position", &CursorSet::position}, Field{"visible", &CursorSet::visible},
                                       Field{"cursor", &CursorSet::cursor}};
};
static_assert(wire_size<CursorSet>() == 7);

struct CursorMove {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_MOVE;
    static constexpr const char *message_name = "MOVE";
    Point16 position;
    static constexpr std::tuple fields{Field{"position", &CursorMove::position}};
};
static_assert(wire_size<CursorMove>() == 4);

struct CursorHide {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_HIDE;
    static constexpr const char *message_name = "HIDE";
    static constexpr std::tuple<> fields{};
};

struct CursorTrail {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_TRAIL;
    static constexpr const char *message_name = "TRAIL";
    uint16_t length = 0;
    uint16_t frequency = 0;
    static constexpr std::tuple fields{Field{"length", &CursorTrail::length},
                                       Field{"frequency", &CursorTrail::frequency}};
};
static_assert(wire_size<CursorTrail>() == 4);

struct CursorInvalOne {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_INVAL_ONE;
    static constexpr const char *message_name = "INVAL_ONE";
    uint64_t unique = 0;
    static constexpr std::tuple fields{Field{"unique", &CursorInvalOne::unique}};
};
static_assert(wire_size<CursorInvalOne>() == 8);

struct CursorInvalAll {
    static constexpr uint16_t message_id = SPICE_MSG_CURSOR_INVAL_ALL;
    static constexpr const char *message_name = "INVAL_ALL";
    static constexpr std::tuple<> fields{};
};

}
