// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"

#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

namespace spice::link {

struct SubjectEntry {
    std::string key, value; // escapes resolved
};

// "key=value,key=value" with "\\" and "\," (spec/link.md §13). Errors: argument.
Result<std::vector<SubjectEntry>> parse_subject(std::string_view text);

// The same number of entries in the same order, each equal as X.509 compares names. A key that OpenSSL does not know,
// or a value that cannot be one of that key, matches nothing.
bool subject_matches(const X509_NAME *name, const std::vector<SubjectEntry> &subject);

}
