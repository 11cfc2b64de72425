// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <glib-object.h>

namespace spice {

template <auto Method> struct Slot;
template <class C, class... A, void (C::*Method)(A...)> struct Slot<Method> {
    static void call(gpointer, A... a, gpointer self) noexcept { (static_cast<C *>(self)->*Method)(a...); }
};

// A signal handler that lands in a member function. It is a member of the listener, so no call arrives after its end.
// Thread-bound to the main context.
class Connection {
public:
    Connection() = default;
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection() { reset(); }

    template <auto Method, class C> void attach(gpointer obj, const char *signal, C *self) {
        reset();
        g_set_weak_pointer(&obj_, G_OBJECT(obj));
        id_ = g_signal_connect(obj, signal, G_CALLBACK(&Slot<Method>::call), self);
    }
    void reset() noexcept {
        if (obj_ && id_) g_signal_handler_disconnect(obj_, id_);
        id_ = 0;
        g_clear_weak_pointer(&obj_);
    }

private:
    GObject *obj_ = nullptr;
    gulong id_ = 0;
};

}
