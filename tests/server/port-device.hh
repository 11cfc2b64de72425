// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <spice.h>

#include <glib.h>

#include <string>

namespace spice::testserver {

// A port of the virtual machine, connected to a UNIX socket of the test: what the client sends comes out there, and
// the other way round, no faster than both sides read. The port is open while the socket is connected. Thread-bound to
// the main thread.
class PortDevice {
public:
    PortDevice(SpiceServer *server, std::string name);
    ~PortDevice();
    PortDevice(const PortDevice &) = delete;
    PortDevice &operator=(const PortDevice &) = delete;

    bool connect(const std::string &path); // a socket that listens
    void disconnect();
    void event(uint8_t event) { spice_server_port_event(&instance_, event); }
    const std::string &events() const noexcept { return events_; } // of clients, one digit each

private:
    struct Instance : SpiceCharDeviceInstance {
        PortDevice *owner = nullptr;
    };
    static PortDevice &self(SpiceCharDeviceInstance *sin) { return *static_cast<Instance *>(sin)->owner; }
    static const SpiceCharDeviceInterface &table();
    int read(uint8_t *into, int size);
    int write(const uint8_t *from, int size);
    void wait_for(GIOCondition condition, guint &watch);
    void end_later();

    std::string name_, events_;
    Instance instance_;
    int fd_ = -1;
    guint readable_ = 0, writable_ = 0, end_ = 0; // sources
};

}
