// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-context.hh"

#include "base/log.hh"
#include "base/process.hh"
#include "device/usb-error.hh"

#include <libusb.h>

#include <cstdlib>

namespace spice::device {

namespace {

constexpr auto both_events =
    static_cast<libusb_hotplug_event>(LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT);

}

Result<UsbContext *> UsbContext::get() {
    static auto &mutex = *new std::mutex;
    static UsbContext *instance = nullptr;
    std::lock_guard lock{mutex};
    if (instance) return instance;
    libusb_context *context = nullptr;
    if (const int result = libusb_init(&context); result != 0) return usb_error("cannot use USB", result);
    // What fails is reported by those who asked; LIBUSB_DEBUG shows the rest.
    if (!std::getenv("LIBUSB_DEBUG")) libusb_set_option(context, LIBUSB_OPTION_LOG_LEVEL, LIBUSB_LOG_LEVEL_NONE);
    auto *made = new UsbContext{context};
    if (!made->start()) {
        libusb_exit(context);
        delete made;
        return Error{Error::Kind::io, "no thread can be started for USB"};
    }
    instance = made;
    return made;
}

bool UsbContext::start() {
    if (libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG)) {
        const int result = libusb_hotplug_register_callback(
            context_, both_events, LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            LIBUSB_HOTPLUG_MATCH_ANY,
            [](libusb_context *c, libusb_device *d, libusb_hotplug_event e, void *self) { return hotplug(c, d, e, self); },
            this, nullptr);
        if (result != 0) log::warn("USB devices that are plugged in later will not be seen");
    }
    take_changes();
    return process::start_thread(
        "spice-usb", 0, [this] { run(); }, [this] { libusb_interrupt_event_handler(context_); });
}

void UsbContext::run() {
    while (!process::stopping()) {
        timeval limit{60, 0};
        const int result = libusb_handle_events_timeout_completed(context_, &limit, nullptr);
        take_changes();
        if (result == 0 || result == LIBUSB_ERROR_INTERRUPTED) continue;
        log::warn("USB events cannot be handled: %s", libusb_strerror(static_cast<libusb_error>(result)));
        if (result == LIBUSB_ERROR_NO_MEM || result == LIBUSB_ERROR_OTHER) return; // it would only repeat itself
    }
}

// Inside libusb, on any thread: nothing else may be asked of it here.
int UsbContext::hotplug(libusb_context *, libusb_device *device, int event, void *data) noexcept {
    auto *self = static_cast<UsbContext *>(data);
    const bool added = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED;
    std::lock_guard lock{self->mutex_};
    self->news_.emplace_back(added ? libusb_ref_device(device) : device, added);
    return 0;
}

void UsbContext::take_changes() {
    std::vector<std::pair<libusb_device *, bool>> news;
    {
        std::lock_guard lock{mutex_};
        news.swap(news_);
    }
    for (const auto &[native, added] : news) {
        std::shared_ptr<const UsbDevice> device;
        if (added) {
            device = UsbDevice::found(native);
            libusb_unref_device(native);
        }
        std::lock_guard lock{mutex_};
        if (added) {
            if (device->is_hub() || !devices_.emplace(native, device).second) continue;
        } else {
            const auto known = devices_.find(native);
            if (known == devices_.end()) continue;
            device = known->second;
            devices_.erase(known);
        }
        tell({device, added});
    }
}

void UsbContext::tell(const UsbChange &change) {
    std::erase_if(listeners_, [&](const auto &weak) {
        auto listener = weak.lock();
        if (!listener) return true;
        std::vector<UsbChange> batch{change};
        listener->push(batch);
        return false;
    });
}

void UsbContext::listen(const std::shared_ptr<UsbChanges> &listener) {
    std::lock_guard lock{mutex_};
    listeners_.push_back(listener);
    std::vector<UsbChange> batch;
    for (const auto &[native, device] : devices_) batch.push_back({device, true});
    if (!batch.empty()) listener->push(batch);
}

}
