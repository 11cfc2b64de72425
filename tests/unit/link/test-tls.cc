// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/connect.hh"
#include "link/stream.hh"
#include "link/tls.hh"
#include "tls-front.hh"

#include <glib.h>
#include <glib/gstdio.h>

#include <cstring>
#include <thread>

#include <openssl/ssl.h>

using namespace std::chrono_literals;
using spice::Error;
using spice::link::Endpoint;
using spice::link::Io;
using spice::link::TlsPolicy;
using spice::test::Identity;
using spice::test::TlsFront;
using spice::test::TlsPlan;
using Kind = Error::Kind;
using What = TlsPlan::What;
using Opened = spice::Result<std::unique_ptr<spice::link::Transport>>;

namespace {

const Identity &authority() {
    static const Identity made{{.subject = {{"CN", "Test Authority"}}, .authority = true}};
    return made;
}
const Identity &stranger() {
    static const Identity made{{.subject = {{"CN", "Somebody Else"}}, .authority = true}};
    return made;
}
Identity server_for(std::vector<std::string> names, long from = -3600, long until = 86'400) {
    return Identity{{.subject = {{"C", "FR"}, {"O", "Lab, Inc"}, {"CN", "vm.test"}},
                     .alt_names = std::move(names),
                     .from = from,
                     .until = until,
                     .serial = 77},
                    &authority()};
}

TlsPolicy trusting(const Identity &root = authority()) {
    TlsPolicy policy;
    policy.host = "127.0.0.1";
    policy.ca = root.pem();
    return policy;
}

Endpoint endpoint_of(const TlsFront &front, TlsPolicy policy) {
    Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.tls_port = std::to_string(front.port());
    endpoint.tls = true;
    endpoint.tls_policy = std::make_shared<const TlsPolicy>(std::move(policy));
    return endpoint;
}

Opened open(const TlsFront &front, TlsPolicy policy = trusting()) {
    spice::link::Wakeup wakeup;
    return spice::link::open_transport(endpoint_of(front, std::move(policy)), wakeup, nullptr);
}

void assert_refused(const TlsFront &front, TlsPolicy policy, const char *cause) {
    const auto opened = open(front, std::move(policy));
    g_assert_false(static_cast<bool>(opened));
    g_assert_cmpint(static_cast<int>(opened.error().kind), ==, static_cast<int>(Kind::tls));
    if (!std::strstr(opened.error().what.c_str(), cause))
        g_error("\"%s\" is not named in: %s", cause, opened.error().what.c_str());
    g_assert_cmpuint(front.bytes_inside(), ==, 0);
}

std::vector<std::byte> pattern(std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 251);
    return bytes;
}

