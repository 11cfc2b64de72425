// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Ownership of OpenSSL's objects, written once.
namespace spice::link {

template <auto Fn> struct OpensslFree {
    template <class T> void operator()(T *p) const noexcept { Fn(p); }
};
template <class T, auto Fn> using OpensslOwned = std::unique_ptr<T, OpensslFree<Fn>>;

using KeyPtr = OpensslOwned<EVP_PKEY, EVP_PKEY_free>;
using KeyContextPtr = OpensslOwned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using BioPtr = OpensslOwned<BIO, BIO_free_all>;
using NamePtr = OpensslOwned<X509_NAME, X509_NAME_free>;
using SslPtr = OpensslOwned<SSL, SSL_free>;
using SslContextPtr = OpensslOwned<SSL_CTX, SSL_CTX_free>;
using GeneralNamesPtr = OpensslOwned<GENERAL_NAMES, GENERAL_NAMES_free>;

}
