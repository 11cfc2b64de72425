// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "spice-client.h"

#include "agent/transfer.hh"

#include <memory>

namespace spice::api {

// (transfer full): a task for one file of a copy; without a cancellable it has its own.
SpiceFileTransferTask *new_file_transfer_task(SpiceMainChannel *channel, GFile *file, GCancellable *cancellable);
const std::shared_ptr<agent::Transfer> &transfer_of(SpiceFileTransferTask *task);

}
