// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/result.hh"
#include "link/sasl.hh"

#include <array>
#include <string>

#include <sasl/sasl.h>

namespace spice::link {

// One conversation of Cyrus SASL and what it may ask us. Bound to the thread of the attempt; it stays where it is,
// because the library keeps pointers to it.
class SaslSession {
public:
    explicit SaslSession(const SaslLogin &login) : login_{login} {}
    ~SaslSession();
    SaslSession(const SaslSession &) = delete;
    SaslSession &operator=(const SaslSession &) = delete;

    // `protected_bits`: of the encryption around the connection; 0 asks SASL to bring its own.
    Status open(const Transport &transport, unsigned protected_bits);

    struct Output {
        int result = SASL_FAIL; // SASL_OK, SASL_CONTINUE or an error
        const char *data = nullptr;
        unsigned size = 0;
    };
    Output start(const std::string &mechanisms, std::string &chosen);
    Output step(const char *data, unsigned size);

    unsigned strength() const; // of the security layer
    unsigned max_output() const;
    sasl_conn_t *connection() const noexcept { return connection_; }

    // `what`, and which credentials the mechanism asked for.
    Error failure(const std::string &what) const;
    std::string text_of(int result) const;

private:
    static int get_text(void *self, int id, const char **text, unsigned *size);
    static int get_secret(sasl_conn_t *, void *self, int id, sasl_secret_t **secret);
    static int get_realm(void *self, int id, const char **offered, const char **chosen);
    static int log(void *self, int level, const char *text);

    SaslLogin login_;
    std::array<sasl_callback_t, 6> callbacks_{};
    sasl_conn_t *connection_ = nullptr;
    std::string secret_; // a sasl_secret_t
    bool wants_user_ = false, wants_password_ = false;
};

}
