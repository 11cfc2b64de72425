// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/webdav-engine.hh"

namespace spice::channel {

void WebdavEngine::set_silent(bool silent) {
    silent_ = silent;
    wake();
}

void WebdavEngine::prepare() {
    mux_ = std::make_shared<device::WebdavMux>(folder_, [weak = weak_from_this()] {
        if (auto self = std::static_pointer_cast<WebdavEngine>(weak.lock())) self->wake();
    });
}

void WebdavEngine::ended() { mux_->end(); }

void WebdavEngine::opened(bool open) {
    if (open_ && !open) mux_->reset();
    open_ = open;
}

void WebdavEngine::take_data(std::vector<std::byte> bytes) {
    if (!std::exchange(open_, true)) emit(PortData{}); // data comes through open ports only
    mux_->push(std::move(bytes));
}

void WebdavEngine::produce() {
    PortEngine::produce();
    while (queued_bytes() < max_queued) {
        auto frame = mux_->next_frame();
        if (!frame) return;
        queue_data(*frame);
    }
}

}
