// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
namespace Spice {
	public class PlaybackChannel : Spice.Channel {
		public virtual signal void playback_data (void* data, int size);
	}
	public class PortChannel : Spice.Channel {
		public signal void port_data (void* data, int size);
	}
}
