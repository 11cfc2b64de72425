// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/display-caches.hh"
#include "channel/shared.hh"
#include "channel/types.hh"
#include "wire/messages-main.hh"

#include <glib.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spice::device {
class FolderServer;
}

namespace spice::channel {

// What a channel model may ask of, and tell to, the session it belongs to. Implemented by session::Session; bound to
// the session's main context. A model holds a plain pointer that is cleared when the channel leaves the session.
class Host {
public:
    virtual AttemptParams attempt_params(Type type) const = 0;
    virtual bool wants_application_sockets() const = 0; // "client-sockets": each channel asks for its descriptor
    virtual bool read_only() const = 0;
    virtual const std::shared_ptr<Shared> &shared() const = 0;
    // Null before main_initialised().
    virtual const std::shared_ptr<DisplayCaches> &display_caches() const = 0;

    virtual int preferred_compression() const = 0; // SpiceImageCompress, 0 when unset
    virtual bool gl_scanout() const = 0;           // displays may be shared as dma-bufs

    // What the guest may see of this machine's files.
    virtual const std::shared_ptr<device::FolderServer> &folder_server() const = 0;

    // News from the main channel, in wire order.
    // False: the session goes on at another host, and its channels are there already.
    virtual bool main_initialised(uint32_t session_id, uint32_t ram_hint) = 0;
    virtual void set_mm_time(uint32_t time) = 0;
    virtual void set_name(std::string name) = 0;
    virtual void set_uuid(const std::array<uint8_t, 16> &uuid) = 0;
    virtual void channels_listed(std::vector<std::pair<uint8_t, uint8_t>> type_and_id) = 0;
    // The virtual machine has gone to another host; the session follows, from the loop.
    virtual void switch_host(const wire::MigrationTarget &target) = 0;
    // The virtual machine is about to go there: connect in advance, and answer through main. `seamless_version`: the
    // target may take the session over as it is.
    virtual void migrate_begin(const wire::MigrationTarget &target, std::optional<uint32_t> seamless_version) = 0;
    virtual void migrate_cancel() = 0; // it stays
    virtual void migrate_end() = 0;    // it has gone

    // A channel is open that was connected by itself.
    virtual void channel_opened(ChannelKey channel) = 0;
    // A channel goes on at the target; `left` leads to where it was, if that is still open. And: its connection has
    // ended.
    virtual void channel_moved(ChannelKey channel, std::unique_ptr<link::Transport> left) = 0;
    virtual void channel_ended(ChannelKey channel) = 0;

protected:
    ~Host() = default;
};

}