// Sends and reads back at once, as a channel does: neither waits for the other.
bool echoes(spice::link::Transport &transport, std::size_t size) {
    spice::link::Wakeup wakeup;
    const auto sent = pattern(size);
    std::vector<std::byte> got;
    std::vector<std::byte> chunk(30'000);
    std::size_t written = 0;
    const auto deadline = spice::link::Clock::now() + 30s;
    while (got.size() < size) {
        if (spice::link::Clock::now() > deadline) return false;
        if (written < size) {
            const auto io = transport.write(std::span{sent}.subspan(written));
            if (io.kind == Io::Kind::closed || io.kind == Io::Kind::failed) return false;
            if (io.kind == Io::Kind::done) written += io.bytes;
        }
        const auto io = transport.read(chunk);
        if (io.kind == Io::Kind::closed || io.kind == Io::Kind::failed) return false;
        if (io.kind == Io::Kind::done) got.insert(got.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(io.bytes));
        if (transport.pending() || io.kind == Io::Kind::done) continue;
        const int events = transport.events_to_read() | (written < size ? transport.events_to_write() : 0);
        spice::link::wait(transport.fd(), static_cast<short>(events), wakeup, deadline);
    }
    return got == sent;
}

// What reading comes to in the end, after the data.
Io::Kind end_of(spice::link::Transport &transport) {
    spice::link::Wakeup wakeup;
    std::vector<std::byte> chunk(4096);
    const auto deadline = spice::link::Clock::now() + 20s;
    while (spice::link::Clock::now() < deadline) {
        const auto io = transport.read(chunk);
        if (io.kind == Io::Kind::closed || io.kind == Io::Kind::failed) return io.kind;
        if (io.kind == Io::Kind::again) spice::link::wait(transport.fd(), transport.events_to_read(), wakeup, deadline);
    }
    return Io::Kind::again;
}

void test_data() {
    for (const int version : {0, TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsFront front{server_for({"IP:127.0.0.1"}), {.version = version}};
        auto opened = open(front);
        g_assert_true(static_cast<bool>(opened));
        g_assert_cmpuint((*opened)->cipher_bits(), >=, 128);
        g_assert_false((*opened)->is_unix());
        g_assert_true(echoes(**opened, 1));
        g_assert_true(echoes(**opened, 3'000'000));
    }
}

void test_key_update() {
    TlsFront front{server_for({"IP:127.0.0.1"}), {.what = What::update, .version = TLS1_3_VERSION}};
    auto opened = open(front);
    g_assert_true(static_cast<bool>(opened));
    for (int i = 0; i < 20; ++i) g_assert_true(echoes(**opened, 20'000));
}

// We do not start all over again in mid-session; whatever the server makes of that, it is no crash and no hang.
void test_renegotiation() {
    TlsFront front{server_for({"IP:127.0.0.1"}), {.what = What::again, .version = TLS1_2_VERSION}};
    auto opened = open(front);
    g_assert_true(static_cast<bool>(opened));
    const auto hello = pattern(100);
    g_assert_true((*opened)->write(hello).kind == Io::Kind::done);
    g_assert_true(end_of(**opened) != Io::Kind::again);
}

void test_ends() {
    struct {
        What what;
        Io::Kind end;
    } const cases[] = {{What::abrupt, Io::Kind::closed}, {What::farewell, Io::Kind::closed}, {What::damaged, Io::Kind::failed}};
    for (const auto &c : cases) {
        TlsFront front{server_for({"IP:127.0.0.1"}), {.what = c.what}};
        auto opened = open(front);
        g_assert_true(static_cast<bool>(opened));
        g_assert_true(echoes(**opened, 1000));
        g_assert_true(end_of(**opened) == c.end);
        g_assert_true(end_of(**opened) != Io::Kind::again); // and so it stays
    }
}

void test_wrong_authority() {
    TlsFront front{server_for({"IP:127.0.0.1"})};
    assert_refused(front, trusting(stranger()), "not trusted");
    auto nobody = trusting();
    nobody.ca.clear(); // the authorities of the system
    assert_refused(front, nobody, "not trusted");
    nobody.ca = "this is not a certificate";
    assert_refused(front, nobody, "no certificate of a trusted authority");
    nobody.ca.clear();
    nobody.ca_file = "/nowhere/at/all.pem";
    assert_refused(front, nobody, "no certificate of a trusted authority");
    TlsFront alone{Identity{{.subject = {{"CN", "127.0.0.1"}}, .alt_names = {"IP:127.0.0.1"}}}};
    assert_refused(alone, trusting(), "self-signed");
    auto careless = trusting(stranger());
    careless.verify = 0;
    g_assert_true(static_cast<bool>(open(front, careless)));
}

void test_several_authorities() {
    TlsFront front{server_for({"IP:127.0.0.1"})};
    auto policy = trusting(stranger());
    policy.ca += "some text between them\n" + authority().pem();
    g_assert_true(static_cast<bool>(open(front, policy)));
    auto with_file = trusting(stranger());
    char *path = nullptr;
    const int fd = g_file_open_tmp(nullptr, &path, nullptr);
    g_assert_true(g_file_set_contents(path, authority().pem().c_str(), -1, nullptr));
    with_file.ca_file = path;
    g_assert_true(static_cast<bool>(open(front, with_file)));
    with_file.ca.clear();
    g_assert_true(static_cast<bool>(open(front, with_file)));
    close(fd);
    g_unlink(path);
    g_free(path);
}

void test_chain() {
    const Identity middle{{.subject = {{"CN", "Middle"}}, .authority = true}, &authority()};
    const Identity old{{.subject = {{"CN", "Old"}}, .from = -7200, .until = -3600, .authority = true}, &authority()};
    const spice::test::CertificateRequest request{.subject = {{"CN", "vm.test"}}, .alt_names = {"IP:127.0.0.1"}};
    TlsFront good{Identity{request, &middle}, {.chain = {middle, authority()}}};
    g_assert_true(static_cast<bool>(open(good)));
    TlsFront gap{Identity{request, &middle}};
    assert_refused(gap, trusting(), "issuer");
    TlsFront outdated{Identity{request, &old}, {.chain = {old}}};
    assert_refused(outdated, trusting(), "expired, in its chain");
}

void test_dates() {
    TlsFront expired{server_for({"IP:127.0.0.1"}, -7200, -3600)};
    assert_refused(expired, trusting(), "expired");
    TlsFront early{server_for({"IP:127.0.0.1"}, 3600, 7200)};
    assert_refused(early, trusting(), "not yet valid");
}

void test_revoked() {
    TlsFront front{server_for({"IP:127.0.0.1"})};
    auto policy = trusting();
    policy.ca += authority().revoke(77);
    assert_refused(front, policy, "revoked");
    policy = trusting();
    policy.ca += authority().revoke(78) + stranger().revoke(77);
    g_assert_true(static_cast<bool>(open(front, policy)));
}

void test_host() {
    TlsFront front{server_for({"DNS:vm.test", "DNS:*.lab.test", "IP:10.1.2.3"})};
    auto policy = trusting();
    assert_refused(front, policy, "not for the host \"127.0.0.1\"");
    for (const char *wrong : {"", "other.test", "a.b.lab.test", "lab.test", "10.1.2.4", "vm.test.evil", "xvm.test"}) {
        policy.host = wrong;
        assert_refused(front, policy, "not for the host");
    }
    for (const char *right : {"vm.test", "VM.Test", "a.lab.test", "10.1.2.3", "[10.1.2.3]"}) {
        policy.host = right;
        g_assert_true(static_cast<bool>(open(front, policy)));
    }
    TlsFront by_common_name{server_for({})};
    policy.host = "vm.test";
    g_assert_true(static_cast<bool>(open(by_common_name, policy)));
}

void test_ipv6_name() {
    TlsFront front{server_for({"IP:fe80::1:2"})};
    auto policy = trusting();
    policy.host = "[fe80:0:0::1:2]";
    g_assert_true(static_cast<bool>(open(front, policy)));
    policy.host = "fe80::1:3";
    assert_refused(front, policy, "not for the host");
}

void test_subject() {
    TlsFront front{server_for({"DNS:somewhere.else"})};
    auto policy = trusting();
    policy.verify = TlsPolicy::verify_hostname | TlsPolicy::verify_subject; // the subject decides
    for (const char *right : {"C=FR,O=Lab\\, Inc,CN=vm.test", "C=fr,O=LAB\\,  inc,CN=VM.test,", " C=FR, O=Lab\\, Inc, CN=vm.test"}) {
        policy.subject = right;
        g_assert_true(static_cast<bool>(open(front, policy)));
    }
    for (const char *wrong : {"C=FR,O=Lab\\, Inc,CN=other.test", "O=Lab\\, Inc,C=FR,CN=vm.test", "c=FR,O=Lab\\, Inc,CN=vm.test",
                              "C=FR,O=Lab\\, Inc", "CN=vm.test", ""}) {
        policy.subject = wrong;
        assert_refused(front, policy, "subject");
    }
    for (const char *invalid : {"C=FR,O=Lab, Inc,CN=vm.test", "C=FR,O=,CN=vm.test", "C", "C=FR\\x"}) {
        policy.subject = invalid;
        assert_refused(front, policy, "invalid certificate subject");
    }
    policy.subject.reset();
    assert_refused(front, policy, "subject");
}

void test_pinned_key() {
    const auto identity = server_for({"DNS:somewhere.else"}, -7200, -3600); // expired, unknown and for another host
    TlsFront front{identity};
    TlsPolicy policy;
    policy.host = "127.0.0.1";
    policy.verify = TlsPolicy::verify_pubkey;
    policy.pubkey = identity.public_key();
    g_assert_true(static_cast<bool>(open(front, policy)));
    policy.ca = "garbage"; // needs none
    g_assert_true(static_cast<bool>(open(front, policy)));
    policy.pubkey = authority().public_key();
    assert_refused(front, policy, "not trusted");
    policy.ca = authority().pem();
    TlsFront valid{server_for({"DNS:somewhere.else"})};
    assert_refused(valid, policy, "public key");
    policy.pubkey.clear();
    assert_refused(valid, policy, "public key");
    // The root may come along; it is the key that counts. With more checks one of them is enough.
    TlsFront with_root{server_for({"IP:127.0.0.1"}), {.chain = {stranger()}}};
    policy.verify |= TlsPolicy::verify_hostname;
    g_assert_true(static_cast<bool>(open(with_root, policy)));
}

void test_versions_and_ciphers() {
    TlsFront old{server_for({"IP:127.0.0.1"}), {.version = TLS1_1_VERSION}};
    assert_refused(old, trusting(), "TLS:");
    auto lenient = trusting();
    lenient.ciphers = "ALL:@SECLEVEL=0";
    g_assert_true(static_cast<bool>(open(old, lenient)));
    TlsFront front{server_for({"IP:127.0.0.1"}), {.version = TLS1_2_VERSION}};
    auto policy = trusting();
    policy.ciphers = "NO-SUCH-CIPHER";
    assert_refused(front, policy, "no cipher in \"NO-SUCH-CIPHER\"");
    policy.ciphers = "ECDHE-RSA-AES256-GCM-SHA384"; // not with the key of this server
    assert_refused(front, policy, "TLS:");
    policy.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384";
    auto opened = open(front, policy);
    g_assert_true(static_cast<bool>(opened));
    g_assert_cmpuint((*opened)->cipher_bits(), ==, 256);
}

void test_server_name() {
    TlsFront front{server_for({"DNS:vm.test", "IP:127.0.0.1"})};
    auto policy = trusting();
    const std::pair<const char *, const char *> cases[] = {{"vm.test", "vm.test"}, {"127.0.0.1", ""}}; // an address is none
    for (const auto &[host, name] : cases) {
        policy.host = host;
        auto opened = open(front, policy);
        g_assert_true(opened && echoes(**opened, 10)); // by then the server has taken note
        const auto said = front.server_name();
        g_assert_cmpstr(said.c_str(), ==, name);
    }
}

// Where there is no port in clear, TLS it is; where TLS is demanded, nothing goes out in clear.
void test_ports() {
    TlsFront front{server_for({"IP:127.0.0.1"})};
    auto endpoint = endpoint_of(front, trusting());
    endpoint.tls = false;
    for (const char *port : {"", "nonsense", "0"}) {
        endpoint.port = port;
        spice::link::Wakeup wakeup;
        auto opened = spice::link::open_transport(endpoint, wakeup, nullptr);
        g_assert_true(opened && (*opened)->cipher_bits() > 0);
    }
    endpoint.port = endpoint.tls_port;
    endpoint.tls_port.clear();
    endpoint.tls = true;
    const int before = front.connections();
    spice::link::Wakeup wakeup;
    const auto opened = spice::link::open_transport(endpoint, wakeup, nullptr);
    g_assert_true(!opened && opened.error().kind == Kind::argument);
    g_assert_cmpint(front.connections(), ==, before);
}

void test_not_tls() {
    TlsFront front{server_for({"IP:127.0.0.1"})};
    for (const auto what : {What::no_tls, What::hang_up}) {
        front.set_plan({.what = what});
        assert_refused(front, trusting(), what == What::no_tls ? "TLS: " : "closed the connection during the handshake");
    }
}

Opened open_with_limits(const TlsFront &front, spice::link::TlsLimits limits) {
    spice::link::Wakeup wakeup;
    auto clear = endpoint_of(front, {});
    clear.tls = false;
    clear.port = clear.tls_port;
    auto transport = spice::link::open_transport(clear, wakeup, nullptr);
    g_assert_true(static_cast<bool>(transport));
    return spice::link::start_tls(std::move(*transport), trusting(), wakeup, limits);
}

void test_slow() {
    TlsFront front{server_for({"IP:127.0.0.1"}), {.what = What::silent}};
    auto silent = open_with_limits(front, {.silence = 50ms, .total = 10s});
    g_assert_false(static_cast<bool>(silent));
    g_assert_cmpstr(silent.error().what.c_str(), ==, "TLS: the server stays silent");
    front.set_plan({.what = What::drip});
    auto endless = open_with_limits(front, {.silence = 10s, .total = 100ms});
    g_assert_false(static_cast<bool>(endless));
    g_assert_cmpint(static_cast<int>(endless.error().kind), ==, static_cast<int>(Kind::tls));
}

void test_cancel() {
    TlsFront front{server_for({"IP:127.0.0.1"}), {.what = What::silent}};
    spice::link::Wakeup wakeup;
    auto kind = Kind::internal;
    std::thread attempt{[&] {
        const auto opened = spice::link::open_transport(endpoint_of(front, trusting()), wakeup, nullptr);
        kind = opened ? Kind::argument : opened.error().kind;
    }};
    while (front.connections() == 0) std::this_thread::yield();
    wakeup.cancel();
    attempt.join();
    g_assert_cmpint(static_cast<int>(kind), ==, static_cast<int>(Kind::cancelled));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/tls/data", test_data);
    g_test_add_func("/tls/key-update", test_key_update);
    g_test_add_func("/tls/renegotiation", test_renegotiation);
    g_test_add_func("/tls/ends", test_ends);
    g_test_add_func("/tls/wrong-authority", test_wrong_authority);
    g_test_add_func("/tls/several-authorities", test_several_authorities);
    g_test_add_func("/tls/chain", test_chain);
    g_test_add_func("/tls/dates", test_dates);
    g_test_add_func("/tls/revoked", test_revoked);
    g_test_add_func("/tls/host", test_host);
    g_test_add_func("/tls/ipv6-name", test_ipv6_name);
    g_test_add_func("/tls/subject", test_subject);
    g_test_add_func("/tls/pinned-key", test_pinned_key);
    g_test_add_func("/tls/versions-and-ciphers", test_versions_and_ciphers);
    g_test_add_func("/tls/server-name", test_server_name);
    g_test_add_func("/tls/ports", test_ports);
    g_test_add_func("/tls/not-tls", test_not_tls);
    g_test_add_func("/tls/slow", test_slow);
    g_test_add_func("/tls/cancel", test_cancel);
    return g_test_run();
}
