// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

// SpiceAudio through GStreamer. The type is not public, its name is known to programs.
G_BEGIN_DECLS
GType spice_gstaudio_get_type();
G_END_DECLS

namespace spice::api {

// What spice_audio_get() has made for the session; null when nobody has called it.
SpiceAudio *audio_of(SpiceSession *session);

}
