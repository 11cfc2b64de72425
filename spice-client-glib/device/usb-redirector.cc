// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-redirector.hh"

#include "base/log.hh"
#include "device/usb-context.hh"
#include "device/usb-error.hh"

#include <libusb.h>
#include <usbredirhost.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

namespace spice::device {

namespace {

constexpr const char *greeting = "spice-client";
constexpr int max_log_lines = 20; // the other end can provoke them

void *new_lock() noexcept { return new std::mutex; }
void lock(void *mutex) noexcept { static_cast<std::mutex *>(mutex)->lock(); }
void unlock(void *mutex) noexcept { static_cast<std::mutex *>(mutex)->unlock(); }
void free_lock(void *mutex) noexcept { delete static_cast<std::mutex *>(mutex); }

Error lost_device() {
    return {Error::Kind::io, "the USB device is gone", static_cast<int>(UsbFault::lost)};
}
Error rejected_device() {
    return {Error::Kind::unsupported, "the guest refuses the USB device", static_cast<int>(UsbFault::rejected)};
}

}

struct UsbRedirector::Host {
    Peer &peer;
    libusb_context *context;
    usbredirhost *host = nullptr;
    std::span<const std::byte> input{}; // not read yet
    std::atomic<int> logged{0};

    ~Host() {
        if (host) usbredirhost_close(host);
    }
    static void log_line(void *self, int level, const char *text) noexcept {
        auto &host = *static_cast<Host *>(self);
        if (level <= usbredirparser_warning && host.logged.fetch_add(1) < max_log_lines) log::warn("USB: %s", text);
        else SPICE_LOG_DEBUG("USB: %s", text);
    }
    static int read(void *self, uint8_t *data, int count) noexcept {
        auto &left = static_cast<Host *>(self)->input;
        const auto n = std::min(left.size(), static_cast<std::size_t>(std::max(count, 0)));
        std::memcpy(data, left.data(), n);
        left = left.subspan(n);
        return static_cast<int>(n);
    }
    static int write(void *self, uint8_t *data, int count) noexcept {
        const auto size = static_cast<std::size_t>(std::max(count, 0));
        const auto bytes = std::as_bytes(std::span{data, size});
        auto &host = *static_cast<Host *>(self);
        if (!host.host || !host.peer.take_output(bytes)) return 0;
        usbredirhost_free_write_buffer(host.host, data); // taken means owned
        return count;
    }
    static void output_waits(void *self) noexcept { static_cast<Host *>(self)->peer.output_waits(); }
    static uint64_t queued(void *self) noexcept { return static_cast<Host *>(self)->peer.queued_output(); }
};

Result<std::unique_ptr<UsbRedirector>> UsbRedirector::make(Peer &peer) {
    auto context = UsbContext::get();
    if (!context) return std::move(context.error());
    std::unique_ptr<UsbRedirector> self{new UsbRedirector};
    self->host_.reset(new Host{peer, (*context)->native()});
    auto *host = self->host_.get();
    host->host = usbredirhost_open_full(host->context, nullptr, Host::log_line, Host::read, Host::write,
                                        Host::output_waits, new_lock, lock, unlock, free_lock, host, greeting,
                                        usbredirparser_warning, usbredirhost_fl_write_cb_owns_buffer);
    if (!host->host) return Error{Error::Kind::internal, "USB redirection cannot start"};
    usbredirhost_set_buffered_output_size_cb(host->host, Host::queued);
    return self;
}

UsbRedirector::~UsbRedirector() = default;

Status UsbRedirector::input(std::span<const std::byte> data) {
    host_->input = data;
    Status fault = success(); // of the device: what follows in the stream is read all the same
    while (!host_->input.empty()) {
        const auto before = host_->input.size();
        switch (usbredirhost_read_guest_data(host_->host)) {
        case 0: break;
        case usbredirhost_read_device_rejected:
            detach();
            fault = rejected_device();
            break;
        case usbredirhost_read_device_lost:
            device_.reset();
            fault = lost_device();
            break;
        default: return Error{Error::Kind::protocol, "malformed data for a USB device"};
        }
        if (host_->input.size() == before) break; // it wants nothing more now
    }
    host_->input = {};
    return fault;
}

bool UsbRedirector::has_output() const { return usbredirhost_has_data_to_write(host_->host) > 0; }

void UsbRedirector::flush() {
    if (has_output()) usbredirhost_write_guest_data(host_->host);
}

Status UsbRedirector::attach(std::shared_ptr<const UsbDevice> device) {
    if (device->is_shared_cd()) return Error{Error::Kind::unsupported, "this version cannot play a CD to the guest"};
    auto handle = device->open(host_->context);
    if (!handle) return std::move(handle.error());
    // The handle is the redirector's from here on, also if this fails.
    if (const int result = usbredirhost_set_device(host_->host, *handle); result != usb_redir_success)
        return Error{Error::Kind::io, "the USB device cannot be taken from this machine", result};
    device_ = std::move(device);
    return success();
}

void UsbRedirector::detach() {
    if (!device_) return;
    usbredirhost_set_device(host_->host, nullptr);
    device_.reset();
}

std::optional<UsbFilter> UsbRedirector::new_guest_filter() {
    const usbredirfilter_rule *rules = nullptr;
    int count = 0;
    usbredirhost_get_guest_filter(host_->host, &rules, &count);
    UsbFilter filter{rules, count};
    if (filter.text() == guest_filter_) return std::nullopt;
    guest_filter_ = filter.text();
    return filter;
}

}
