// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "device/shared-folder.hh"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spice::device {

class WebdavMux;

// The folder that a session shares with its guest, and the thread that serves it: reading and writing files may take
// long. The thread runs while channels have something for it. Owned by the session; thread-safe, but object(),
// set_root() and set_read_only() are for the main context.
class FolderServer : public std::enable_shared_from_this<FolderServer> {
public:
    // More of them at once are refused: a guest must not use up the descriptors of the process.
    static constexpr unsigned max_connections = 64;

    FolderServer();
    ~FolderServer();
    FolderServer(const FolderServer &) = delete;
    FolderServer &operator=(const FolderServer &) = delete;

    // The PhodavServer, made by the first who asks or the first connection of the guest.
    GObject *object();
    void set_root(std::optional<std::string> path); // what is under way ends with the old one
    void set_read_only(bool read_only);

    // From any thread: this channel has something to do. False: there is no thread to be had.
    bool attach(const std::shared_ptr<WebdavMux> &mux);
    void wake() noexcept { g_main_context_wakeup(context_.get()); }

    // On the thread: the guest's end of a new connection; none when there are too many.
    UniqueFd connect();
    GMainContext *context() const noexcept { return context_.get(); }

private:
    SharedFolder &folder();
    bool start();
    void run();
    void serve();
    bool leave();
    bool next_turn(std::vector<std::shared_ptr<WebdavMux>> &muxes);
    void apply_root();

    ContextPtr context_;
    std::unique_ptr<SharedFolder> folder_; // made under mutex_; used on the thread, or under mutex_ when there is none
    std::mutex mutex_;
    // Guarded by mutex_.
    bool running_ = false, changed_ = false;
    std::optional<std::string> root_;
    bool read_only_ = false;
    std::vector<std::shared_ptr<WebdavMux>> muxes_;
    gint64 idle_since_ = 0; // the thread's
};

}
