// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/ticket.hh"

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

using spice::link::make_ticket;
using Kind = spice::Error::Kind;

namespace {

struct FreeKey {
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

std::vector<std::byte> der_of(EVP_PKEY *key) {
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    g_assert_cmpint(size, >, 0);
    const auto *bytes = reinterpret_cast<const std::byte *>(der);
    std::vector<std::byte> out(bytes, bytes + size);
    OPENSSL_free(der);
    return out;
}

Key rsa(unsigned bits) {
    Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))};
    g_assert_nonnull(key.get());
    return key;
}

std::string decrypt(EVP_PKEY *key, std::span<const std::byte> ticket) {
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free};
    g_assert_cmpint(EVP_PKEY_decrypt_init(context.get()), >, 0);
    g_assert_cmpint(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING), >, 0);
    g_assert_cmpint(EVP_PKEY_CTX_set_rsa_oaep_md_name(context.get(), "SHA1", nullptr), >, 0);
    g_assert_cmpint(EVP_PKEY_CTX_set_rsa_mgf1_md_name(context.get(), "SHA1", nullptr), >, 0);
    std::string plain(256, 'x');
    auto size = plain.size();
    g_assert_cmpint(EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char *>(plain.data()), &size,
                                     reinterpret_cast<const unsigned char *>(ticket.data()), ticket.size()), >, 0);
    plain.resize(size);
    return plain;
}

void test_decrypts() {
    const auto key = rsa(1024);
    const auto der = der_of(key.get());
    g_assert_cmpuint(der.size(), ==, 162);
    for (const auto &password : {std::string{}, std::string{"x"}, std::string{"gr\xc3\xbc\xc3\x9f"}, std::string(60, 'p')}) {
        auto ticket = make_ticket(der, password);
        g_assert_true(static_cast<bool>(ticket));
        g_assert_cmpuint(ticket->size(), ==, 128);
        g_assert_true(decrypt(key.get(), *ticket) == password + '\0');
    }
    // The padding is random: the same password never looks the same.
    auto one = make_ticket(der, "p"), two = make_ticket(der, "p");
    g_assert_true(*one != *two);
}

void test_larger_key() {
    const auto key = rsa(2048);
    auto ticket = make_ticket(der_of(key.get()), "secret");
    g_assert_true(static_cast<bool>(ticket));
    g_assert_cmpuint(ticket->size(), ==, 256);
    g_assert_true(decrypt(key.get(), *ticket) == std::string("secret") + '\0');
}

void test_too_long() {
    const auto der = der_of(rsa(1024).get());
    for (const std::size_t n : {61u, 62u, 100u, 100'000u}) {
        auto ticket = make_ticket(der, std::string(n, 'p'));
        g_assert_false(static_cast<bool>(ticket));
        g_assert_true(ticket.error().kind == Kind::auth);
    }
}

void refused(std::span<const std::byte> der) {
    auto ticket = make_ticket(der, "p");
    g_assert_false(static_cast<bool>(ticket));
    g_assert_true(ticket.error().kind == Kind::link);
}

void test_bad_key() {
    const auto der = der_of(rsa(1024).get());
    for (std::size_t n = 0; n < der.size(); ++n) refused(std::span{der}.first(n));
    refused(std::vector<std::byte>(162));                   // as servers with SASL send it
    refused(std::vector<std::byte>(162, std::byte{0x5a}));
    refused(std::vector<std::byte>(162, std::byte{0xff}));
    refused(der_of(Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")}.get()));
    refused(der_of(Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")}.get()));
    refused(der_of(rsa(512).get())); // too weak to be meant
}

// Damaged keys are refused or used, and never anything worse.
void test_flipped_bits() {
    const auto der = der_of(rsa(1024).get());
    for (std::size_t bit = 0; bit < der.size() * 8; bit += 3) {
        auto damaged = der;
        damaged[bit / 8] ^= std::byte{1} << (bit % 8);
        auto ticket = make_ticket(damaged, "p");
        if (!ticket) g_assert_true(ticket.error().kind == Kind::link);
    }
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/ticket/decrypts", test_decrypts);
    g_test_add_func("/ticket/larger-key", test_larger_key);
    g_test_add_func("/ticket/too-long", test_too_long);
    g_test_add_func("/ticket/bad-key", test_bad_key);
    g_test_add_func("/ticket/flipped-bits", test_flipped_bits);
    return g_test_run();
}
