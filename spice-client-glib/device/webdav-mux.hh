// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/unique-fd.hh"
#include "device/http-head.hh"
#include "wire/webdav-demux.hh"

#include <glib.h>

#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace spice::device {

class FolderServer;

// The connections of one guest to the shared folder: what comes from the channel goes to sockets of the HTTP server, what
// that answers goes back in frames. The connection part works on the folder server's thread, the rest is for the
// thread of the channel. Held by the channel, and by the folder server while it has something to do.
class WebdavMux final : public std::enable_shared_from_this<WebdavMux>, private wire::WebdavDemux::Sink {
public:
    // `wake`, from any thread: full() has ended or a frame waits.
    WebdavMux(std::shared_ptr<FolderServer> server, std::function<void()> wake);
    ~WebdavMux();
    WebdavMux(const WebdavMux &) = delete;
    WebdavMux &operator=(const WebdavMux &) = delete;

    // Channel thread.
    void push(std::vector<std::byte> data);
    bool full() const noexcept { return full_; } // push no more
    void reset();                                // the port was closed: all connections with it
    std::optional<std::vector<std::byte>> next_frame();
    bool frame_waits();
    void end();
    // Any thread. A silent one says nothing to the guest and opens no connection.
    void set_silent(bool silent);

    // Folder server's thread.
    void work();
    bool ended() const noexcept { return ended_; } // nothing is left to do, for good

private:
    // What waits in memory for the HTTP server to read, before and in the connections.
    static constexpr std::size_t max_input = 1u << 20, max_pending = 256u << 10;
    static constexpr std::size_t max_frames = 256;

    struct Client {
        UniqueFd fd;
        gpointer tag = nullptr; // of the source, while something is waited for
        HttpHead head; // there is one request a connection
        std::vector<std::byte> pending;
        bool deaf = false;         // the server takes no more; what it has said is still read
        bool frame_queued = false; // one at a time: no connection can crowd out the others
        uint64_t silences = 0;     // how many there had been when it was opened
    };
    struct Frame {
        int64_t id;
        std::vector<std::byte> bytes;
    };
    struct Source;
    using Clients = std::map<int64_t, Client>;

    void frame_begins(int64_t id, std::size_t size) override;
    void frame_bytes(std::span<const std::byte> piece) override;

    std::optional<std::vector<std::byte>> take_input();
    bool backlog();
    void post(int64_t id, std::span<const std::byte> payload);
    void frames_left();
    void dispatch();
    void watch(Client &client, bool reading);
    unsigned ready_for(const Client &client) const;
    void flush(Client &client);
    bool read(int64_t id, Client &client);
    void drop(Client &client);
    void drop_all();
    void hang_up();
    void close_by_guest(Clients::iterator client);
    void close_by_server(Clients::iterator client);
    void shut();

    const std::shared_ptr<FolderServer> server_;
    const std::function<void()> wake_;
    std::atomic<bool> full_{false}, silent_{false}, hang_up_{false}, ended_{false};
    std::atomic<uint64_t> silences_{0};
    bool attached_ = false; // channel thread

    std::mutex mutex_;
    // Guarded by mutex_. An empty item of the input stands for reset().
    std::deque<std::vector<std::byte>> input_;
    std::size_t input_bytes_ = 0;
    std::deque<Frame> frames_;
    std::vector<int64_t> left_; // whose frames were taken
    uint64_t resets_ = 0;
    bool ending_ = false;

    // Folder server's thread.
    wire::WebdavDemux demux_;
    Clients clients_;
    std::list<Client> lingering_; // closed by the guest, with something left to be read by the server
    std::optional<int64_t> current_; // whom the frame is for that is being taken apart
    std::size_t pending_ = 0;        // bytes, of all clients
    uint64_t resets_seen_ = 0;
    GSource *source_ = nullptr;
};

}
