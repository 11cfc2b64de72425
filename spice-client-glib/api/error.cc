// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/error.hh"

#include "spice-client.h"

namespace spice::api {
namespace {

GErrorPtr make(GQuark domain, int code, const Error &error) {
    StrPtr text{g_utf8_make_valid(error.what.data(), static_cast<gssize>(error.what.size()))};
    return GErrorPtr{g_error_new_literal(domain, code, text.get())};
}

int auth_code(int code) {
    switch (code) {
    case -1: return SPICE_CLIENT_ERROR_FAILED; // nothing was asked for
    case SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME:
    case SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD_AND_USERNAME: return code;
    default: return SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD;
    }
}

}

GErrorPtr to_gerror(const Error &error) {
    switch (error.kind) {
    case Error::Kind::io:
        return make(G_IO_ERROR, error.code != 0 ? g_io_error_from_errno(error.code) : G_IO_ERROR_FAILED, error);
    case Error::Kind::resolve: return make(G_RESOLVER_ERROR, error.code, error);
    case Error::Kind::proxy: return make(G_IO_ERROR, error.code, error);
    case Error::Kind::timeout: return make(G_IO_ERROR, G_IO_ERROR_TIMED_OUT, error);
    case Error::Kind::cancelled: return make(G_IO_ERROR, G_IO_ERROR_CANCELLED, error);
    case Error::Kind::auth: return make(SPICE_CLIENT_ERROR, auth_code(error.code), error);
    case Error::Kind::argument: // a file that cannot be used has GIO's code
        if (error.code != 0) return make(G_IO_ERROR, error.code, error);
        break;
    case Error::Kind::tls:
    case Error::Kind::link:
    case Error::Kind::protocol:
    case Error::Kind::unsupported:
    case Error::Kind::internal: break;
    }
    return make(SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_FAILED, error);
}

}
