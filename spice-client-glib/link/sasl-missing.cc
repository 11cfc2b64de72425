// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/sasl.hh"

namespace spice::link {

bool sasl_available() noexcept { return false; }

Result<std::unique_ptr<SaslLayer>> perform_sasl(LinkStream &, Transport &, const SaslLogin &) {
    return Error{Error::Kind::unsupported, "SASL: not built in"};
}

}
