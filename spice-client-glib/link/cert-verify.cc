// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/cert-verify.hh"

#include "link/cert-host.hh"
#include "link/cert-subject.hh"
#include "link/openssl-ptr.hh"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace spice::link {

namespace {

// The verifier of a chain; OpenSSL gives its callback nothing else to find it by.
int verifier_index() {
    static const int index = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

std::string subject_text(const X509 *certificate) {
    constexpr std::size_t enough = 256; // the server chose it
    const BioPtr out{BIO_new(BIO_s_mem())};
    if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE) < 0) return "?";
    char *text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    std::string subject{text, static_cast<std::size_t>(size)};
    if (subject.size() > enough) subject = subject.substr(0, enough) + "...";
    return subject;
}

}

int CertVerifier::on_fault(int ok, X509_STORE_CTX *context) {
    auto *self = static_cast<CertVerifier *>(X509_STORE_CTX_get_ex_data(context, verifier_index()));
    return ok == 1 || self->tolerable(context) ? 1 : 0;
}

// A fault of the chain. Those of the server's own certificate are remembered: its key may be known, and then they do
// not matter. Above it only an unknown root is such a fault.
bool CertVerifier::tolerable(X509_STORE_CTX *context) {
    const int error = X509_STORE_CTX_get_error(context);
    // Authorities without a revocation list have revoked nothing that we know of.
    if (error == X509_V_ERR_UNABLE_TO_GET_CRL) return true;
    const int depth = X509_STORE_CTX_get_error_depth(context);
    if (chain_ok_)
        reason_ = std::string{"the server's certificate is not trusted: "} + X509_verify_cert_error_string(error) +
                  (depth > 0 ? ", in its chain" : "");
    chain_ok_ = false;
    if (depth == 0) return true;
    return error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN && (policy_.verify & TlsPolicy::verify_pubkey) != 0;
}

bool CertVerifier::key_is_pinned(const X509 *certificate) const {
    if (!(policy_.verify & TlsPolicy::verify_pubkey) || policy_.pubkey.empty()) return false;
    unsigned char *raw = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &raw);
    if (size <= 0) return false;
    const bool same = policy_.pubkey == std::string_view{reinterpret_cast<char *>(raw), static_cast<std::size_t>(size)};
    OPENSSL_free(raw);
    return same;
}

bool CertVerifier::names_match(const X509 *certificate) {
    if (policy_.verify & TlsPolicy::verify_subject) {
        const auto subject = parse_subject(policy_.subject.value_or(""));
        if (!subject) reason_ = subject.error().what;
        else if (subject_matches(X509_get_subject_name(certificate), *subject)) return true;
        else
            reason_ = "the server's certificate has the subject \"" + subject_text(certificate) + "\", expected is \"" +
                      policy_.subject.value_or("") + "\"";
        return false;
    }
    if (policy_.verify & TlsPolicy::verify_hostname) {
        if (certificate_is_for(certificate, policy_.host)) return true;
        reason_ = "the server's certificate, \"" + subject_text(certificate) + "\", is not for the host \"" +
                  policy_.host + "\"";
        return false;
    }
    reason_ = "the server's public key is not the expected one";
    return false;
}

bool CertVerifier::accept(X509_STORE_CTX *context) {
    if (policy_.verify == 0) return true;
    const auto *certificate = X509_STORE_CTX_get0_cert(context);
    if (!certificate || X509_STORE_CTX_set_ex_data(context, verifier_index(), this) != 1) return false;
    X509_STORE_CTX_set_verify_cb(context, on_fault);
    const bool went_through = X509_verify_cert(context) == 1;
    if (went_through && key_is_pinned(certificate)) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return true;
    }
    if (went_through && chain_ok_ && names_match(certificate)) return true;
    if (reason_.empty()) reason_ = "the server's certificate cannot be checked";
    // What the server is told.
    if (went_through && chain_ok_) X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
}

}
