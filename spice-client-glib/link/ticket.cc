// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/ticket.hh"

#include "link/rsa-key.hh"

#include <openssl/crypto.h>
#include <openssl/rsa.h>

namespace spice::link {

namespace {

constexpr int min_key_bits = 1024, max_key_bits = 8192;

Error bad_key() { return {Error::Kind::link, "the server's key is not usable"}; }

}

// Without an option the call does nothing at all; this one happens at the first use anyway.
void initialise_crypto() noexcept { OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr); }

Result<std::vector<std::byte>> make_ticket(std::span<const std::byte> public_key, std::string_view password) {
    if (password.size() > max_password_length) return Error{Error::Kind::auth, "the password is too long"};
    const auto read = read_rsa_key(public_key);
    if (!read) return read.error();
    const auto &key = *read;
    const int bits = EVP_PKEY_get_bits(key.get());
    if (bits < min_key_bits || bits > max_key_bits) return bad_key();
    KeyContextPtr context{EVP_PKEY_CTX_new(key.get(), nullptr)};
    if (!context || EVP_PKEY_encrypt_init(context.get()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) <= 0)
        return bad_key();

    std::vector<unsigned char> plain(password.begin(), password.end());
    plain.push_back(0);
    std::size_t size = 0;
    bool ok = EVP_PKEY_encrypt(context.get(), nullptr, &size, plain.data(), plain.size()) > 0;
    std::vector<std::byte> ticket(ok ? size : 0);
    ok = ok && EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char *>(ticket.data()), &size, plain.data(),
                                plain.size()) > 0;
    OPENSSL_cleanse(plain.data(), plain.size());
    if (!ok) return bad_key();
    ticket.resize(size);
    return ticket;
}

}
