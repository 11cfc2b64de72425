// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/result.hh"

namespace spice::api {

// The only place where an Error becomes a GError of the documented domains.
GErrorPtr to_gerror(const Error &error);

}
