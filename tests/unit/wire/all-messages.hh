// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "wire/schema.hh"

// Every message that is parsed by itself, for tests that treat all alike. Type-erased, because compiling the walks over
// all of them takes a while and should happen once.
namespace spice::wire {

struct MessageOps {
    const char *name;
    uint16_t id;
    bool takes_rest; // may be cut and still be whole, because its last field takes whatever is there
    // Reads a body. True: what was read as a line of text, and written again. False: `text` is the field at fault.
    bool (*read)(Bytes body, std::string &text, std::vector<std::byte> &written);
    // A well-formed message of random contents, and the same as a line of text.
    std::vector<std::byte> (*sample)(unsigned seed, std::string &text);
};

// The fuzz corpus names messages by their place in this list.
std::span<const MessageOps> all_messages();

}
