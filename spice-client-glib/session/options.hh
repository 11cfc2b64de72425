// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "session/proxy-uri.hh"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spice::session {

// Where the server is, and what its certificate is checked for.
struct Address {
    std::optional<std::string> host{"localhost"}, port, tls_port, unix_path, cert_subject;
    unsigned verify = 0; // SpiceSessionVerify
};

// The plain parameters of a session, as the properties of SpiceSession hold them. An empty optional is NULL.
struct Options : Address {
    std::optional<std::string> username, password;
    std::optional<std::string> ca, ca_file, ciphers, pubkey; // ca is PEM, pubkey DER
    std::shared_ptr<const ProxyUri> proxy; // null: none; the application may change it at any time
    bool proxy_unreadable = false;         // one was asked for, nobody knows which
    std::vector<std::string> secure_channels, disable_effects;
    bool client_sockets = false;
    bool read_only = false;
    bool enable_audio = true, enable_usbredir = true, enable_smartcard = false;
    bool gl_scanout = true;
    int cache_size = 0, glz_window_size = 0; // bytes, 0 for the default
    int preferred_compression = 0;           // SpiceImageCompress
};

}
