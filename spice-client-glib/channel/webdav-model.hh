// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/port-model.hh"
#include "channel/webdav-engine.hh"

namespace spice::channel {

// The port through which the guest sees the shared folder (spec/channels.md §9). Bound to the main context.
class WebdavModel final : public PortModel {
public:
    WebdavModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
        : PortModel{observer, host, context, Type::webdav, id} {}

    void read_only_changed() override;

private:
    std::shared_ptr<PortEngine> make_port_engine(EngineSetup setup) override;
};

}
