// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "base/unique-fd.hh"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct libusb_context;
struct libusb_device;
struct libusb_device_handle;

namespace spice::device {

struct UsbInterfaceClass {
    uint8_t klass = 0, subclass = 0, protocol = 0;
};

// What is known about a device without opening it.
struct UsbIdentity {
    int bus = 0, address = 0;
    uint16_t vendor = 0, product = 0, version = 0; // the version in binary coded decimal
    UsbInterfaceClass klass;
    std::vector<UsbInterfaceClass> interfaces; // of the active configuration; empty when it cannot be read
    bool isochronous = false;                  // some endpoint of them is
    std::string manufacturer, product_name;
};

// A USB device of this machine, or one that the library plays itself (a CD out of a file). Immutable, shared.
class UsbDevice {
public:
    // A device that libusb has found. Takes a reference of its own.
    static std::shared_ptr<const UsbDevice> found(libusb_device *device);
    // A device behind an open descriptor, which is duplicated: the caller's stays the caller's.
    static Result<std::shared_ptr<const UsbDevice>> from_descriptor(libusb_context *context, int fd);
    // A CD drive with that file in it. `address` tells the drives of one manager apart.
    static Result<std::shared_ptr<const UsbDevice>> shared_cd(const std::string &path, int address);

    ~UsbDevice();
    UsbDevice(const UsbDevice &) = delete;
    UsbDevice &operator=(const UsbDevice &) = delete;

    const UsbIdentity &identity() const noexcept { return identity_; }
    libusb_device *native() const noexcept { return device_; } // null for what the library plays
    bool is_shared_cd() const noexcept { return image_.get() >= 0; }
    int image_fd() const noexcept { return image_.get(); } // of the CD
    bool is_hub() const noexcept;

    // Opens it for use; the caller closes the handle. May block shortly: not for the main context.
    Result<libusb_device_handle *> open(libusb_context *context) const;

private:
    UsbDevice() = default;
    void read_identity();

    UsbIdentity identity_;
    libusb_device *device_ = nullptr;
    libusb_device_handle *keeper_ = nullptr; // keeps a device alive that only its descriptor names
    UniqueFd fd_, image_;
};

}
