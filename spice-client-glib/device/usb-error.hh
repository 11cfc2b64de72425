// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

namespace spice::device {

// What libusb answered. Kind::auth stands for missing permission.
Error usb_error(const char *what, int code);

}
