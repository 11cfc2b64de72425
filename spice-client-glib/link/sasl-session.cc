// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/sasl-session.hh"

#include "base/log.hh"

#include <cstddef>
#include <cstring>
#include <mutex>

#include <netdb.h>
#include <openssl/crypto.h>
#include <sys/socket.h>

namespace spice::link {

namespace {

constexpr unsigned min_strength = 56, max_strength = 100'000, buffer_size = 100'000;

// The library locks what threads share only with mutexes that it is given.
void *new_mutex() { return new std::mutex; }
int lock_mutex(void *m) {
    static_cast<std::mutex *>(m)->lock();
    return 0;
}
int unlock_mutex(void *m) {
    static_cast<std::mutex *>(m)->unlock();
    return 0;
}
void free_mutex(void *m) { delete static_cast<std::mutex *>(m); }

bool library_ready() {
    static const int result = [] {
        sasl_set_mutex(new_mutex, lock_mutex, unlock_mutex, free_mutex);
        return sasl_client_init(nullptr);
    }();
    return result == SASL_OK;
}

// "IP;PORT"; empty for anything but TCP.
std::string address_text(int fd, int (*get)(int, sockaddr *, socklen_t *)) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (get(fd, generic, &size) != 0 || (address.ss_family != AF_INET && address.ss_family != AF_INET6)) return {};
    if (getnameinfo(generic, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) return {};
    return std::string{host} + ";" + port;
}

using AnyCallback = int (*)();
template <class F> AnyCallback any(F *function) { return reinterpret_cast<AnyCallback>(reinterpret_cast<void *>(function)); }

}

SaslSession::~SaslSession() {
    if (connection_) sasl_dispose(&connection_);
    OPENSSL_cleanse(secret_.data(), secret_.size());
    if (login_.password) OPENSSL_cleanse(login_.password->data(), login_.password->size());
}

Status SaslSession::open(const Transport &transport, unsigned protected_bits) {
    if (!library_ready()) return Error{Error::Kind::auth, "SASL: the library cannot be used"};
    callbacks_ = {{{SASL_CB_USER, any(get_text), this},
                   {SASL_CB_AUTHNAME, any(get_text), this},
                   {SASL_CB_PASS, any(get_secret), this},
                   {SASL_CB_GETREALM, any(get_realm), this},
                   {SASL_CB_LOG, any(log), this},
                   {SASL_CB_LIST_END, nullptr, nullptr}}};
    auto host = login_.host;
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host.empty()) host = "localhost"; // what servers on UNIX sockets go by
    const auto local = address_text(transport.fd(), getsockname), remote = address_text(transport.fd(), getpeername);
    const bool addresses = !local.empty() && !remote.empty();
    int result = sasl_client_new("spice", host.c_str(), addresses ? local.c_str() : nullptr,
                                 addresses ? remote.c_str() : nullptr, callbacks_.data(), SASL_SUCCESS_DATA, &connection_);
    if (result != SASL_OK) return Error{Error::Kind::auth, "SASL: " + text_of(result)};
    sasl_security_properties_t wanted{};
    wanted.maxbufsize = buffer_size;
    if (protected_bits > 0) {
        const sasl_ssf_t external = protected_bits;
        sasl_setprop(connection_, SASL_SSF_EXTERNAL, &external);
    } else {
        wanted.min_ssf = min_strength, wanted.max_ssf = max_strength;
        wanted.security_flags = SASL_SEC_NOANONYMOUS | SASL_SEC_NOPLAINTEXT;
    }
    result = sasl_setprop(connection_, SASL_SEC_PROPS, &wanted);
    if (result != SASL_OK) return Error{Error::Kind::auth, "SASL: " + text_of(result)};
    return success();
}

// SASL_CB_AUTHNAME is who logs in, SASL_CB_USER who one wants to be: without a name the same, which a Kerberos ticket tells.
int SaslSession::get_text(void *data, int which, const char **text, unsigned *size) {
    auto &self = *static_cast<SaslSession *>(data);
    if (which == SASL_CB_USER && !self.login_.username) {
        *text = "";
        if (size) *size = 0;
        return SASL_OK;
    }
    self.wants_user_ = true;
    if (!self.login_.username) return SASL_FAIL;
    *text = self.login_.username->c_str();
    if (size) *size = static_cast<unsigned>(self.login_.username->size());
    return SASL_OK;
}

int SaslSession::get_secret(sasl_conn_t *, void *data, int, sasl_secret_t **secret) {
    auto &self = *static_cast<SaslSession *>(data);
    self.wants_password_ = true;
    if (!self.login_.password) return SASL_FAIL;
    const auto &password = *self.login_.password;
    self.secret_.assign(sizeof(sasl_secret_t) + password.size() + 1, '\0');
    auto *made = reinterpret_cast<sasl_secret_t *>(self.secret_.data());
    made->len = password.size();
    std::memcpy(self.secret_.data() + offsetof(sasl_secret_t, data), password.data(), password.size());
    *secret = made;
    return SASL_OK;
}

int SaslSession::get_realm(void *, int, const char **offered, const char **chosen) {
    *chosen = offered && *offered ? *offered : "";
    return SASL_OK;
}

// Levels below a warning may show what was exchanged.
int SaslSession::log(void *, int level, const char *text) {
    if (text && level > SASL_LOG_NONE && level <= SASL_LOG_WARN) SPICE_LOG_DEBUG("SASL: %s", text);
    return SASL_OK;
}

SaslSession::Output SaslSession::start(const std::string &mechanisms, std::string &chosen) {
    Output out;
    const char *mechanism = nullptr;
    sasl_interact_t *questions = nullptr;
    out.result = sasl_client_start(connection_, mechanisms.c_str(), &questions, &out.data, &out.size, &mechanism);
    if (mechanism) chosen = mechanism;
    return out;
}

SaslSession::Output SaslSession::step(const char *data, unsigned size) {
    Output out;
    sasl_interact_t *questions = nullptr;
    out.result = sasl_client_step(connection_, data, size, &questions, &out.data, &out.size);
    return out;
}

unsigned SaslSession::strength() const {
    const void *value = nullptr;
    if (sasl_getprop(connection_, SASL_SSF, &value) != SASL_OK || !value) return 0;
    return *static_cast<const sasl_ssf_t *>(value);
}

unsigned SaslSession::max_output() const {
    const void *value = nullptr;
    if (sasl_getprop(connection_, SASL_MAXOUTBUF, &value) != SASL_OK || !value) return 0;
    return *static_cast<const unsigned *>(value);
}

Error SaslSession::failure(const std::string &what) const {
    constexpr int password = 3, username = 4, both = 5, nothing = -1;
    const int code = wants_user_ && wants_password_ ? both : wants_user_ ? username : wants_password_ ? password : nothing;
    return {Error::Kind::auth, "SASL: " + what, code};
}

std::string SaslSession::text_of(int result) const { return sasl_errstring(result, nullptr, nullptr); }

}
