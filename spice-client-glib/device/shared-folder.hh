// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/unique-fd.hh"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

struct _SoupServer;

namespace spice::device {

struct FolderRules;

// A folder as phodav serves it by WebDAV: its files, and beside them a folder that exists in memory only, for files of
// the clipboard. Not thread-safe; serve() is for the thread whose default main context shall do the work, and the
// others are not to be called while that context runs on another thread.
class SharedFolder {
public:
    SharedFolder();
    ~SharedFolder();
    SharedFolder(const SharedFolder &) = delete;
    SharedFolder &operator=(const SharedFolder &) = delete;

    GObject *object() const noexcept { return server_.get(); } // the PhodavServer; null when built without it
    void set_root(const std::optional<std::string> &path);
    void set_read_only(bool read_only);

    // Answers HTTP on a connected socket. False: it cannot, and the socket is closed.
    bool serve(UniqueFd socket);
    // Connections that serve() has begun and that have not ended.
    unsigned connections() const noexcept { return *connections_; }

private:
    _SoupServer *soup() const;

    Ref<GObject> server_, root_;
    std::shared_ptr<FolderRules> rules_;
    gulong hook_ = 0;
    // Connections may end after their folder.
    std::shared_ptr<std::atomic<unsigned>> connections_ = std::make_shared<std::atomic<unsigned>>(0);
};

}
