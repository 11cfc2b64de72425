// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "session/proxy-uri.hh"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spice::session {

// The plain parameters of a session, as the properties of SpiceSession hold them. An empty optional is NULL.
struct Options {
    std::optional<std::string> host{"localhost"}, port, tls_port, unix_path, username, password;
    std::optional<std::string> ca, ca_file, ciphers, pubkey, cert_subject; // ca is PEM, pubkey DER
    unsigned verify = 0;                   // SpiceSessionVerify
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
