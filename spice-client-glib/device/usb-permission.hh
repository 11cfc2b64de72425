// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"
#include "device/usb-device.hh"

#include <functional>
#include <memory>

namespace spice::device {

// Asks the system, through the distribution's helper program, to let this user open a device; a dialog may appear.
// Bound to the main context. Dropping it withdraws the question: then nothing is called.
class UsbPermission {
public:
    using Done = std::function<void(const Error *)>; // null: the device may be opened now

    // The helper; the environment variable SPICE_USB_ACL_BINARY names another.
    static constexpr const char *program = "/usr/libexec/spice-client-glib-usb-acl-helper";

    // `done` is called from the loop of the thread's default context, once.
    static std::unique_ptr<UsbPermission> ask(const UsbIdentity &device, GCancellable *cancellable, Done done);
    ~UsbPermission();
    UsbPermission(const UsbPermission &) = delete;
    UsbPermission &operator=(const UsbPermission &) = delete;

private:
    struct Talk;
    UsbPermission() = default;
    std::shared_ptr<Talk> talk_;
};

}
