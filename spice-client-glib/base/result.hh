// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace spice {

// What went wrong, as a value. Immutable once made; `what` is an English fragment for logs, the facade translates
// what users see.
struct Error {
    enum class Kind : uint8_t {
        io, resolve, timeout, proxy, tls, link, auth, protocol, unsupported, cancelled, argument, internal
    };
    Kind kind = Kind::internal;
    std::string what;
    int code = 0; // errno, resolver code, GIO's code for proxies, link error code: a number that belongs to `kind`; 0 when there is none
};

// A value or an Error. We do not throw: every function that can fail for a reason of the outside world returns this.
template <class T> class [[nodiscard]] Result {
public:
    Result(T v) : v_{std::in_place_index<0>, std::move(v)} {}
    Result(Error e) : v_{std::in_place_index<1>, std::move(e)} {}
    explicit operator bool() const noexcept { return v_.index() == 0; }
    T &operator*() & { return *std::get_if<0>(&v_); }
    const T &operator*() const & { return *std::get_if<0>(&v_); }
    T &&operator*() && { return std::move(*std::get_if<0>(&v_)); }
    T *operator->() { return std::get_if<0>(&v_); }
    const T *operator->() const { return std::get_if<0>(&v_); }
    Error &error() { return *std::get_if<1>(&v_); }
    const Error &error() const { return *std::get_if<1>(&v_); }

private:
    std::variant<T, Error> v_;
};

using Status = Result<std::monostate>;
inline Status success() { return std::monostate{}; }

}
