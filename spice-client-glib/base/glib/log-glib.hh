// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

namespace spice::log {

// Sends log lines to GLib's log in the library's domain and reads SPICE_DEBUG. Called once when the library's types
// are first used; idempotent.
void install_glib_sink() noexcept;

// Turns debug lines on or off; on also adds the domain to G_MESSAGES_DEBUG, without which GLib would drop them.
void set_debug(bool enabled) noexcept;

}
