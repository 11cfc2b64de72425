// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "codec/lz4.hh"

namespace spice::codec {

Result<Bitmap> decode_lz4(std::span<const std::byte>, Size, const Limits &) {
    return Error{Error::Kind::unsupported, "lz4: not built in"};
}

}
