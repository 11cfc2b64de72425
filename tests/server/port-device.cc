// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "port-device.hh"

#include <glib-unix.h>
#include <spice/protocol.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace spice::testserver {

const SpiceCharDeviceInterface &PortDevice::table() {
    static const auto table = [] {
        SpiceCharDeviceInterface t{};
        t.base.type = SPICE_INTERFACE_CHAR_DEVICE;
        t.base.description = "port";
        t.base.major_version = SPICE_INTERFACE_CHAR_DEVICE_MAJOR;
        t.base.minor_version = SPICE_INTERFACE_CHAR_DEVICE_MINOR;
        t.state = [](SpiceCharDeviceInstance *, int) {};
        t.read = [](SpiceCharDeviceInstance *sin, uint8_t *into, int size) { return self(sin).read(into, size); };
        t.write = [](SpiceCharDeviceInstance *sin, const uint8_t *from, int size) { return self(sin).write(from, size); };
        t.event = [](SpiceCharDeviceInstance *sin, uint8_t event) { self(sin).events_ += static_cast<char>('0' + event); };
        t.flags = SPICE_CHAR_DEVICE_NOTIFY_WRITABLE;
        return t;
    }();
    return table;
}

PortDevice::PortDevice(SpiceServer *server, std::string name) : name_{std::move(name)} {
    instance_.base.sif = &table().base;
    instance_.owner = this;
    instance_.subtype = "port";
    instance_.st = nullptr;
    instance_.portname = name_.c_str();
    if (spice_server_add_interface(server, &instance_.base) != 0) g_error("a port is refused");
}

PortDevice::~PortDevice() {
    disconnect();
    if (end_) g_source_remove(end_);
    spice_server_remove_interface(&instance_.base);
}

bool PortDevice::connect(const std::string &path) {
    disconnect();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return false;
    path.copy(address.sun_path, path.size());
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(fd_, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        ::close(std::exchange(fd_, -1));
        return false;
    }
    event(SPICE_PORT_EVENT_OPENED);
    wait_for(G_IO_IN, readable_);
    return true;
}

void PortDevice::disconnect() {
    if (fd_ < 0) return;
    for (auto *watch : {&readable_, &writable_})
        if (*watch) g_source_remove(std::exchange(*watch, 0u));
    ::close(std::exchange(fd_, -1));
    event(SPICE_PORT_EVENT_CLOSED);
    spice_server_char_device_wakeup(&instance_); // what was held back is thrown away now
}

// Each watch fires once, and is set again by the next read, or by a write that would have to wait. The server does not
// read while its queue to the client is full.
void PortDevice::wait_for(GIOCondition condition, guint &watch) {
    if (watch) return;
    const auto ready = [](gint, GIOCondition what, gpointer data) -> gboolean {
        auto *device = static_cast<PortDevice *>(data);
        (what & G_IO_OUT ? device->writable_ : device->readable_) = 0;
        spice_server_char_device_wakeup(&device->instance_);
        return G_SOURCE_REMOVE;
    };
    watch = g_unix_fd_add(fd_, condition, ready, this);
}

void PortDevice::end_later() {
    const auto end = [](gpointer data) -> gboolean {
        auto *device = static_cast<PortDevice *>(data);
        device->end_ = 0;
        device->disconnect();
        return G_SOURCE_REMOVE;
    };
    if (!end_) end_ = g_idle_add(end, this);
}

int PortDevice::read(uint8_t *into, int size) {
    if (fd_ < 0 || size <= 0) return 0;
    const auto n = recv(fd_, into, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return end_later(), 0;
    wait_for(G_IO_IN, readable_);
    return n > 0 ? static_cast<int>(n) : 0;
}

int PortDevice::write(const uint8_t *from, int size) {
    if (fd_ < 0) return size; // nobody listens
    const auto n = send(fd_, from, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) return static_cast<int>(n);
    if (errno == EAGAIN || errno == EINTR) return wait_for(G_IO_OUT, writable_), 0;
    end_later();
    return size;
}

}
