// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib-object.h>

namespace spice::api {

// SpiceImageCompress: values come from the protocol's headers, the type has no exported function.
GType image_compress_type();

}
