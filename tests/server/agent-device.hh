// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "listener.hh"

#include <glib.h>
#include <spice.h>

#include <memory>
#include <string>

namespace spice::testserver {

// The virtual machine's port of the guest agent as a UNIX socket: who connects there is the agent, as long as it stays.
// It is spoken to in chunks (VDIChunkHeader), so that spice-vdagentd -s PATH can do it as well as a test. Thread-bound
// to the main thread.
class AgentDevice {
public:
    // Null: see errno.
    static std::unique_ptr<AgentDevice> listen(SpiceServer *server, const std::string &path);
    ~AgentDevice();
    AgentDevice(const AgentDevice &) = delete;
    AgentDevice &operator=(const AgentDevice &) = delete;

private:
    struct Port; // what libspice-server knows
    explicit AgentDevice(SpiceServer *server);
    void connected(int fd);
    void leave();
    void leave_later();
    int write(const uint8_t *data, int size);
    int read(uint8_t *data, int size);
    static gboolean readable(gint, GIOCondition, gpointer self) noexcept;
    static gboolean writable(gint, GIOCondition, gpointer self) noexcept;

    SpiceServer *server_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<Port> port_; // while somebody is there
    int fd_ = -1;
    guint in_ = 0, out_ = 0, leaving_ = 0;
};

}
