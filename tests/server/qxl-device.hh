// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "picture.hh"

#include <spice.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace spice::testserver {

struct CursorShape {
    uint8_t type = 0; // SPICE_CURSOR_TYPE_*
    uint16_t width = 0, height = 0, hot_x = 0, hot_y = 0;
    uint64_t unique = 0; // 0: not cached
    std::vector<uint8_t> data;
};

// A paravirtual graphics card whose "guest" is this program. Every drawing goes to libspice-server as a command and,
// at the same time, into `truth()`: the picture a correct client must show.
// Thread-bound to the main thread, except for the command queue, which the server's worker empties.
class QxlDevice {
public:
    using MonitorsHook = std::function<void(std::vector<Rect>)>;

    QxlDevice(SpiceServer *server, int id, int width, int height);
    ~QxlDevice();
    QxlDevice(const QxlDevice &) = delete;
    QxlDevice &operator=(const QxlDevice &) = delete;

    int width() const noexcept { return truth_.width(); }
    int height() const noexcept { return truth_.height(); }
    const Picture &truth() const noexcept { return truth_; }
    std::size_t backlog() const; // commands the server has not fetched yet

    void fill(const Rect &area, Color c);
    void put(int x, int y, const Picture &picture, uint32_t cache_id = 0); // cache_id != 0: may be cached by clients
    void move(const Rect &dest, int src_x, int src_y);
    void set_cursor(const CursorShape &shape, int x, int y);
    void move_cursor(int x, int y);
    void hide_cursor();
    void resize(int width, int height); // contents become black
    void set_monitors(const std::vector<Rect> &heads);
    void on_client_monitors(MonitorsHook hook) { monitors_hook_ = std::move(hook); } // main thread
    void leave_monitors_to_agent(bool on) { monitors_of_agent_ = on; } // as guests do whose driver cannot
    // What the server itself has rendered; equal to truth() once every command was fetched.
    Picture server_side();

private:
    struct Command {
        virtual ~Command() = default;
    };
    struct Queued {
        QXLCommandExt ext;
        uint64_t id; // its key in live_
    };
    struct Draw;
    struct Cursor;
    struct Instance : QXLInstance {
        QxlDevice *device = nullptr;
    };
    static QxlDevice &self(QXLInstance *instance) { return *static_cast<Instance *>(instance)->device; }
    static const QXLInterface *interface_table();
    static int get_command(QXLInstance *instance, QXLCommandExt *out) noexcept;
    static int get_cursor_command(QXLInstance *instance, QXLCommandExt *out) noexcept;
    static int client_monitors(QXLInstance *instance, VDAgentMonitorsConfig *config) noexcept;

    std::unique_ptr<Draw> new_draw(uint8_t type, const Rect &area);
    void submit(std::unique_ptr<Draw> draw);
    void submit(std::unique_ptr<Cursor> cursor);
    void enqueue(std::deque<Queued> &queue, uint32_t type, const void *data, uint64_t id,
                 std::unique_ptr<Command> command);
    int fetch(std::deque<Queued> &queue, QXLCommandExt *out);
    void release(uint64_t id);
    void create_primary();
    void drain();

    Instance instance_;
    Picture truth_;
    std::vector<uint32_t> primary_; // the server draws here
    MonitorsHook monitors_hook_;
    bool monitors_of_agent_ = false;
    mutable std::mutex mutex_;
    std::deque<Queued> draws_, cursors_; // this and the next two are guarded by mutex_
    std::unordered_map<uint64_t, std::unique_ptr<Command>> live_;
    std::unordered_map<uint64_t, std::vector<std::byte>> monitors_; // until the worker has read them
    uint64_t next_id_ = 1;
};

}
