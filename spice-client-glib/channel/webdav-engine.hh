// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/port-engine.hh"
#include "device/folder-server.hh"
#include "device/webdav-mux.hh"

namespace spice::channel {

// A port whose bytes are the connections of a guest to the shared folder; none of them reach the main context.
class WebdavEngine final : public PortEngine {
public:
    // A silent one answers nothing: for sessions that are read-only.
    WebdavEngine(EngineSetup setup, std::shared_ptr<device::FolderServer> folder, bool silent)
        : PortEngine{std::move(setup)}, folder_{std::move(folder)}, silent_{silent} {}

    void set_silent(bool silent);

private:
    void prepare() override;
    void ended() override;
    void take_data(std::vector<std::byte> bytes) override;
    void opened(bool open) override;
    bool holds_back() const override { return mux_->full(); }
    void tick() override { mux_->set_silent(silent_); }
    void produce() override;
    bool more_to_send() const override { return PortEngine::more_to_send() || mux_->frame_waits(); }

    const std::shared_ptr<device::FolderServer> folder_;
    std::atomic<bool> silent_;
    // Engine thread.
    std::shared_ptr<device::WebdavMux> mux_;
    bool open_ = false;
};

}
