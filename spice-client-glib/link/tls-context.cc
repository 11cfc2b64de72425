// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/tls-context.hh"

#include "base/log.hh"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <climits>

namespace spice::link {

namespace {

using Infos = OpensslOwned<STACK_OF(X509_INFO), [](STACK_OF(X509_INFO) * s) { sk_X509_INFO_pop_free(s, X509_INFO_free); }>;

Error fault(std::string what) { return {Error::Kind::tls, "TLS: " + std::move(what)}; }

// Certificates and revocation lists of one source, as many as there are.
int add_all(SSL_CTX *context, BIO *source) {
    if (!source) return 0;
    const Infos infos{PEM_X509_INFO_read_bio(source, nullptr, nullptr, nullptr)};
    auto *store = SSL_CTX_get_cert_store(context);
    int added = 0;
    for (int i = 0; i < sk_X509_INFO_num(infos.get()); ++i) {
        const auto *info = sk_X509_INFO_value(infos.get(), i);
        if (info->x509 && X509_STORE_add_cert(store, info->x509) == 1) ++added;
        if (info->crl && X509_STORE_add_crl(store, info->crl) == 1) {
            ++added;
            X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
        }
    }
    ERR_clear_error();
    return added;
}

// Authorities that were named and are not there are never replaced by others: the system's may vouch for anybody.
Status load_authorities(SSL_CTX *context, const TlsPolicy &policy) {
    if (policy.ca.empty() && policy.ca_file.empty()) {
        SSL_CTX_set_default_verify_paths(context);
        return success();
    }
    int found = 0;
    if (!policy.ca.empty() && policy.ca.size() <= INT_MAX) {
        const BioPtr memory{BIO_new_mem_buf(policy.ca.data(), static_cast<int>(policy.ca.size()))};
        const int here = add_all(context, memory.get());
        if (here == 0) log::warn("TLS: there is no certificate in the property \"ca\"");
        found += here;
    }
    if (!policy.ca_file.empty()) {
        const BioPtr file{BIO_new_file(policy.ca_file.c_str(), "r")};
        const int here = add_all(context, file.get());
        if (here == 0) log::warn("TLS: there is no certificate in \"%s\"", policy.ca_file.c_str());
        found += here;
    }
    const bool needed = policy.verify != 0 && !(policy.verify & TlsPolicy::verify_pubkey);
    if (found == 0 && needed) return fault("no certificate of a trusted authority could be read");
    return success();
}

// Whoever lowers the security level to nothing has an old server in mind.
int oldest_version(const std::string &ciphers) {
    return ciphers.find("@SECLEVEL=0") != ciphers.npos ? TLS1_1_VERSION : TLS1_2_VERSION;
}

}

std::string openssl_error() {
    const auto code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    ERR_clear_error();
    return reason ? reason : "unknown fault";
}

Result<SslContextPtr> make_tls_context(const TlsPolicy &policy) {
    ERR_clear_error();
    SslContextPtr context{SSL_CTX_new(TLS_client_method())};
    if (!context) return fault("no context: " + openssl_error());
    SSL_CTX_set_min_proto_version(context.get(), oldest_version(policy.ciphers));
    // A connection that ends without a farewell ends: the protocol above knows where its messages end.
    SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_default_read_buffer_len(context.get(), 64u << 10);
    if (!policy.ciphers.empty() && SSL_CTX_set_cipher_list(context.get(), policy.ciphers.c_str()) != 1) {
        ERR_clear_error();
        return fault("there is no cipher in \"" + policy.ciphers + "\"");
    }
    if (auto status = load_authorities(context.get(), policy); !status) return std::move(status.error());
    ERR_clear_error();
    return context;
}

}
