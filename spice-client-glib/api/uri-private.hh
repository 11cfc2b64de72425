// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "session/proxy-uri.hh"

#include <memory>

namespace spice::api {

SpiceURI *new_uri(session::ProxyUri value); // (transfer full)
const session::ProxyUri &uri_value(SpiceURI *uri);
// The same for who outlives the object; it follows what the application sets.
std::shared_ptr<const session::ProxyUri> shared_uri_value(SpiceURI *uri);

}
