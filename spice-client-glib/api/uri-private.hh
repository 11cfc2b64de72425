// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "session/proxy-uri.hh"

namespace spice::api {

SpiceURI *new_uri(session::ProxyUri value); // (transfer full)
const session::ProxyUri &uri_value(SpiceURI *uri);

}
