// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

/**
 * SECTION:channel-webdav
 * @title: SpiceWebdavChannel
 * @short_description: lets the guest see a folder of this machine
 */

/**
 * SpiceWebdavChannel:
 *
 * The port through which a WebDAV daemon of the guest reaches the folder #SpiceSession:shared-dir, and writes to it
 * unless #SpiceSession:share-dir-ro forbids that. Nothing is shared before an application connects the channel with
 * spice_channel_connect(). #SpicePortChannel:port-opened tells whether the guest's daemon is there; its data do not
 * appear as #SpicePortChannel::port-data. In a read-only session the guest gets no answer.
 */

/**
 * SpiceWebdavChannelClass:
 * @parent_class: the class of ports
 *
 * The class of WebDAV channels.
 */

G_DEFINE_TYPE(SpiceWebdavChannel, spice_webdav_channel, SPICE_TYPE_PORT_CHANNEL)

// What makes it differ from other ports is the model that the port makes for it.
static void spice_webdav_channel_init(SpiceWebdavChannel *self) { self->priv = nullptr; }
static void spice_webdav_channel_class_init(SpiceWebdavChannelClass *) {}
