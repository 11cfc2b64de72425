// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>

namespace spice::channel {

// What a display engine warns about once a connection (Engine::warn_once).
enum DisplayFault : uint32_t {
    fault_cached_image,
    fault_cache_full,
    fault_palette,
    fault_image_type,
    fault_replace,
    fault_glz_reference,
    fault_surface_format,
    fault_stream,
    fault_gl,
};

}
