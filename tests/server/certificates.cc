// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "certificates.hh"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>

namespace spice::test {
namespace {

void need(bool good, const char *what) {
    if (good) return;
    std::fprintf(stderr, "cannot make a certificate: %s\n", what);
    std::abort();
}

template <class Write> std::string to_text(Write write) {
    BIO *out = BIO_new(BIO_s_mem());
    need(out && write(out) == 1, "output");
    char *data = nullptr;
    const auto size = BIO_get_mem_data(out, &data);
    std::string text{data, static_cast<std::size_t>(size)};
    BIO_free(out);
    return text;
}

void add_extension(X509 *certificate, X509 *issuer, int nid, const std::string &value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    need(extension && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
    X509_EXTENSION_free(extension);
}

long next_serial() {
    static long serial = 1000;
    return ++serial;
}

}

Identity::Identity(const CertificateRequest &request, const Identity *issuer)
    : certificate_{X509_new(), X509_free}, key_{EVP_EC_gen("P-256"), EVP_PKEY_free} {
    auto *cert = certificate_.get();
    need(cert && key_, "key");
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), request.serial ? request.serial : next_serial());
    X509_gmtime_adj(X509_getm_notBefore(cert), request.from);
    X509_gmtime_adj(X509_getm_notAfter(cert), request.until);
    X509_NAME *name = X509_NAME_new();
    for (const auto &[key, value] : request.subject)
        need(X509_NAME_add_entry_by_txt(name, key.c_str(), MBSTRING_UTF8,
                                        reinterpret_cast<const unsigned char *>(value.data()),
                                        static_cast<int>(value.size()), -1, 0) == 1,
             key.c_str());
    X509_set_subject_name(cert, name);
    X509_NAME_free(name);
    auto *parent = issuer ? issuer->certificate() : cert;
    X509_set_issuer_name(cert, X509_get_subject_name(parent));
    need(X509_set_pubkey(cert, key_.get()) == 1, "public key");
    add_extension(cert, parent, NID_basic_constraints, request.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (request.authority) add_extension(cert, parent, NID_key_usage, "critical,keyCertSign,cRLSign");
    std::string names;
    for (const auto &entry : request.alt_names)
        names += (names.empty() ? "" : ",") + entry;
    if (!names.empty()) add_extension(cert, parent, NID_subject_alt_name, names);
    need(X509_sign(cert, issuer ? issuer->key() : key_.get(), EVP_sha256()) > 0, "signature");
}

std::string Identity::pem() const {
    return to_text([&](BIO *out) { return PEM_write_bio_X509(out, certificate()); });
}

std::string Identity::key_pem() const {
    return to_text([&](BIO *out) { return PEM_write_bio_PrivateKey(out, key(), nullptr, nullptr, 0, nullptr, nullptr); });
}

std::string Identity::public_key() const {
    unsigned char *raw = nullptr;
    const int size = i2d_PUBKEY(key(), &raw);
    need(size > 0, "public key");
    std::string der{reinterpret_cast<char *>(raw), static_cast<std::size_t>(size)};
    OPENSSL_free(raw);
    return der;
}

std::string Identity::revoke(long serial) const {
    X509_CRL *list = X509_CRL_new();
    need(list != nullptr, "list");
    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate()));
    ASN1_TIME *time = X509_gmtime_adj(nullptr, -60);
    X509_CRL_set1_lastUpdate(list, time);
    X509_gmtime_adj(time, 86'400);
    X509_CRL_set1_nextUpdate(list, time);
    X509_gmtime_adj(time, -60);
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, serial);
    X509_REVOKED_set_serialNumber(entry, number);
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(list, entry);
    ASN1_INTEGER_free(number);
    ASN1_TIME_free(time);
    need(X509_CRL_sign(list, key(), EVP_sha256()) > 0, "signature");
    auto text = to_text([&](BIO *out) { return PEM_write_bio_X509_CRL(out, list); });
    X509_CRL_free(list);
    return text;
}

}
