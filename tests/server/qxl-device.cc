// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "qxl-device.hh"

#include <spice/enums.h>
#include <spice/qxl_dev.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace spice::testserver {
namespace {

// The one memory slot spans the address space from 0, so a QXL address is a plain pointer.
QXLPHYSICAL address(const void *p) noexcept { return reinterpret_cast<QXLPHYSICAL>(p); }

QXLRect qxl_rect(const Rect &r) noexcept { return {r.y, r.x, r.bottom(), r.right()}; }

uint32_t now_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

void get_init_info(QXLInstance *, QXLDevInitInfo *info) {
    *info = {};
    info->num_memslots_groups = 1;
    info->num_memslots = 1;
    info->memslot_gen_bits = 1;
    info->memslot_id_bits = 1;
    info->n_surfaces = 64;
    info->qxl_ram_size = 16u << 20;
}

}

struct QxlDevice::Draw final : Command {
    struct Image { // QXLImage as far as a bitmap needs it; that type ends in an array of size 0
        QXLImageDescriptor descriptor;
        QXLBitmap bitmap;
    };
    QXLDrawable drawable{};
    Image image{};
    std::vector<uint32_t> pixels;
};

struct QxlDevice::Cursor final : Command {
    QXLCursorCmd cmd{};
    std::vector<std::byte> shape; // QXLCursor and its data
};

const QXLInterface *QxlDevice::interface_table() {
    static const QXLInterface table = [] {
        QXLInterface t{};
        t.base.type = SPICE_INTERFACE_QXL;
        t.base.description = "synthetic graphics card";
        t.base.major_version = SPICE_INTERFACE_QXL_MAJOR;
        t.base.minor_version = SPICE_INTERFACE_QXL_MINOR;
        t.attached_worker = [](QXLInstance *) {};
        t.set_compression_level = [](QXLInstance *, int) {};
        t.get_init_info = get_init_info;
        t.get_command = get_command;
        t.req_cmd_notification = [](QXLInstance *q) { return int{self(q).backlog() == 0}; };
        t.release_resource = [](QXLInstance *q, QXLReleaseInfoExt info) { self(q).release(info.info->id); };
        t.get_cursor_command = get_cursor_command;
        t.req_cursor_notification = [](QXLInstance *q) {
            std::lock_guard lock{self(q).mutex_};
            return int{self(q).cursors_.empty()};
        };
        t.notify_update = [](QXLInstance *, uint32_t) {};
        t.flush_resources = [](QXLInstance *) { return 0; };
        t.async_complete = [](QXLInstance *q, uint64_t cookie) {
            std::lock_guard lock{self(q).mutex_};
            self(q).monitors_.erase(cookie);
        };
        t.update_area_complete = [](QXLInstance *, uint32_t, QXLRect *, uint32_t) {};
        t.set_client_capabilities = [](QXLInstance *, uint8_t, uint8_t *) {};
        t.client_monitors_config = client_monitors;
        return t;
    }();
    return &table;
}

QxlDevice::QxlDevice(SpiceServer *server, int id, int width, int height) : truth_{width, height} {
    instance_.base.sif = &interface_table()->base;
    instance_.id = id;
    instance_.st = nullptr;
    instance_.device = this;
    spice_server_add_interface(server, &instance_.base);
    QXLDevMemSlot slot{};
    slot.virt_end = ~uintptr_t{0};
    spice_qxl_add_memslot(&instance_, &slot);
    create_primary();
}

QxlDevice::~QxlDevice() {
    spice_qxl_destroy_primary_surface(&instance_, 0);
    spice_server_remove_interface(&instance_.base); // ends the worker
}

std::size_t QxlDevice::backlog() const {
    std::lock_guard lock{mutex_};
    return draws_.size();
}

int QxlDevice::get_command(QXLInstance *instance, QXLCommandExt *out) noexcept {
    return self(instance).fetch(self(instance).draws_, out);
}

int QxlDevice::get_cursor_command(QXLInstance *instance, QXLCommandExt *out) noexcept {
    return self(instance).fetch(self(instance).cursors_, out);
}

int QxlDevice::fetch(std::deque<Queued> &queue, QXLCommandExt *out) {
    std::lock_guard lock{mutex_};
    if (queue.empty()) return 0;
    *out = queue.front().ext;
    queue.pop_front();
    return 1;
}

void QxlDevice::release(uint64_t id) {
    std::lock_guard lock{mutex_};
    live_.erase(id);
}

