// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
// The subject that a certificate must have, as text, and the pattern in a certificate that a host name must fit.
#include "link/cert-host.hh"
#include "link/cert-subject.hh"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    if (const auto subject = spice::link::parse_subject(text)) {
        std::string again;
        for (const auto &[key, value] : *subject) {
            if (key.empty() || value.empty()) std::abort();
            for (const auto *part : {&key, &value}) {
                for (const char c : *part) again += c == ',' || c == '\\' ? std::string{'\\', c} : std::string{c};
                again += part == &key ? '=' : ',';
            }
        }
        const auto second = spice::link::parse_subject(again);
        if (again.size() <= 8192 && (!second || second->size() != subject->size())) std::abort();
    }
    const auto half = text.size() / 2;
    spice::link::host_pattern_matches(text.substr(0, half), text.substr(half));
    if (text.find_first_of(std::string_view{"*\0", 2}) == text.npos && !spice::link::host_pattern_matches(text, text)) std::abort();
    return 0;
}
