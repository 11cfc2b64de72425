// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/sasl.hh"

#include "link/sasl-layer.hh"
#include "link/sasl-session.hh"

#include <algorithm>
#include <array>
#include <vector>

namespace spice::link {

namespace {

constexpr uint32_t max_list = 300, max_data = 1u << 20;
constexpr std::size_t max_mechanism = 100;
constexpr int max_rounds = 50;

struct ServerData {
    bool some = false; // no data and empty data are different things
    std::string text;
    bool complete = false;
    const char *data() const noexcept { return some ? text.data() : nullptr; }
    unsigned size() const noexcept { return static_cast<unsigned>(text.size()); }
};

Error bad(const char *what) { return {Error::Kind::link, std::string{"SASL: the server sends "} + what}; }

void put_word(std::vector<std::byte> &out, std::size_t value) {
    for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void put_text(std::vector<std::byte> &out, const char *data, std::size_t size) {
    const auto *bytes = reinterpret_cast<const std::byte *>(data);
    out.insert(out.end(), bytes, bytes + size);
}

void put_data(std::vector<std::byte> &out, const SaslSession::Output &output) {
    put_word(out, output.data ? std::size_t{output.size} + 1 : 0);
    if (!output.data) return;
    put_text(out, output.data, output.size);
    out.push_back(std::byte{0});
}

// One attempt to get in.
class Exchange {
public:
    Exchange(LinkStream &stream, SaslSession &session) : stream_{stream}, session_{session} {}
    Status run();

private:
    Result<uint32_t> read_word();
    Status read_text(std::string &text, uint32_t size);
    Result<std::string> read_mechanisms();
    Result<ServerData> read_data();
    Status read_result();
    Status converse(const std::string &mechanisms);
    Status send(const SaslSession::Output &output, std::vector<std::byte> before = {});
    Error left(Error error) const;

    LinkStream &stream_;
    SaslSession &session_;
};

Result<uint32_t> Exchange::read_word() {
    std::array<std::byte, 4> raw;
    if (auto status = stream_.read_exact(raw); !status) return std::move(status.error());
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= std::to_integer<uint32_t>(raw[i]) << (8 * i);
    return value;
}

Status Exchange::read_text(std::string &text, uint32_t size) {
    text.resize(size);
    return stream_.read_exact(std::as_writable_bytes(std::span{text}));
}

Result<std::string> Exchange::read_mechanisms() {
    auto size = read_word();
    if (!size) return std::move(size.error());
    if (*size == 0 || *size > max_list) return bad("a list of mechanisms that has no sensible length");
    std::string list;
    if (auto status = read_text(list, *size); !status) return std::move(status.error());
    const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ','; };
    if (!std::all_of(list.begin(), list.end(), fits)) return bad("names of mechanisms that are none");
    return list;
}

Result<ServerData> Exchange::read_data() {
    auto size = read_word();
    if (!size) return left(std::move(size.error()));
    if (*size > max_data) return bad("too much");
    ServerData data;
    data.some = *size > 0;
    if (data.some) {
        if (auto status = read_text(data.text, *size); !status) return left(std::move(status.error()));
        data.text.pop_back(); // the NUL
    }
    std::array<std::byte, 1> complete;
    if (auto status = stream_.read_exact(complete); !status) return left(std::move(status.error()));
    data.complete = complete[0] != std::byte{0};
    return data;
}

// Servers say no by closing the connection.
Error Exchange::left(Error error) const {
    if (error.kind != Error::Kind::link && error.kind != Error::Kind::io) return error;
    return session_.failure("the server does not let us in");
}

Status Exchange::send(const SaslSession::Output &output, std::vector<std::byte> before) {
    if (output.data && output.size >= max_data) return session_.failure("the answer is too long");
    put_data(before, output);
    if (auto status = stream_.write_all(before); !status) return left(std::move(status.error()));
    return success();
}

Status Exchange::converse(const std::string &mechanisms) {
    const auto goes_on = [](int result) { return result == SASL_OK || result == SASL_CONTINUE; };
    std::string mechanism;
    auto output = session_.start(mechanisms, mechanism);
    if (!goes_on(output.result) || mechanism.empty() || mechanism.size() > max_mechanism)
        return session_.failure(session_.text_of(output.result) + " (the server offers \"" + mechanisms + "\")");
    std::vector<std::byte> hello;
    put_word(hello, mechanism.size());
    put_text(hello, mechanism.data(), mechanism.size());
    if (auto status = send(output, std::move(hello)); !status) return status;
    for (int round = 0; round < max_rounds; ++round) {
        auto data = read_data();
        if (!data) return std::move(data.error());
        if (data->complete && output.result == SASL_OK) return success();
        output = session_.step(data->data(), data->size());
        if (!goes_on(output.result)) return session_.failure(session_.text_of(output.result));
        if (data->complete && output.result == SASL_OK) return success();
        if (data->complete) return session_.failure("the server ends the exchange too early");
        if (auto status = send(output); !status) return status;
    }
    return session_.failure("the server never comes to an end");
}

Status Exchange::read_result() {
    auto result = read_word();
    if (!result) return left(std::move(result.error()));
    if (*result == 0) return success();
    return session_.failure("the server refuses, with code " + std::to_string(*result));
}

Status Exchange::run() {
    auto mechanisms = read_mechanisms();
    if (!mechanisms) return std::move(mechanisms.error());
    if (auto status = converse(*mechanisms); !status) return status;
    return read_result();
}

}

bool sasl_available() noexcept { return true; }

Result<std::unique_ptr<SaslLayer>> perform_sasl(LinkStream &stream, Transport &lower, const SaslLogin &login) {
    auto session = std::make_unique<SaslSession>(login);
    const auto outer = lower.cipher_bits();
    if (auto status = session->open(lower, outer); !status) return std::move(status.error());
    if (auto status = Exchange{stream, *session}.run(); !status) return std::move(status.error());
    constexpr unsigned weakest = 56;
    if (outer > 0) return std::unique_ptr<SaslLayer>{};
    if (session->strength() < weakest) return session->failure("the protection that it brings is too weak");
    return std::unique_ptr<SaslLayer>{std::make_unique<CyrusLayer>(std::move(session), lower)};
}

}
