// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/cert-host.hh"

#include "link/openssl-ptr.hh"

#include <array>
#include <cstring>

#include <arpa/inet.h>

namespace spice::link {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Address {
    std::array<unsigned char, 16> bytes{};
    std::size_t size = 0; // 0: the host is a name
};

Address parse_address(const std::string &host) {
    Address address;
    if (inet_pton(AF_INET, host.c_str(), address.bytes.data()) == 1) address.size = 4;
    else if (inet_pton(AF_INET6, host.c_str(), address.bytes.data()) == 1) address.size = 16;
    return address;
}

std::string_view bytes_of(const ASN1_STRING *text) {
    return {reinterpret_cast<const char *>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

bool name_matches(std::string_view pattern, const std::string &host, const Address &address) {
    if (address.size > 0 && pattern.find('*') != pattern.npos) return false;
    return host_pattern_matches(pattern, host);
}

bool common_name_matches(const X509 *certificate, const std::string &host, const Address &address) {
    const auto *subject = X509_get_subject_name(certificate);
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
        unsigned char *raw = nullptr;
        const int size = ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
        if (size < 0) continue;
        const bool match =
            name_matches({reinterpret_cast<char *>(raw), static_cast<std::size_t>(size)}, host, address);
        OPENSSL_free(raw);
        if (match) return true;
    }
    return false;
}

}

// Greedy with one step back: the last "*" takes one character more, unless that is the end of the label.
bool host_pattern_matches(std::string_view pattern, std::string_view host) {
    if (host.find('\0') != host.npos || pattern.find('\0') != pattern.npos) return false;
    std::size_t p = 0, h = 0, star = pattern.npos, star_host = 0;
    while (h < host.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_host = h;
        } else if (p < pattern.size() && lower(pattern[p]) == lower(host[h])) {
            if (pattern[p] == '.') star = pattern.npos; // the label matched as a whole
            ++p, ++h;
        } else if (star != pattern.npos && host[star_host] != '.') {
            h = ++star_host;
            p = star + 1;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool certificate_is_for(const X509 *certificate, const std::string &given) {
    std::string host = given;
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) return false;
    const auto address = parse_address(host);
    const GeneralNamesPtr names{static_cast<GENERAL_NAMES *>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    // Names that cannot be read are names all the same.
    bool decisive = !names && X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        const auto *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type != GEN_DNS && type != GEN_IPADD) continue;
        decisive = true;
        const auto text = bytes_of(static_cast<const ASN1_STRING *>(value));
        if (type == GEN_DNS && name_matches(text, host, address)) return true;
        if (type == GEN_IPADD && address.size > 0 && text.size() == address.size &&
            std::memcmp(text.data(), address.bytes.data(), address.size) == 0)
            return true;
    }
    return !decisive && common_name_matches(certificate, host, address);
}

}
