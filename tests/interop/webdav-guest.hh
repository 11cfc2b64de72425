// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "port-peer.hh"
#include "wire/webdav-demux.hh"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace spice::test {

struct HttpReply {
    int status = 0; // 0: none, or not to be understood
    std::string head, body;
    bool has(std::string_view text) const { return head.find(text) != std::string::npos || body.find(text) != std::string::npos; }
};

// What a guest's WebDAV daemon does: many connections to the client's shared folder through one port. Blocks, each wait at
// most ten seconds. Bound to its thread.
class WebdavGuest final : private wire::WebdavDemux::Sink {
public:
    explicit WebdavGuest(PortPeer &peer) : peer_{peer} {}

    void send(int64_t id, std::string_view text); // in as many frames as it takes
    void close(int64_t id);
    // One request and its answer. The client closes the connection after it.
    HttpReply request(int64_t id, std::string_view method, std::string_view path, std::string_view headers = "",
                      std::string_view body = "");
    HttpReply reply(int64_t id); // to what was sent
    bool wait_closed(int64_t id); // the client closed it
    bool take(); // whatever comes next
    std::string &received(int64_t id) { return received_[id]; }
    void restart(); // as a new daemon: it knows nothing
    bool knows(int64_t id) const { return received_.count(id) || closed_.count(id); }

private:
    void frame_begins(int64_t id, std::size_t size) override;
    void frame_bytes(std::span<const std::byte> piece) override;

    PortPeer &peer_;
    wire::WebdavDemux demux_;
    int64_t current_ = 0;
    std::map<int64_t, std::string> received_;
    std::set<int64_t> closed_;
};

}
