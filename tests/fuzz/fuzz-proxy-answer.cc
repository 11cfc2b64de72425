// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// What a proxy answers.
#include "link/proxy.hh"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    const auto status = spice::link::parse_proxy_answer({reinterpret_cast<const char *>(data), size});
    if (status && (*status < 0 || *status > 999)) std::abort();
    return 0;
}
