// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib.h>

// Texts of the viewer, translated in the project's domain.
#define _(text) g_dgettext("spice-client", text)
#define N_(text) text
