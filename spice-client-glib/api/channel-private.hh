// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "base/glib/glib-ptr.hh"
#include "channel/model.hh"

#include <memory>

// The base part of every channel object; bound to the session's main context.
struct _SpiceChannelPrivate {
    SpiceSession *session = nullptr; // the property: NULL once the channel has left the session
    SpiceSession *home = nullptr;    // weak: whom to tell that this object is gone
    int type = -1, id = -1;
    std::unique_ptr<spice::channel::Model> model; // none in a plain SpiceChannel
    spice::GErrorPtr error;                       // while an error event is emitted
    spice::Ref<GSocket> socket;                   // made when asked for, dropped with the connection
};

namespace spice::api {

// What the constructor of a model needs. Without a session: no host, the default context.
channel::Host *channel_host(SpiceChannel *channel);
GMainContext *channel_context(SpiceChannel *channel);

// For `constructed` of a channel type, before it chains up: gives the object its model.
template <class Model, class Private> void make_model(SpiceChannel *channel, Private *priv) {
    auto model = std::make_unique<Model>(*priv, channel_host(channel), channel_context(channel),
                                         static_cast<uint8_t>(channel->priv->id));
    priv->model = model.get();
    channel->priv->model = std::move(model);
}

// The session lets go of the channel, which disconnects; the session's reference is the caller's to drop.
void channel_left_session(SpiceChannel *channel);

void emit_channel_event(SpiceChannel *channel, channel::Event event, const Error *error);
void emit_open_fd(SpiceChannel *channel, bool with_tls);

// A reference as long as the token lives.
std::shared_ptr<void> hold(gpointer object);

// The part of a model's observer that is the same for every channel.
template <class Base> class ChannelObserver : public Base {
public:
    explicit ChannelObserver(SpiceChannel *channel) : channel_{channel} {}
    void on_channel_event(channel::Event event, const Error *error) override {
        emit_channel_event(channel_, event, error);
    }
    void on_open_fd(bool with_tls) override { emit_open_fd(channel_, with_tls); }
    void on_new_connection() override { channel_->priv->socket = {}; }
    std::shared_ptr<void> keep_alive() override { return hold(channel_); }

protected:
    ~ChannelObserver() = default;
    SpiceChannel *channel() const noexcept { return channel_; }

private:
    SpiceChannel *channel_; // the public object owns the observer
};

}
