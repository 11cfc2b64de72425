// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/link-up.hh"

#include "link/handshake.hh"
#include "link/stream.hh"

#include <spice/protocol.h>

#include <iterator>

namespace spice::channel {

namespace {

link::LinkRequest link_request(const EngineSetup &setup) {
    const auto &params = setup.params;
    return {params.connection_id, static_cast<uint8_t>(setup.type), setup.id, setup.common_caps, setup.channel_caps,
            params.password, params.has_password, params.username, params.endpoint.host};
}

Linked linked_by(link::LinkAnswer answer, std::unique_ptr<link::Transport> transport) {
    if (answer.layer) {
        answer.layer->adopt(std::move(transport));
        transport = std::move(answer.layer);
    }
    return {std::move(transport), std::make_unique<link::Framer>(answer.mini_header), answer.mini_header,
            std::move(answer.common_caps), std::move(answer.channel_caps)};
}

}

const char *type_name(Type type) noexcept {
    static constexpr const char *names[] = {"channel", "main",      "display",  "inputs", "cursor", "playback",
                                            "record",  "tunnel",    "smartcard", "usbredir", "port", "webdav"};
    const auto n = static_cast<std::size_t>(type);
    return names[n < std::size(names) ? n : 0];
}

Result<Linked> link_up(EngineSetup &setup, link::Wakeup &wakeup, GCancellable *lookup_cancel, LinkProgress &progress) {
    auto &endpoint = setup.params.endpoint;
    const bool handed_over = endpoint.fd >= 0;
    for (bool retried = false;; retried = true) {
        progress.connected = false;
        auto opened = link::open_transport(endpoint, wakeup, lookup_cancel);
        endpoint.fd = -1;
        if (!opened) return std::move(opened.error());
        auto transport = std::move(*opened);
        progress.connected = true;
        link::LinkStream stream{*transport, wakeup, link_silence_limit};
        auto answer = link::perform_link(stream, link_request(setup));
        setup.read_bytes->fetch_add(stream.bytes_read(), std::memory_order_relaxed);
        if (answer) return linked_by(std::move(*answer), std::move(transport));
        const bool need_tls =
            answer.error().kind == Error::Kind::link && answer.error().code == SPICE_LINK_ERR_NEED_SECURED;
        if (!need_tls || endpoint.tls || retried) return std::move(answer.error());
        // On the application's own socket there is no other port to go to.
        if (handed_over) {
            progress.needs_tls = true;
            return std::move(answer.error());
        }
        endpoint.tls = true;
    }
}

}