// The server asks with a null pointer whether the guest can do this at all.
int QxlDevice::client_monitors(QXLInstance *instance, VDAgentMonitorsConfig *config) noexcept {
    auto &device = self(instance);
    if (device.monitors_of_agent_) return 0;
    if (!config) return 1;
    std::vector<Rect> heads;
    for (uint32_t i = 0; i < config->num_of_monitors; ++i) {
        const VDAgentMonConfig m = config->monitors[i];
        heads.push_back({m.x, m.y, static_cast<int>(m.width), static_cast<int>(m.height)});
    }
    if (device.monitors_hook_) device.monitors_hook_(std::move(heads));
    return 1;
}

std::unique_ptr<QxlDevice::Draw> QxlDevice::new_draw(uint8_t type, const Rect &area) {
    auto draw = std::make_unique<Draw>();
    auto &d = draw->drawable;
    d.type = type;
    d.effect = QXL_EFFECT_OPAQUE;
    d.bbox = qxl_rect(area);
    d.clip.type = SPICE_CLIP_TYPE_NONE;
    d.mm_time = now_ms();
    for (std::size_t i = 0; i < 3; ++i)
        d.surfaces_dest[i] = -1;
    return draw;
}

void QxlDevice::enqueue(std::deque<Queued> &queue, uint32_t type, const void *data, uint64_t id,
                        std::unique_ptr<Command> command) {
    QXLCommandExt ext{};
    ext.cmd.data = address(data);
    ext.cmd.type = type;
    {
        std::lock_guard lock{mutex_};
        live_.emplace(id, std::move(command));
        queue.push_back({ext, id});
    }
    spice_qxl_wakeup(&instance_);
}

void QxlDevice::submit(std::unique_ptr<Draw> draw) {
    const auto id = draw->drawable.release_info.id = next_id_++;
    const void *data = &draw->drawable;
    enqueue(draws_, QXL_CMD_DRAW, data, id, std::move(draw));
}

void QxlDevice::submit(std::unique_ptr<Cursor> cursor) {
    const auto id = cursor->cmd.release_info.id = next_id_++;
    const void *data = &cursor->cmd;
    enqueue(cursors_, QXL_CMD_CURSOR, data, id, std::move(cursor));
}

void QxlDevice::fill(const Rect &area, Color c) {
    const auto r = intersect(area, truth_.bounds());
    if (r.empty()) return;
    truth_.fill(r, c);
    auto draw = new_draw(QXL_DRAW_FILL, r);
    auto &f = draw->drawable.u.fill;
    f.brush.type = SPICE_BRUSH_TYPE_SOLID;
    f.brush.u.color = c & 0xffffffu;
    f.rop_descriptor = SPICE_ROPD_OP_PUT;
    submit(std::move(draw));
}

void QxlDevice::put(int x, int y, const Picture &picture, uint32_t cache_id) {
    const auto r = intersect({x, y, picture.width(), picture.height()}, truth_.bounds());
    if (r.empty()) return;
    truth_.put(x, y, picture);
    auto draw = new_draw(QXL_DRAW_COPY, r);
    draw->pixels = picture.pixels();
    auto &image = draw->image;
    image.descriptor.type = SPICE_IMAGE_TYPE_BITMAP;
    image.descriptor.flags = cache_id ? QXL_IMAGE_CACHE : 0;
    image.descriptor.id = uint64_t{cache_id} << 32 | QXL_IMAGE_GROUP_DEVICE;
    image.descriptor.width = image.bitmap.x = static_cast<uint32_t>(picture.width());
    image.descriptor.height = image.bitmap.y = static_cast<uint32_t>(picture.height());
    image.bitmap.format = SPICE_BITMAP_FMT_32BIT;
    image.bitmap.flags = QXL_BITMAP_DIRECT | QXL_BITMAP_TOP_DOWN;
    image.bitmap.stride = static_cast<uint32_t>(picture.width()) * 4;
    image.bitmap.data = address(draw->pixels.data());
    auto &copy = draw->drawable.u.copy;
    copy.src_bitmap = address(&image);
    copy.src_area = qxl_rect(r.moved(-x, -y));
    copy.rop_descriptor = SPICE_ROPD_OP_PUT;
    copy.scale_mode = SPICE_IMAGE_SCALE_MODE_NEAREST;
    submit(std::move(draw));
}

void QxlDevice::move(const Rect &dest, int src_x, int src_y) {
    const Rect source = intersect(Rect{src_x, src_y, dest.w, dest.h}, truth_.bounds());
    const auto r = intersect(source.moved(dest.x - src_x, dest.y - src_y), truth_.bounds());
    if (r.empty()) return;
    const Rect from = r.moved(src_x - dest.x, src_y - dest.y);
    truth_.move(r, from.x, from.y);
    auto draw = new_draw(QXL_COPY_BITS, r);
    draw->drawable.u.copy_bits.src_pos = {from.x, from.y};
    submit(std::move(draw));
}

