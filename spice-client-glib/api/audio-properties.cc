// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/audio-properties.hh"

#include "base/log.hh"

namespace spice::api {

namespace {

constexpr guint default_channels = 2;

}

void get_nchannels(const std::vector<uint16_t> &volume, GValue *value) {
    g_value_set_uint(value, volume.empty() ? default_channels : static_cast<guint>(volume.size()));
}

void get_volume(const std::vector<uint16_t> &volume, GValue *value) {
    g_value_set_pointer(value, volume.empty() ? nullptr : const_cast<uint16_t *>(volume.data()));
}

void ignore_audio_property(GParamSpec *spec) {
    if (G_IS_PARAM_SPEC_UINT(spec)) log::warn("%s is for the server to set", spec->name);
}

}
