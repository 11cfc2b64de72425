// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "base/result.hh"
#include "device/usb-device.hh"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace spice::device {

// A device was plugged in, or (added is false) taken away.
struct UsbChange {
    std::shared_ptr<const UsbDevice> device;
    bool added = true;
    std::size_t cost() const noexcept { return sizeof *this; }
};
using UsbChanges = Outbox<UsbChange>;

// The one libusb context of the process, with the thread that handles its events. Made at first use and never
// destroyed. Thread-safe.
class UsbContext {
public:
    // Fails where USB cannot be used at all; a later call tries again.
    static Result<UsbContext *> get();

    libusb_context *native() const noexcept { return context_; }
    // Tells the listener of all devices that are there, then of every change, until it is closed or dropped.
    void listen(const std::shared_ptr<UsbChanges> &listener);

    UsbContext(const UsbContext &) = delete;
    UsbContext &operator=(const UsbContext &) = delete;

private:
    explicit UsbContext(libusb_context *context) : context_{context} {}
    bool start();
    void run();
    void take_changes();
    void tell(const UsbChange &change);
    static int hotplug(libusb_context *, libusb_device *device, int event, void *self) noexcept;

    libusb_context *context_;
    std::mutex mutex_;
    // Guarded by mutex_.
    std::vector<std::weak_ptr<UsbChanges>> listeners_;
    std::map<libusb_device *, std::shared_ptr<const UsbDevice>> devices_;
    // What libusb has told: devices that came (with a reference) or went, to be looked at outside of its callback.
    std::vector<std::pair<libusb_device *, bool>> news_;
};

}
