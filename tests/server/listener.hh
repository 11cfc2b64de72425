// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

#include <functional>
#include <memory>
#include <string>

namespace spice::testserver {

// A listening stream socket on the default main context. Own listeners instead of the server's: any free port works
// without a race, and UNIX sockets need no special case.
class Listener {
public:
    using Accept = std::function<void(int fd)>; // the callee owns fd

    static std::unique_ptr<Listener> tcp(const std::string &address, int port, Accept accept); // null: see errno
    static std::unique_ptr<Listener> unix_socket(const std::string &path, Accept accept);
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;
    int port() const; // 0 for UNIX sockets
    // Shuts every accepted connection of this process on this listener's address, whoever owns it now.
    int shut_connections() const;
    static int shut_connections(int port);            // the same for a TCP port that somebody else listens on
    static int free_port(const std::string &address); // nobody listens there now; 0: none found

private:
    Listener(int fd, std::string path, Accept accept);
    static gboolean ready(gint fd, GIOCondition, gpointer self) noexcept;

    int fd_;
    std::string path_;
    Accept accept_;
    guint source_;
};

}
