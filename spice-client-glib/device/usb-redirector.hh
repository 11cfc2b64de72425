// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "device/usb-device.hh"
#include "device/usb-filter.hh"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace spice::device {

// What went wrong with a device that was redirected; the code of the Error that input() returns.
enum class UsbFault : int { none, rejected, lost };

// One end of the usbredir protocol, towards one device at a time. Bound to the thread of its channel; only
// Peer::output_waits() is called from others. Destroying it gives the device back.
class UsbRedirector {
public:
    struct Peer {
        // Takes a piece of the stream, or not now: false, and call flush() when there is room.
        virtual bool take_output(std::span<const std::byte> data) = 0;
        virtual void output_waits() noexcept = 0; // any thread: call flush() soon
        virtual std::size_t queued_output() const noexcept = 0; // any thread; what was taken and not sent yet

    protected:
        ~Peer() = default;
    };

    // Its greeting is the first output.
    static Result<std::unique_ptr<UsbRedirector>> make(Peer &peer);
    ~UsbRedirector();
    UsbRedirector(const UsbRedirector &) = delete;
    UsbRedirector &operator=(const UsbRedirector &) = delete;

    // A piece of the stream from the other end. With a fault of the device (the error's code) the stream goes on, and
    // the device is detached; any other error ends it.
    Status input(std::span<const std::byte> data);
    void flush();
    bool has_output() const;

    // Opens the device and offers it to the guest.
    Status attach(std::shared_ptr<const UsbDevice> device);
    void detach();
    const std::shared_ptr<const UsbDevice> &device() const noexcept { return device_; }

    // The rules that the other end has sent, once each time they change.
    std::optional<UsbFilter> new_guest_filter();

private:
    struct Host; // the callbacks of usbredirhost, and what it reads
    UsbRedirector() = default;
    std::unique_ptr<Host> host_;
    std::shared_ptr<const UsbDevice> device_;
    std::string guest_filter_;
};

}
