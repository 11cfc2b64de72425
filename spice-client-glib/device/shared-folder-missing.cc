// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// Built without phodav: nothing can be shared, and connections end as they begin.
#include "device/shared-folder.hh"

namespace spice::device {

SharedFolder::SharedFolder() = default;
SharedFolder::~SharedFolder() = default;
void SharedFolder::set_root(const std::optional<std::string> &) {}
void SharedFolder::set_read_only(bool) {}
bool SharedFolder::serve(UniqueFd) { return false; }

}
