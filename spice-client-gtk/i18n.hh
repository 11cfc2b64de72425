// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

// Texts of this library are looked up in the project's own domain, whatever the application's is.
#define _(text) g_dgettext("spice-client", text)
