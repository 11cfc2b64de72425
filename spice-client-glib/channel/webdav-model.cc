// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/webdav-model.hh"

namespace spice::channel {

std::shared_ptr<PortEngine> WebdavModel::make_port_engine(EngineSetup setup) {
    return std::make_shared<WebdavEngine>(std::move(setup), host()->folder_server(), host()->read_only());
}

void WebdavModel::read_only_changed() {
    if (engine() && host()) static_cast<WebdavEngine *>(engine().get())->set_silent(host()->read_only());
}

}
