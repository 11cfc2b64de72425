// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/agent.hh"
#include "spice-client.h"

#include <cstdint>
#include <vector>

namespace spice::api {

// The properties that both kinds of sound channels have.
enum AudioProp : guint { PROP_NCHANNELS = 1, PROP_VOLUME, PROP_MUTE, N_AUDIO_PROPS };

// Values of the first two, out of the volumes that the server sent; none before it did.
void get_nchannels(const std::vector<uint16_t> &volume, GValue *value);
void get_volume(const std::vector<uint16_t> &volume, GValue *value);
// Of a sound channel; no channels when it is not known.
agent::Volume volume_of(SpiceChannel *sound);
// Somebody may wait for it.
void volume_has_come(SpiceChannel *sound);
// The server decides: what programs set is ignored.
void ignore_audio_property(GParamSpec *spec);

constexpr auto audio_flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

}