void QxlDevice::set_cursor(const CursorShape &shape, int x, int y) {
    auto cursor = std::make_unique<Cursor>();
    cursor->shape.resize(sizeof(QXLCursor) + shape.data.size());
    QXLCursor header{};
    header.header.unique = shape.unique;
    header.header.type = shape.type;
    header.header.width = shape.width;
    header.header.height = shape.height;
    header.header.hot_spot_x = shape.hot_x;
    header.header.hot_spot_y = shape.hot_y;
    header.data_size = header.chunk.data_size = static_cast<uint32_t>(shape.data.size());
    std::memcpy(cursor->shape.data(), &header, sizeof header);
    if (!shape.data.empty()) std::memcpy(cursor->shape.data() + sizeof header, shape.data.data(), shape.data.size());
    cursor->cmd.type = QXL_CURSOR_SET;
    cursor->cmd.u.set.position = {static_cast<int16_t>(x), static_cast<int16_t>(y)};
    cursor->cmd.u.set.visible = 1;
    cursor->cmd.u.set.shape = address(cursor->shape.data());
    submit(std::move(cursor));
}

void QxlDevice::move_cursor(int x, int y) {
    auto cursor = std::make_unique<Cursor>();
    cursor->cmd.type = QXL_CURSOR_MOVE;
    cursor->cmd.u.position = {static_cast<int16_t>(x), static_cast<int16_t>(y)};
    submit(std::move(cursor));
}

void QxlDevice::hide_cursor() {
    auto cursor = std::make_unique<Cursor>();
    cursor->cmd.type = QXL_CURSOR_HIDE;
    submit(std::move(cursor));
}

void QxlDevice::create_primary() {
    primary_.assign(truth_.pixels().size(), 0);
    QXLDevSurfaceCreate surface{};
    surface.width = static_cast<uint32_t>(width());
    surface.height = static_cast<uint32_t>(height());
    surface.stride = -4 * width();
    surface.format = SPICE_SURFACE_FMT_32_xRGB;
    surface.mouse_mode = 1; // this guest can do with absolute positions
    surface.type = QXL_SURF_TYPE_PRIMARY;
    surface.mem = address(primary_.data());
    spice_qxl_create_primary_surface(&instance_, 0, &surface);
}

void QxlDevice::resize(int width, int height) {
    drain(); // what was drawn for the old size must not meet the new surface
    spice_qxl_destroy_primary_surface(&instance_, 0);
    truth_ = Picture(width, height);
    create_primary();
}

void QxlDevice::drain() {
    std::lock_guard lock{mutex_};
    for (const auto &entry : draws_)
        live_.erase(entry.id);
    draws_.clear();
}

void QxlDevice::set_monitors(const std::vector<Rect> &heads) {
    std::vector<std::byte> block(sizeof(QXLMonitorsConfig) + heads.size() * sizeof(QXLHead));
    QXLMonitorsConfig config{};
    config.count = config.max_allowed = static_cast<uint16_t>(heads.size());
    std::memcpy(block.data(), &config, sizeof config);
    for (std::size_t i = 0; i < heads.size(); ++i) {
        QXLHead head{};
        head.id = static_cast<uint32_t>(i);
        head.width = static_cast<uint32_t>(heads[i].w);
        head.height = static_cast<uint32_t>(heads[i].h);
        head.x = static_cast<uint32_t>(heads[i].x);
        head.y = static_cast<uint32_t>(heads[i].y);
        std::memcpy(block.data() + sizeof config + i * sizeof head, &head, sizeof head);
    }
    const auto cookie = next_id_++;
    const void *data = block.data();
    {
        std::lock_guard lock{mutex_};
        monitors_.emplace(cookie, std::move(block));
    }
    spice_qxl_monitors_config_async(&instance_, address(data), 0, cookie);
}

Picture QxlDevice::server_side() {
    auto area = qxl_rect(truth_.bounds());
    spice_qxl_update_area(&instance_, 0, &area, nullptr, 0, 0);
    Picture out(width(), height());
    for (int y = 0; y < height(); ++y) {
        const auto *row =
            primary_.data() + static_cast<std::size_t>(height() - 1 - y) * static_cast<std::size_t>(width());
        for (int x = 0; x < width(); ++x)
            out.set(x, y, row[x]);
    }
    return out;
}

}
