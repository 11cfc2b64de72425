// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "session/usb-manager.hh"

namespace spice::api {

// The session's manager, made when there is none yet; null where USB cannot be used.
SpiceUsbDeviceManager *usb_manager_of(SpiceSession *session, GError **error);

// The session ends: the manager must not ask it anything from now on.
void usb_session_gone(SpiceUsbDeviceManager *manager);
// News of a redirection channel of the session.
void usb_channel_ready(SpiceUsbDeviceManager *manager);
void usb_device_failed(SpiceUsbDeviceManager *manager, const session::UsbManager::Device &device, const Error &error);

SpiceUsbDevice *new_usb_device(session::UsbManager::Device device);
const session::UsbManager::Device &usb_device_core(const SpiceUsbDevice *device);

}
