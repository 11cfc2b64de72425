// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib-object.h>

#include <memory>
#include <utility>

// Ownership of GLib things, written once. This library sees only public headers of the GLib library, so it has its own.
namespace spice::gtk {

template <auto Fn> struct Free {
    template <class T> void operator()(T *p) const noexcept { Fn(p); }
};
template <class T, auto Fn> using Owned = std::unique_ptr<T, Free<Fn>>;
using StrPtr = Owned<char, g_free>;
using ErrorPtr = Owned<GError, g_error_free>;
using BytesPtr = Owned<GBytes, g_bytes_unref>;

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
    static Ref take(T *p) noexcept {
        Ref r;
        r.p_ = p;
        return r;
    }
    static Ref share(T *p) noexcept {
        if (p) g_object_ref(p);
        return take(p);
    }
    T *get() const noexcept { return p_; }
    T *release() noexcept { return std::exchange(p_, nullptr); }
    explicit operator bool() const noexcept { return p_ != nullptr; }

private:
    T *p_ = nullptr;
};

// A pointer that becomes null when the object goes; owns nothing.
template <class T> class Weak {
public:
    Weak() = default;
    explicit Weak(T *p) { set(p); }
    Weak(const Weak &) = delete;
    Weak &operator=(const Weak &) = delete;
    ~Weak() { set(nullptr); }
    void set(T *p) noexcept { g_set_weak_pointer(&p_, p); }
    T *get() const noexcept { return p_; }
    explicit operator bool() const noexcept { return p_ != nullptr; }

private:
    T *p_ = nullptr;
};

template <auto Method> struct Slot;
template <class C, class R, class... A, R (C::*Method)(A...)> struct Slot<Method> {
    static R call(gpointer, A... a, gpointer self) noexcept { return (static_cast<C *>(self)->*Method)(a...); }
};

// A signal connection that ends with its listener or its object, whichever goes first. A member of the listener.
class Connection {
public:
    Connection() = default;
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection() { reset(); }
    // guard: stays alive while the handler runs; for handlers that emit signals, in which an application may drop it.
    template <auto Method, class C>
    void attach(gpointer obj, const char *signal, C *self, gpointer guard = nullptr) {
        reset();
        g_set_weak_pointer(&obj_, G_OBJECT(obj));
        auto *closure = g_cclosure_new(G_CALLBACK(&Slot<Method>::call), self, nullptr);
        if (guard) g_object_watch_closure(G_OBJECT(guard), closure);
        id_ = g_signal_connect_closure(obj, signal, closure, FALSE);
    }
    void reset() noexcept {
        if (obj_ && id_ && g_signal_handler_is_connected(obj_, id_)) g_signal_handler_disconnect(obj_, id_);
        id_ = 0;
        g_clear_weak_pointer(&obj_);
    }

private:
    GObject *obj_ = nullptr;
    gulong id_ = 0;
};

// One-shot timer of the default main context; a member of the object it calls.
class Timer {
public:
    Timer() = default;
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;
    ~Timer() { stop(); }
    template <auto Method, class C> void start(guint ms, C *self) {
        stop();
        self_ = self;
        run_ = [](gpointer s) { (static_cast<C *>(s)->*Method)(); };
        id_ = g_timeout_add(ms, &Timer::fire, this);
    }
    void stop() noexcept {
        if (id_) g_source_remove(std::exchange(id_, 0u));
    }
    bool active() const noexcept { return id_ != 0; }

private:
    static gboolean fire(gpointer data) noexcept {
        auto *t = static_cast<Timer *>(data);
        t->id_ = 0;
        t->run_(t->self_);
        return G_SOURCE_REMOVE;
    }
    gpointer self_ = nullptr;
    void (*run_)(gpointer) = nullptr;
    guint id_ = 0;
};

}
