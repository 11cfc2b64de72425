// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

namespace spice::api {

// Where a session that is made now will live; null is the default context. Any thread.
GMainContext *new_session_context();

}
