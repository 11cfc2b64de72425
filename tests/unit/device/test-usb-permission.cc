// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-permission.hh"

#include <glib/gstdio.h>

#include <optional>
#include <string>

using namespace spice;
using device::UsbPermission;

namespace {

// A helper program that does what a test says, in place of the distribution's.
class Helper {
public:
    explicit Helper(const std::string &script) {
        const int fd = g_file_open_tmp("spice-helper-XXXXXX", &path_, nullptr);
        g_assert_cmpint(fd, >=, 0);
        close(fd);
        const auto text = "#!/bin/sh\n" + script + "\n";
        g_assert_true(g_file_set_contents_full(path_, text.c_str(), -1, G_FILE_SET_CONTENTS_NONE, 0700, nullptr));
        g_chmod(path_, 0700);
        g_setenv("SPICE_USB_ACL_BINARY", path_, TRUE);
    }
    ~Helper() {
        g_unlink(path_);
        g_free(path_);
    }
    Helper(const Helper &) = delete;
    Helper &operator=(const Helper &) = delete;

private:
    char *path_ = nullptr;
};

device::UsbIdentity third_device() {
    device::UsbIdentity device;
    device.bus = 3;
    device.address = 14;
    return device;
}

struct Answer {
    int calls = 0;
    std::optional<Error> error;
    std::unique_ptr<UsbPermission> question;

    explicit Answer(GCancellable *cancellable = nullptr) {
        question = UsbPermission::ask(third_device(), cancellable, [this](const Error *why) {
            ++calls;
            if (why) error = *why;
        });
        g_assert_cmpint(calls, ==, 0); // never inside the call
    }
    void wait() {
        bool late = false;
        const auto source = g_timeout_add_seconds(
            10, [](gpointer flag) -> gboolean { return *static_cast<bool *>(flag) = true, G_SOURCE_CONTINUE; }, &late);
        while (calls == 0 && !late) g_main_context_iteration(nullptr, TRUE);
        g_source_remove(source);
        g_assert_cmpint(calls, ==, 1);
    }
};

void test_granted() {
    Helper helper{"read bus device; [ \"$bus $device\" = '3 14' ] && echo SUCCESS; cat >/dev/null"};
    Answer answer;
    answer.wait();
    g_assert_false(answer.error.has_value());
}

void test_refused() {
    for (const char *script : {"read line; echo Error not today", "exit 1", "read line; printf SUCC", "read line; echo"}) {
        Helper helper{script};
        Answer answer;
        answer.wait();
        g_assert_true(answer.error && answer.error->kind == Error::Kind::io);
    }
    Helper helper{"read line; echo CANCELED"};
    Answer answer;
    answer.wait();
    g_assert_true(answer.error && answer.error->kind == Error::Kind::cancelled);
}

void test_no_helper() {
    g_setenv("SPICE_USB_ACL_BINARY", "/nonexistent/helper", TRUE);
    Answer answer;
    answer.wait();
    g_assert_true(answer.error && answer.error->kind == Error::Kind::io);
}

// A dialog that nobody answers; what the user wants no longer, or what has gone.
void test_cancelled() {
    Helper helper{"cat >/dev/null"};
    const auto cancellable = Ref<GCancellable>::take(g_cancellable_new());
    Answer answer{cancellable.get()};
    g_cancellable_cancel(cancellable.get());
    answer.wait();
    g_assert_true(answer.error && answer.error->kind == Error::Kind::cancelled);
    Answer dropped;
    dropped.question.reset();
    while (g_main_context_iteration(nullptr, FALSE)) {}
    g_assert_cmpint(dropped.calls, ==, 0);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/usb-permission/granted", test_granted);
    g_test_add_func("/usb-permission/refused", test_refused);
    g_test_add_func("/usb-permission/no-helper", test_no_helper);
    g_test_add_func("/usb-permission/cancelled", test_cancelled);
    return g_test_run();
}
