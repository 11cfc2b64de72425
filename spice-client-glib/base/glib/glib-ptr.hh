// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <gio/gio.h>

#include <memory>
#include <utility>

// Every ownership rule of GLib is written here and nowhere else.
namespace spice {

template <auto Fn> struct Free {
    template <class T> void operator()(T *p) const noexcept { Fn(p); }
};
template <class T, auto Fn> using Owned = std::unique_ptr<T, Free<Fn>>;

using GErrorPtr = Owned<GError, g_error_free>;
using BytesPtr = Owned<GBytes, g_bytes_unref>;
using StrPtr = Owned<char, g_free>;
using StrvPtr = Owned<char *, g_strfreev>;
using ByteArrayPtr = Owned<GByteArray, g_byte_array_unref>;
using ContextPtr = Owned<GMainContext, g_main_context_unref>;

// Copyable strong reference to a GObject.
template <class T> class Ref {
public:
    Ref() noexcept = default;
    Ref(const Ref &o) noexcept : p_{o.p_} {
        if (p_) g_object_ref(p_);
    }
    Ref(Ref &&o) noexcept : p_{std::exchange(o.p_, nullptr)} {}
    Ref &operator=(Ref o) noexcept {
        std::swap(p_, o.p_);
        return *this;
    }
    ~Ref() {
        if (p_) g_object_unref(p_);
    }
    static Ref take(T *p) noexcept { // (transfer full)
        Ref r;
        r.p_ = p;
        return r;
    }
    static Ref share(T *p) noexcept { // (transfer none)
        return take(p ? static_cast<T *>(g_object_ref(p)) : nullptr);
    }
    T *get() const noexcept { return p_; }
    T *release() noexcept { return std::exchange(p_, nullptr); }
    explicit operator bool() const noexcept { return p_ != nullptr; }

private:
    T *p_ = nullptr;
};

}
