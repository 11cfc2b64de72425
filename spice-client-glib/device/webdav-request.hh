// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

// What requests to the shared folder may say. phodav trusts them: paths with ".." lead out of the folder, and what it
// cannot parse makes it crash or go round for ever.
namespace spice::device {

// No segment of a path, which is not escaped any more, leads upwards or is empty; phodav is not prepared for either.
bool is_plain_path(std::string_view path);

// The URI of something in the folder, absolute and therefore fit for phodav; a path alone is completed. Nothing: it is
// not to be understood, or leads elsewhere.
std::optional<std::string> plain_uri(std::string_view text);

// Whether the value of an "If" header is as RFC 4918, 10.4.2 has it: lists, or URIs in the folder and lists for each.
// No relative URIs, weak entity tags nor escapes in tags: phodav fails on them.
bool is_condition(std::string_view text);

// Whether a body is a "propfind" or "lockinfo" with all that phodav takes for granted, and not more in it than it could
// keep or repeat for each of many files.
bool is_propfind(std::string_view body);
bool is_lockinfo(std::string_view body);

}
