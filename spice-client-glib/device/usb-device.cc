// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-device.hh"

#include "device/usb-error.hh"

#include <libusb.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace spice::device {

namespace {

// What the emulated drive says it is.
constexpr uint16_t cd_vendor = 0x2b23, cd_product = 0xcdcd, cd_version = 0x0100;
constexpr int emulated_bus = 65535; // no bus of a machine has this number
constexpr UsbInterfaceClass mass_storage{LIBUSB_CLASS_MASS_STORAGE, 6, 0x50}; // SCSI, bulk only

// The kernel keeps the texts of a device in files, so nothing need be asked of the device itself.
std::string sysfs_text(const std::string &folder, const char *name) {
    UniqueFd file{::open((folder + name).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0) return {};
    char text[256];
    const auto size = ::read(file.get(), text, sizeof text);
    std::string out(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
    for (auto &c : out)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return out;
}

// "/sys/bus/usb/devices/1-2.3/": bus, then the ports on the way.
std::string sysfs_folder(libusb_device *device) {
    uint8_t ports[8];
    const int depth = libusb_get_port_numbers(device, ports, sizeof ports);
    const auto bus = std::to_string(libusb_get_bus_number(device));
    std::string path = "/sys/bus/usb/devices/";
    if (depth <= 0) return path + "usb" + bus + "/";
    path += bus;
    for (int i = 0; i < depth; ++i) path += (i == 0 ? "-" : ".") + std::to_string(ports[i]);
    return path + "/";
}

void read_interfaces(libusb_device *device, UsbIdentity &identity) {
    libusb_config_descriptor *config = nullptr;
    if (libusb_get_active_config_descriptor(device, &config) != 0) return;
    for (int i = 0; i < config->bNumInterfaces; ++i) {
        const auto &interface = config->interface[i];
        for (int a = 0; a < interface.num_altsetting; ++a) {
            const auto &setting = interface.altsetting[a];
            if (a == 0)
                identity.interfaces.push_back(
                    {setting.bInterfaceClass, setting.bInterfaceSubClass, setting.bInterfaceProtocol});
            for (int e = 0; e < setting.bNumEndpoints; ++e)
                if ((setting.endpoint[e].bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == LIBUSB_TRANSFER_TYPE_ISOCHRONOUS)
                    identity.isochronous = true;
        }
    }
    libusb_free_config_descriptor(config);
}

}

Error usb_error(const char *what, int code) {
    Error error{Error::Kind::internal, std::string{what} + ": " + libusb_strerror(static_cast<libusb_error>(code)), code};
    if (code == LIBUSB_ERROR_ACCESS) error.kind = Error::Kind::auth;
    return error;
}

UsbDevice::~UsbDevice() {
    if (keeper_) libusb_close(keeper_);
    if (device_) libusb_unref_device(device_);
}

bool UsbDevice::is_hub() const noexcept { return identity_.klass.klass == LIBUSB_CLASS_HUB; }

void UsbDevice::read_identity() {
    libusb_device_descriptor descriptor{};
    libusb_get_device_descriptor(device_, &descriptor); // cached by libusb: cannot fail
    identity_.bus = libusb_get_bus_number(device_);
    identity_.address = libusb_get_device_address(device_);
    identity_.vendor = descriptor.idVendor;
    identity_.product = descriptor.idProduct;
    identity_.version = descriptor.bcdDevice;
    identity_.klass = {descriptor.bDeviceClass, descriptor.bDeviceSubClass, descriptor.bDeviceProtocol};
    read_interfaces(device_, identity_);
    const auto folder = sysfs_folder(device_);
    identity_.manufacturer = sysfs_text(folder, "manufacturer");
    identity_.product_name = sysfs_text(folder, "product");
    if (identity_.manufacturer.empty()) identity_.manufacturer = "USB";
    if (identity_.product_name.empty()) identity_.product_name = "Device";
}

std::shared_ptr<const UsbDevice> UsbDevice::found(libusb_device *device) {
    std::shared_ptr<UsbDevice> self{new UsbDevice};
    self->device_ = libusb_ref_device(device);
    self->read_identity();
    return self;
}

Result<std::shared_ptr<const UsbDevice>> UsbDevice::from_descriptor(libusb_context *context, int fd) {
    std::shared_ptr<UsbDevice> self{new UsbDevice};
    self->fd_.reset(fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (self->fd_.get() < 0) return Error{Error::Kind::argument, "not an open file descriptor", errno};
    const int result = libusb_wrap_sys_device(context, self->fd_.get(), &self->keeper_);
    if (result != 0) {
        self->keeper_ = nullptr;
        return usb_error("the file descriptor is not a USB device", result);
    }
    self->device_ = libusb_ref_device(libusb_get_device(self->keeper_));
    self->read_identity();
    return std::shared_ptr<const UsbDevice>{std::move(self)};
}

Result<std::shared_ptr<const UsbDevice>> UsbDevice::shared_cd(const std::string &path, int address) {
    std::shared_ptr<UsbDevice> self{new UsbDevice};
    self->image_.reset(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about {};
    if (self->image_.get() < 0 || fstat(self->image_.get(), &about) != 0)
        return Error{Error::Kind::argument, "cannot share “" + path + "” as a CD: " + std::strerror(errno)};
    if (!S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode))
        return Error{Error::Kind::argument, "cannot share “" + path + "” as a CD: it is not a file"};
    if (lseek(self->image_.get(), 0, SEEK_END) <= 0)
        return Error{Error::Kind::argument, "cannot share “" + path + "” as a CD: it is empty"};
    auto &identity = self->identity_;
    identity.bus = emulated_bus;
    identity.address = address;
    identity.vendor = cd_vendor;
    identity.product = cd_product;
    identity.version = cd_version;
    identity.interfaces = {mass_storage};
    identity.product_name = "SPICE CD (" + path.substr(path.find_last_of('/') + 1) + ")";
    return std::shared_ptr<const UsbDevice>{std::move(self)};
}

Result<libusb_device_handle *> UsbDevice::open(libusb_context *context) const {
    libusb_device_handle *handle = nullptr;
    const int result = fd_.get() >= 0 ? libusb_wrap_sys_device(context, fd_.get(), &handle) : libusb_open(device_, &handle);
    if (result != 0) return usb_error("cannot open the USB device", result);
    return handle;
}

}
