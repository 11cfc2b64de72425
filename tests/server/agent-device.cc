// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent-device.hh"

#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace spice::testserver {

struct AgentDevice::Port {
    SpiceCharDeviceInstance instance{}; // first: the callbacks find the port by it
    AgentDevice *owner = nullptr;

    static AgentDevice &of(SpiceCharDeviceInstance *instance) { return *reinterpret_cast<Port *>(instance)->owner; }
    static SpiceCharDeviceInterface *table() {
        static SpiceCharDeviceInterface t = [] {
            SpiceCharDeviceInterface i{};
            i.base.type = SPICE_INTERFACE_CHAR_DEVICE;
            i.base.description = "agent of a test";
            i.base.major_version = SPICE_INTERFACE_CHAR_DEVICE_MAJOR;
            i.base.minor_version = SPICE_INTERFACE_CHAR_DEVICE_MINOR;
            i.state = [](SpiceCharDeviceInstance *, int) {};
            i.event = [](SpiceCharDeviceInstance *, uint8_t) {};
            i.write = [](SpiceCharDeviceInstance *p, const uint8_t *data, int size) { return of(p).write(data, size); };
            i.read = [](SpiceCharDeviceInstance *p, uint8_t *data, int size) { return of(p).read(data, size); };
            return i;
        }();
        return &t;
    }
};

AgentDevice::AgentDevice(SpiceServer *server) : server_{server} {}

std::unique_ptr<AgentDevice> AgentDevice::listen(SpiceServer *server, const std::string &path) {
    std::unique_ptr<AgentDevice> self{new AgentDevice{server}};
    self->listener_ = Listener::unix_socket(path, [raw = self.get()](int fd) { raw->connected(fd); });
    return self->listener_ ? std::move(self) : nullptr;
}

AgentDevice::~AgentDevice() { leave(); }

void AgentDevice::connected(int fd) {
    if (fd_ >= 0 && !leaving_) { // one at a time
        close(fd);
        return;
    }
    leave();
    fd_ = fd;
    g_unix_set_fd_nonblocking(fd, TRUE, nullptr);
    port_ = std::make_unique<Port>();
    port_->owner = this;
    port_->instance.base.sif = &Port::table()->base;
    port_->instance.subtype = "vdagent";
    spice_server_add_interface(server_, &port_->instance.base);
    in_ = g_unix_fd_add(fd, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP | G_IO_ERR), readable, this);
}

void AgentDevice::leave() {
    for (auto *source : {&in_, &out_, &leaving_})
        if (*source) g_source_remove(std::exchange(*source, 0u));
    if (fd_ < 0) return;
    spice_server_remove_interface(&port_->instance.base);
    port_.reset();
    close(std::exchange(fd_, -1));
}

// libspice-server must not lose the port inside one of its callbacks.
void AgentDevice::leave_later() {
    if (leaving_) return;
    if (in_) g_source_remove(std::exchange(in_, 0u));
    const auto call = [](gpointer data) -> gboolean {
        auto *self = static_cast<AgentDevice *>(data);
        self->leaving_ = 0;
        self->leave();
        return G_SOURCE_REMOVE;
    };
    leaving_ = g_idle_add_full(G_PRIORITY_DEFAULT, call, this, nullptr);
}

int AgentDevice::write(const uint8_t *data, int size) {
    const auto n = send(fd_, data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        leave_later();
        return size; // nobody is there any more
    }
    if (n < size && !out_) out_ = g_unix_fd_add(fd_, G_IO_OUT, writable, this);
    return n < 0 ? 0 : static_cast<int>(n);
}

int AgentDevice::read(uint8_t *data, int size) {
    if (size <= 0 || leaving_) return 0;
    const auto n = recv(fd_, data, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) leave_later();
    return n < 0 ? 0 : static_cast<int>(n);
}

gboolean AgentDevice::readable(gint, GIOCondition, gpointer data) noexcept {
    auto *self = static_cast<AgentDevice *>(data);
    spice_server_char_device_wakeup(&self->port_->instance);
    // Without a client, or when it is slow, the server does not read: the end must be seen all the same.
    char next;
    if (!self->leaving_ && recv(self->fd_, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0) self->leave_later();
    return self->leaving_ ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

gboolean AgentDevice::writable(gint, GIOCondition, gpointer data) noexcept {
    auto *self = static_cast<AgentDevice *>(data);
    self->out_ = 0;
    spice_server_char_device_wakeup(&self->port_->instance);
    return G_SOURCE_REMOVE;
}

}
