// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "mini-client.hh"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>

namespace spice::test {
namespace {

constexpr uint32_t nonsense = ~0u;

ByteVector encrypt(std::span<const std::byte> der, const std::string &password) {
    const auto *p = reinterpret_cast<const unsigned char *>(der.data());
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        d2i_PUBKEY(nullptr, &p, static_cast<long>(der.size())), &EVP_PKEY_free};
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> ctx{
        key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr, &EVP_PKEY_CTX_free};
    ByteVector out(128);
    auto size = out.size();
    if (!ctx || EVP_PKEY_encrypt_init(ctx.get()) <= 0 ||
        EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_PKCS1_OAEP_PADDING) <= 0 ||
        EVP_PKEY_encrypt(ctx.get(), reinterpret_cast<unsigned char *>(out.data()), &size,
                         reinterpret_cast<const unsigned char *>(password.c_str()), password.size() + 1) <= 0)
        return {};
    return out;
}

}

MiniClient::~MiniClient() {
    if (fd_ >= 0) close(fd_);
}

bool MiniClient::adopt(int fd, const void *address, std::size_t length) {
    const timeval limit{10, 0};
    fd_ = fd;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd >= 0 && ::connect(fd, static_cast<const sockaddr *>(address), static_cast<socklen_t>(length)) == 0;
}

bool MiniClient::connect_tcp(uint16_t port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return adopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), &a, sizeof a);
}

bool MiniClient::connect_unix(const std::string &path) {
    sockaddr_un a{};
    a.sun_family = AF_UNIX;
    if (path.size() >= sizeof a.sun_path) return false;
    std::memcpy(a.sun_path, path.data(), path.size());
    return adopt(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), &a, sizeof a);
}

void MiniClient::write(const ByteVector &bytes) {
    std::span<const std::byte> rest{bytes};
    while (!rest.empty()) {
        const auto n = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n <= 0) return; // the next read tells
        rest = rest.subspan(static_cast<std::size_t>(n));
    }
}

ByteVector MiniClient::read_to_end_or(std::size_t limit) {
    ByteVector out(limit);
    std::size_t have = 0;
    while (have < limit) {
        const auto n = recv(fd_, out.data() + have, limit - have, 0);
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    out.resize(have);
    return out;
}

void MiniClient::send_link(const Link &link) {
    Bytes mess;
    mess.u32(link.connection_id).u8(link.channel.type).u8(link.channel.id);
    mess.u32(link.common_caps.size()).u32(link.channel_caps.size()).u32(18);
    for (const auto word : link.common_caps)
        mess.u32(word);
    for (const auto word : link.channel_caps)
        mess.u32(word);
    write(Bytes().text("REDQ").u32(2).u32(2).u32(mess.size()).raw(mess.get()).take());
}

uint32_t MiniClient::link(const Link &link) {
    send_link(link);
    const auto head = read_to_end_or(16);
    if (head.size() != 16 || number_at(head, 0, 4) != 0x51444552) return nonsense;
    const auto size = number_at(head, 12, 4);
    const auto reply = read_to_end_or(size);
    if (reply.size() != size || size < 178) return nonsense;
    if (const auto error = number_at(reply, 0, 4)) return static_cast<uint32_t>(error);
    const auto caps = number_at(reply, 166, 4) ? number_at(reply, number_at(reply, 174, 4), 4) : 0;
    full_ = !(caps & 8) || link.common_caps.empty() || !(link.common_caps[0] & 8);
    if (caps & 1) write(Bytes().u32(1).take());
    write(encrypt(std::span{reply}.subspan(4, 162), link.password));
    const auto result = read_to_end_or(4);
    return result.size() == 4 ? static_cast<uint32_t>(number_at(result, 0, 4)) : nonsense;
}

void MiniClient::send(uint16_t type, const ByteVector &body, uint64_t serial) {
    Bytes out;
    if (full_)
        out.u64(serial).u16(type).u32(body.size()).u32(0);
    else
        out.u16(type).u32(body.size());
    write(out.raw(body).take());
}

std::optional<Message> MiniClient::receive() {
    const auto head = read_to_end_or(full_ ? 18 : 6);
    if (head.size() < 6) return {};
    Message m;
    m.serial = full_ ? number_at(head, 0, 8) : 0;
    m.type = static_cast<uint16_t>(number_at(head, full_ ? 8 : 0, 2));
    const auto size = number_at(head, full_ ? 10 : 2, 4);
    m.body = read_to_end_or(size);
    return m.body.size() == size ? std::optional{m} : std::nullopt;
}

}
