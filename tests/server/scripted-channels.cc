// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scripted-core.hh"

// Messages of the protocol by name, marshalled by hand (spec/link.md §8, channels.md §1–3, display.md §4–6).
namespace spice::test {
namespace {

constexpr uint16_t put_rop = SPICE_ROPD_OP_PUT;

// DisplayBase: surface, box (top left bottom right), no clip.
Bytes base(uint32_t surface, Box box) {
    Bytes b;
    for (const auto v : {box.top, box.left, box.bottom, box.right})
        b.u32(static_cast<uint32_t>(v));
    Bytes out;
    return out.u32(surface).raw(b.get()).u8(SPICE_CLIP_TYPE_NONE);
}

Bytes &no_mask(Bytes &b) { return b.u8(0).u32(0).u32(0).u32(0); }

}

ChannelScript &ChannelScript::ping(uint32_t id, std::size_t padding) {
    return send(SPICE_MSG_PING, Bytes().u32(id).u64(0x1122334455667788u + id).zeros(padding));
}

ChannelScript &ChannelScript::set_ack(uint32_t generation, uint32_t window) {
    return send(SPICE_MSG_SET_ACK, Bytes().u32(generation).u32(window));
}

ChannelScript &ChannelScript::notify(std::string_view text, uint32_t severity, uint32_t visibility) {
    return send(SPICE_MSG_NOTIFY,
                Bytes().u64(0).u32(severity).u32(visibility).u32(0).u32(text.size()).text(text).u8(0));
}

ChannelScript &ChannelScript::wait_for(std::vector<std::pair<ChannelKey, uint64_t>> serials) {
    Bytes b;
    b.u8(serials.size());
    for (const auto &[key, serial] : serials)
        b.u8(key.type).u8(key.id).u64(serial);
    return send(SPICE_MSG_WAIT_FOR_CHANNELS, b);
}

ChannelScript &ChannelScript::init(const MainInit &m) {
    {
        std::lock_guard lock{core_.mutex};
        core_.session_id = m.session_id;
    }
    return send(SPICE_MSG_MAIN_INIT, Bytes()
                                         .u32(m.session_id)
                                         .u32(m.display_channels_hint)
                                         .u32(m.supported_mouse_modes)
                                         .u32(m.current_mouse_mode)
                                         .u32(m.agent_connected)
                                         .u32(m.agent_tokens)
                                         .u32(m.multi_media_time)
                                         .u32(m.ram_hint));
}

ChannelScript &ChannelScript::channels(std::vector<ChannelKey> list) {
    Bytes b;
    b.u32(list.size());
    for (const auto key : list)
        b.u8(key.type).u8(key.id);
    return expect(SPICE_MSGC_MAIN_ATTACH_CHANNELS).send(SPICE_MSG_MAIN_CHANNELS_LIST, b);
}

ChannelScript &ChannelScript::agent_data(ByteVector chunk) { return send(SPICE_MSG_MAIN_AGENT_DATA, std::move(chunk)); }

ChannelScript &ChannelScript::surface_create(uint32_t id, uint32_t width, uint32_t height, uint32_t format,
                                             uint32_t flags) {
    return send(SPICE_MSG_DISPLAY_SURFACE_CREATE, Bytes().u32(id).u32(width).u32(height).u32(format).u32(flags));
}

ChannelScript &ChannelScript::surface_destroy(uint32_t id) {
    return send(SPICE_MSG_DISPLAY_SURFACE_DESTROY, Bytes().u32(id));
}

ChannelScript &ChannelScript::mark() { return send(SPICE_MSG_DISPLAY_MARK); }

ChannelScript &ChannelScript::monitors(std::vector<std::array<uint32_t, 4>> heads) {
    Bytes b;
    b.u16(heads.size()).u16(heads.size());
    for (std::size_t i = 0; i < heads.size(); ++i)
        b.u32(i).u32(0).u32(heads[i][2]).u32(heads[i][3]).u32(heads[i][0]).u32(heads[i][1]).u32(0);
    return send(SPICE_MSG_DISPLAY_MONITORS_CONFIG, b);
}

ChannelScript &ChannelScript::fill(uint32_t surface, Box box, uint32_t rgb) {
    auto b = base(surface, box);
    b.u8(SPICE_BRUSH_TYPE_SOLID).u32(rgb).u16(put_rop);
    return send(SPICE_MSG_DISPLAY_DRAW_FILL, no_mask(b));
}

ChannelScript &ChannelScript::copy_raw(uint32_t surface, Box box, const std::vector<uint32_t> &pixels) {
    const auto width = static_cast<uint32_t>(box.right - box.left),
               height = static_cast<uint32_t>(box.bottom - box.top);
    auto b = base(surface, box);
    constexpr uint32_t rest = 4 + 16 + 2 + 1 + 13; // of the fixed part: image offset, source area, rop, scale, mask
    b.u32(b.size() + rest);
    b.u32(0).u32(0).u32(height).u32(width).u16(put_rop).u8(SPICE_IMAGE_SCALE_MODE_NEAREST);
    no_mask(b);
    b.u64(0).u8(SPICE_IMAGE_TYPE_BITMAP).u8(0).u32(width).u32(height);
    b.u8(SPICE_BITMAP_FMT_32BIT).u8(SPICE_BITMAP_FLAGS_TOP_DOWN).u32(width).u32(height).u32(width * 4).u32(0);
    for (const auto p : pixels)
        b.u32(p);
    return send(SPICE_MSG_DISPLAY_DRAW_COPY, b);
}

ChannelScript &ChannelScript::inputs_init(uint16_t modifiers) {
    return send(SPICE_MSG_INPUTS_INIT, Bytes().u16(modifiers));
}

ChannelScript &ChannelScript::cursor_init(int16_t x, int16_t y) {
    return send(SPICE_MSG_CURSOR_INIT, Bytes()
                                           .u16(static_cast<uint16_t>(x))
                                           .u16(static_cast<uint16_t>(y))
                                           .u16(0)
                                           .u16(0)
                                           .u8(1)
                                           .u16(SPICE_CURSOR_FLAGS_NONE));
}

}
