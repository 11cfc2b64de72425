// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/usb-private.hh"

/**
 * SpiceUsbDevice:
 *
 * A USB device of this machine, or one that the library plays itself. Devices are told apart by their address: the
 * same device is the same pointer as long as it is plugged in.
 */

struct _SpiceUsbDevice {
    gatomicrefcount references;
    spice::session::UsbManager::Device core;
};

static SpiceUsbDevice *ref_device(SpiceUsbDevice *device) noexcept {
    g_atomic_ref_count_inc(&device->references);
    return device;
}

static void unref_device(SpiceUsbDevice *device) noexcept {
    if (g_atomic_ref_count_dec(&device->references)) delete device;
}

G_DEFINE_BOXED_TYPE(SpiceUsbDevice, spice_usb_device, ref_device, unref_device)

namespace spice::api {

SpiceUsbDevice *new_usb_device(session::UsbManager::Device device) {
    auto *made = new SpiceUsbDevice{{}, std::move(device)};
    g_atomic_ref_count_init(&made->references);
    return made;
}

const session::UsbManager::Device &usb_device_core(const SpiceUsbDevice *device) { return device->core; }

}

/**
 * spice_usb_device_get_description:
 * @device: a #SpiceUsbDevice
 * @format: (nullable): how to write it, or %NULL for "%s %s %s at %d-%d"
 *
 * Describes a device for the user. The format is one of printf() for three texts and two numbers: manufacturer,
 * product, "[vendor-id:product-id]", bus and address.
 *
 * Returns: (transfer full): the description, to be freed with g_free()
 */
gchar *spice_usb_device_get_description(SpiceUsbDevice *device, const gchar *format) {
    g_return_val_if_fail(device != nullptr, nullptr);
    const auto &identity = device->core->identity();
    spice::StrPtr ids{g_strdup_printf("[%04x:%04x]", unsigned{identity.vendor}, unsigned{identity.product})};
    const auto valid = [](const std::string &text) {
        return spice::StrPtr{g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()))};
    };
    const auto manufacturer = valid(identity.manufacturer), product = valid(identity.product_name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the application's, by contract
    return g_strdup_printf(format ? format : "%s %s %s at %d-%d", manufacturer.get(), product.get(), ids.get(),
                           identity.bus, identity.address);
#pragma GCC diagnostic pop
}

/**
 * spice_usb_device_get_libusb_device:
 * @device: a #SpiceUsbDevice
 *
 * The device as libusb knows it.
 *
 * Returns: (transfer none) (nullable): a libusb_device, or %NULL for a device that the library plays itself
 */
gconstpointer spice_usb_device_get_libusb_device(const SpiceUsbDevice *device) {
    g_return_val_if_fail(device != nullptr, nullptr);
    return device->core->native();
}
