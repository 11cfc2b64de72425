// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "wire/dump.hh"

namespace spice::wire {

void Dumper::label(const char *name) {
    text_ += name;
    text_ += '=';
}

void Dumper::number(int64_t value) { text_ += std::to_string(value); }
void Dumper::number(uint64_t value) { text_ += std::to_string(value); }
void Dumper::more(std::size_t hidden) { text_ += "and " + std::to_string(hidden) + " more"; }

void Dumper::payload(const char *name, Bytes data) {
    label(name);
    text_ += '<' + std::to_string(data.size()) + " bytes> ";
}

// A peer's text may hold anything, and the log is one line.
void Dumper::quote(const std::string &s) {
    text_ += '"';
    for (const char c : s)
        text_ += c >= ' ' && c <= '~' && c != '"' ? c : '?';
    text_ += "\" ";
}

void Dumper::close(char bracket) {
    if (text_.back() == ' ') text_.pop_back();
    text_ += bracket;
}

}
