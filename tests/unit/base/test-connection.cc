// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/connection.hh"
#include "base/glib/glib-ptr.hh"

#include <memory>

namespace {

struct Listener {
    int calls = 0;
    spice::Connection connection;
    void changed(GParamSpec *) { ++calls; }
    void listen(GObject *object) { connection.attach<&Listener::changed>(object, "notify", this); }
};

spice::Ref<GObject> new_object() { return spice::Ref<GObject>::take(G_OBJECT(g_simple_action_new("a", nullptr))); }

void poke(const spice::Ref<GObject> &object) { g_object_notify(object.get(), "enabled"); }

void test_calls() {
    auto object = new_object();
    Listener listener;
    listener.listen(object.get());
    poke(object);
    g_assert_cmpint(listener.calls, ==, 1);
    listener.connection.reset();
    listener.connection.reset();
    poke(object);
    g_assert_cmpint(listener.calls, ==, 1);
}

void test_follows() {
    auto first = new_object(), second = new_object();
    Listener listener;
    listener.listen(first.get());
    listener.listen(second.get());
    poke(first);
    g_assert_cmpint(listener.calls, ==, 0);
    poke(second);
    g_assert_cmpint(listener.calls, ==, 1);
}

void test_listener_goes_first() {
    auto object = new_object();
    auto listener = std::make_unique<Listener>();
    listener->listen(object.get());
    listener.reset();
    poke(object);
    g_assert_cmpuint(object.get()->ref_count, ==, 1);
}

void test_object_goes_first() {
    Listener listener;
    {
        auto object = new_object();
        listener.listen(object.get());
    }
    listener.connection.reset();
    auto other = new_object();
    listener.listen(other.get());
    poke(other);
    g_assert_cmpint(listener.calls, ==, 1);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/connection/calls", test_calls);
    g_test_add_func("/connection/follows", test_follows);
    g_test_add_func("/connection/listener-goes-first", test_listener_goes_first);
    g_test_add_func("/connection/object-goes-first", test_object_goes_first);
    return g_test_run();
}
