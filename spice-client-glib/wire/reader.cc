// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/reader.hh"

namespace spice::wire {

Error parse_error(const char *message, const char *field) {
    return Error{Error::Kind::protocol, std::string{message} + ": bad or missing field '" + field + "'"};
}

}
