// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/usb-permission.hh"

#include <gio/gio.h>

#include <string_view>
#include <sys/socket.h>

namespace spice::device {

namespace {

Error refused(std::string why) { return {Error::Kind::io, "no permission to use the USB device: " + std::move(why)}; }

}

// One line goes to the helper, which holds the permission open until its input ends; one line comes back.
struct UsbPermission::Talk : std::enable_shared_from_this<Talk> {
    Ref<GSubprocess> process;
    UniqueFd input; // of the helper
    Ref<GDataInputStream> answers;
    Ref<GCancellable> cancellable, dropped = Ref<GCancellable>::take(g_cancellable_new());
    gulong cancel_handler = 0;
    std::string question;
    Done done;

    void start();
    void answered(GAsyncResult *result);
    void finish(const Error *error);
};

void UsbPermission::Talk::start() {
    const char *other = g_getenv("SPICE_USB_ACL_BINARY");
    GError *raw = nullptr;
    const auto launcher = Ref<GSubprocessLauncher>::take(g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE));
    int ends[2]; // a socket: writing into a pipe to a helper that has gone would kill the application
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
        input.reset(ends[0]);
        g_subprocess_launcher_take_stdin_fd(launcher.get(), ends[1]);
        process = Ref<GSubprocess>::take(
            g_subprocess_launcher_spawn(launcher.get(), &raw, other ? other : program, nullptr));
    }
    GErrorPtr failure{raw};
    if (!process) {
        auto *source = g_idle_source_new(); // the answer never comes inside the question
        g_source_set_callback(
            source,
            [](gpointer data) -> gboolean {
                auto &self = *static_cast<std::shared_ptr<Talk> *>(data);
                const auto error = refused("the helper program cannot be run");
                self->finish(&error);
                return G_SOURCE_REMOVE;
            },
            new std::shared_ptr<Talk>{shared_from_this()}, [](gpointer data) { delete static_cast<std::shared_ptr<Talk> *>(data); });
        g_source_attach(source, g_main_context_get_thread_default());
        g_source_unref(source);
        return;
    }
    answers = Ref<GDataInputStream>::take(g_data_input_stream_new(g_subprocess_get_stdout_pipe(process.get())));
    if (cancellable)
        cancel_handler = g_cancellable_connect(
            cancellable.get(), G_CALLBACK(+[](GCancellable *, GCancellable *mine) { g_cancellable_cancel(mine); }),
            g_object_ref(dropped.get()), g_object_unref);
    send(input.get(), question.data(), question.size(), MSG_NOSIGNAL | MSG_DONTWAIT); // if lost, there is no answer
    g_data_input_stream_read_line_async(
        answers.get(), G_PRIORITY_DEFAULT, dropped.get(),
        [](GObject *, GAsyncResult *result, gpointer data) {
            std::unique_ptr<std::shared_ptr<Talk>> self{static_cast<std::shared_ptr<Talk> *>(data)};
            (*self)->answered(result);
        },
        new std::shared_ptr<Talk>{shared_from_this()});
}

void UsbPermission::Talk::answered(GAsyncResult *result) {
    GError *raw = nullptr;
    StrPtr line{g_data_input_stream_read_line_finish_utf8(answers.get(), result, nullptr, &raw)};
    GErrorPtr failure{raw};
    const std::string_view text = line ? line.get() : "";
    if (text == "SUCCESS") return finish(nullptr);
    const bool cancelled = g_cancellable_is_cancelled(dropped.get()) || text.starts_with("CANCEL");
    const Error error = cancelled ? Error{Error::Kind::cancelled, "the question for permission was cancelled"}
                                  : refused(text.empty() ? "the helper program gave no answer" : std::string{text});
    finish(&error);
}

void UsbPermission::Talk::finish(const Error *error) {
    if (cancel_handler) g_cancellable_disconnect(cancellable.get(), cancel_handler);
    cancel_handler = 0;
    if (error && process) g_subprocess_force_exit(process.get());
    if (auto call = std::exchange(done, nullptr)) call(error);
}

std::unique_ptr<UsbPermission> UsbPermission::ask(const UsbIdentity &device, GCancellable *cancellable, Done done) {
    std::unique_ptr<UsbPermission> self{new UsbPermission};
    self->talk_ = std::make_shared<Talk>();
    auto &talk = *self->talk_;
    talk.cancellable = Ref<GCancellable>::share(cancellable);
    talk.question = std::to_string(device.bus) + " " + std::to_string(device.address) + "\n";
    talk.done = std::move(done);
    talk.start();
    return self;
}

UsbPermission::~UsbPermission() {
    if (!talk_) return;
    talk_->done = nullptr;
    if (talk_->process) g_subprocess_force_exit(talk_->process.get());
    g_cancellable_cancel(talk_->dropped.get());
}

}
