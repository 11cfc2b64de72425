// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "base/glib/glib-ptr.hh"

using spice::Ref;

namespace {

GCancellable *watched(gpointer *watch) {
    auto *object = g_cancellable_new();
    *watch = object;
    g_object_add_weak_pointer(G_OBJECT(object), watch);
    return object;
}

guint count(const Ref<GCancellable> &ref) { return G_OBJECT(ref.get())->ref_count; }

void test_take_and_share() {
    gpointer watch = nullptr;
    {
        auto taken = Ref<GCancellable>::take(watched(&watch));
        g_assert_cmpuint(count(taken), ==, 1);
        {
            auto shared = Ref<GCancellable>::share(taken.get());
            g_assert_cmpuint(count(taken), ==, 2);
        }
        g_assert_cmpuint(count(taken), ==, 1);
    }
    g_assert_null(watch);
}

void test_copy_and_move() {
    gpointer watch = nullptr, other_watch = nullptr;
    {
        auto a = Ref<GCancellable>::take(watched(&watch));
        Ref<GCancellable> b{a};
        g_assert_cmpuint(count(a), ==, 2);
        Ref<GCancellable> c{std::move(b)};
        g_assert_cmpuint(count(a), ==, 2);
        g_assert_false(static_cast<bool>(b)); // NOLINT(bugprone-use-after-move): empty is what is promised
        a = Ref<GCancellable>::take(watched(&other_watch));
        g_assert_nonnull(watch);
        auto &same = c;
        c = same; // assigning to itself
        g_assert_cmpuint(count(c), ==, 1);
        c = a;
        g_assert_null(watch);
        g_assert_cmpuint(count(a), ==, 2);
        c = {};
        g_assert_cmpuint(count(a), ==, 1);
    }
    g_assert_null(other_watch);
}

void test_release() {
    gpointer watch = nullptr;
    auto ref = Ref<GCancellable>::take(watched(&watch));
    auto *object = ref.release();
    g_assert_false(static_cast<bool>(ref));
    g_assert_nonnull(watch);
    g_object_unref(object);
    g_assert_null(watch);
}

void test_nothing() {
    Ref<GCancellable> none, copy{none};
    g_assert_null(copy.get());
    g_assert_null(Ref<GCancellable>::share(nullptr).get());
    none = copy;
    g_assert_false(static_cast<bool>(none));
}

// Leak and double-free checks of the sanitizers are the assertions here.
void test_owned() {
    spice::StrPtr text{g_strdup("text")};
    g_assert_cmpstr(text.get(), ==, "text");
    spice::StrvPtr words{g_strsplit("a b", " ", 0)};
    g_assert_cmpuint(g_strv_length(words.get()), ==, 2);
    spice::GErrorPtr error{g_error_new_literal(G_IO_ERROR, G_IO_ERROR_FAILED, "no")};
    spice::BytesPtr bytes{g_bytes_new("x", 1)};
    spice::ByteArrayPtr array{g_byte_array_new()};
    spice::ContextPtr context{g_main_context_new()};
    static_assert(sizeof text == sizeof(char *));
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/glib-ptr/take-and-share", test_take_and_share);
    g_test_add_func("/glib-ptr/copy-and-move", test_copy_and_move);
    g_test_add_func("/glib-ptr/release", test_release);
    g_test_add_func("/glib-ptr/nothing", test_nothing);
    g_test_add_func("/glib-ptr/owned", test_owned);
    return g_test_run();
}
