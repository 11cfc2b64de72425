// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/cert-subject.hh"

#include "link/openssl-ptr.hh"

#include <openssl/err.h>

namespace spice::link {

namespace {

constexpr std::size_t max_subject = 8192; // it may come from a server, in a migration

Error invalid(const char *what) { return {Error::Kind::argument, std::string{"invalid certificate subject: "} + what}; }

// Moves text up to a bare `end`, or to the end of it all, from `rest` to `out`. False: an escape that there is not.
// `ended`: the stop character was there.
bool take_until(std::string_view &rest, char end, std::string &out, bool &ended) {
    ended = false;
    while (!rest.empty()) {
        char c = rest.front();
        rest.remove_prefix(1);
        if (c == end) {
            ended = true;
            return true;
        }
        if (c == '\\') {
            if (rest.empty() || (rest.front() != '\\' && rest.front() != ',')) return false;
            c = rest.front();
            rest.remove_prefix(1);
        } else if (c == ',') {
            return false; // in a key; in a value it is the stop
        }
        out.push_back(c);
    }
    return true;
}

NamePtr single(const X509_NAME_ENTRY *entry) {
    NamePtr name{X509_NAME_new()};
    if (name && X509_NAME_add_entry(name.get(), entry, -1, 0) != 1) name.reset();
    return name;
}

NamePtr single(const SubjectEntry &entry) {
    NamePtr name{X509_NAME_new()};
    const auto *value = reinterpret_cast<const unsigned char *>(entry.value.data());
    if (name && X509_NAME_add_entry_by_txt(name.get(), entry.key.c_str(), MBSTRING_UTF8, value,
                                           static_cast<int>(entry.value.size()), -1, 0) != 1)
        name.reset();
    ERR_clear_error();
    return name;
}

}

Result<std::vector<SubjectEntry>> parse_subject(std::string_view text) {
    if (text.size() > max_subject) return invalid("too long");
    if (text.find('\0') != text.npos) return invalid("NUL byte");
    std::vector<SubjectEntry> entries;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty()) return entries; // also behind a last comma
        SubjectEntry entry;
        bool ended = false;
        if (!take_until(text, '=', entry.key, ended)) return invalid("comma or wrong escape in a key");
        if (!ended || entry.key.empty()) return invalid("key or \"=\" is missing");
        if (!take_until(text, ',', entry.value, ended)) return invalid("wrong escape in a value");
        if (entry.value.empty()) return invalid("empty value");
        entries.push_back(std::move(entry));
    }
}

bool subject_matches(const X509_NAME *name, const std::vector<SubjectEntry> &subject) {
    if (!name || X509_NAME_entry_count(name) != static_cast<int>(subject.size())) return false;
    for (std::size_t i = 0; i < subject.size(); ++i) {
        const auto theirs = single(X509_NAME_get_entry(name, static_cast<int>(i)));
        const auto ours = single(subject[i]);
        if (!theirs || !ours || X509_NAME_cmp(theirs.get(), ours.get()) != 0) return false;
    }
    return true;
}

}
