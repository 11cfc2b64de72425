// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/rsa-key.hh"

#include <algorithm>
#include <array>
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

namespace spice::link {

namespace {

using NumberPtr = OpensslOwned<BIGNUM, BN_free>;
using BuilderPtr = OpensslOwned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParamsPtr = OpensslOwned<OSSL_PARAM, OSSL_PARAM_free>;
using Der = std::span<const unsigned char>;

constexpr std::array<unsigned char, 9> rsa_encryption{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};

// The contents of the element that `in` begins with, and `in` moved behind it. Empty when it is not of that tag.
Der take(Der &in, int wanted) {
    const unsigned char *p = in.data();
    long length = 0;
    int tag = 0, tag_class = 0;
    const int form = ASN1_get_object(&p, &length, &tag, &tag_class, static_cast<long>(in.size()));
    const bool indefinite = (form & 0x81) != 0; // or an error: neither is DER
    if (indefinite || tag != wanted || tag_class != V_ASN1_UNIVERSAL || length <= 0) return {};
    const Der contents{p, static_cast<std::size_t>(length)};
    in = in.subspan(static_cast<std::size_t>(p - in.data()) + contents.size());
    return contents;
}

NumberPtr take_number(Der &in) {
    const auto bytes = take(in, V_ASN1_INTEGER);
    if (bytes.empty() || (bytes[0] & 0x80) != 0) return nullptr; // negative
    return NumberPtr{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
}

KeyPtr make_key(const BIGNUM *modulus, const BIGNUM *exponent) {
    const BuilderPtr builder{OSSL_PARAM_BLD_new()};
    if (!builder || !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) ||
        !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent))
        return nullptr;
    const ParamsPtr params{OSSL_PARAM_BLD_to_param(builder.get())};
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
    EVP_PKEY *key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0)
        return nullptr;
    return KeyPtr{key};
}

KeyPtr read(Der in) {
    auto info = take(in, V_ASN1_SEQUENCE);
    auto algorithm = take(info, V_ASN1_SEQUENCE);
    const auto name = take(algorithm, V_ASN1_OBJECT);
    if (!std::equal(name.begin(), name.end(), rsa_encryption.begin(), rsa_encryption.end())) return nullptr;
    const auto bits = take(info, V_ASN1_BIT_STRING);
    if (bits.empty() || bits[0] != 0) return nullptr; // bits that are left over
    auto key = bits.subspan(1);
    auto numbers = take(key, V_ASN1_SEQUENCE);
    const auto modulus = take_number(numbers), exponent = take_number(numbers);
    return modulus && exponent ? make_key(modulus.get(), exponent.get()) : nullptr;
}

}

// OpenSSL's own d2i_PUBKEY() looks for a decoder among all that its providers have, anew for each key, which takes a
// tenth of what connecting a channel does.
Result<KeyPtr> read_rsa_key(std::span<const std::byte> der) {
    auto key = read({reinterpret_cast<const unsigned char *>(der.data()), der.size()});
    if (!key) return Error{Error::Kind::link, "the server's key is not usable"};
    return key;
}

}
