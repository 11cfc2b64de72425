// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/folder-server.hh"

#include "base/log.hh"
#include "base/process.hh"
#include "device/webdav-mux.hh"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace spice::device {

namespace {

// How long the thread waits for connections that the guest has closed to end by themselves.
constexpr guint linger_ms = 2000;

}

FolderServer::FolderServer() : context_{g_main_context_new()} {}
FolderServer::~FolderServer() = default;

// Under the lock, or on the thread after it has been made.
SharedFolder &FolderServer::folder() {
    if (!folder_) {
        folder_ = std::make_unique<SharedFolder>();
        folder_->set_read_only(read_only_);
        folder_->set_root(root_);
    }
    return *folder_;
}

void FolderServer::apply_root() {
    if (std::exchange(changed_, false) && folder_) folder_->set_root(root_);
}

GObject *FolderServer::object() {
    std::lock_guard lock{mutex_};
    return folder().object();
}

void FolderServer::set_root(std::optional<std::string> path) {
    std::lock_guard lock{mutex_};
    root_ = std::move(path);
    changed_ = true;
    if (!running_) apply_root();
    else wake();
}

// One word, which requests look at as they come. Not under the lock: the object may have listeners.
void FolderServer::set_read_only(bool read_only) {
    std::unique_lock lock{mutex_};
    read_only_ = read_only;
    auto *made = folder_.get();
    lock.unlock();
    if (made) made->set_read_only(read_only);
}

bool FolderServer::attach(const std::shared_ptr<WebdavMux> &mux) {
    std::unique_lock lock{mutex_};
    muxes_.push_back(mux);
    const bool begin = !std::exchange(running_, true);
    lock.unlock();
    wake();
    if (!begin || start()) return true;
    lock.lock();
    running_ = false;
    std::erase(muxes_, mux);
    return false;
}

bool FolderServer::start() {
    return process::start_thread(
        "spice-folder", 0, [self = shared_from_this()] { self->run(); },
        [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->wake();
        });
}

// What is to be done now. False: nothing any more.
bool FolderServer::next_turn(std::vector<std::shared_ptr<WebdavMux>> &muxes) {
    std::lock_guard lock{mutex_};
    folder();
    apply_root();
    std::erase_if(muxes_, [](const auto &mux) { return mux->ended(); });
    muxes = muxes_;
    const auto now = g_get_monotonic_time();
    if (!muxes_.empty()) idle_since_ = 0;
    else if (idle_since_ == 0) idle_since_ = now;
    const bool done = muxes_.empty() && (folder_->connections() == 0 || now - idle_since_ >= linger_ms * gint64{1000});
    return !done && !process::stopping();
}

// False: something came while the thread was about to end.
bool FolderServer::leave() {
    std::lock_guard lock{mutex_};
    if (!muxes_.empty() && !process::stopping()) return false;
    apply_root();
    running_ = false;
    return true;
}

void FolderServer::run() {
    do serve();
    while (!leave());
}

void FolderServer::serve() {
    g_main_context_push_thread_default(context_.get());
    idle_since_ = 0;
    std::vector<std::shared_ptr<WebdavMux>> muxes;
    while (next_turn(muxes)) {
        bool idle = true;
        for (const auto &mux : muxes) {
            mux->work();
            if (mux->ended()) idle = false; // the next turn is about that
        }
        GSource *timer = nullptr;
        if (muxes.empty()) {
            timer = g_timeout_source_new(linger_ms);
            g_source_set_callback(timer, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
            g_source_attach(timer, context_.get());
        }
        muxes.clear();
        g_main_context_iteration(context_.get(), idle);
        if (timer) {
            g_source_destroy(timer);
            g_source_unref(timer);
        }
    }
    g_main_context_pop_thread_default(context_.get());
}

UniqueFd FolderServer::connect() {
    // The thread has made the folder before its first turn. Connections that the guest has closed take a moment to end.
    if (folder_->connections() >= 2 * max_connections) return {};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return {};
    UniqueFd ours{ends[0]};
    return folder_->serve(UniqueFd{ends[1]}) ? std::move(ours) : UniqueFd{};
}

}
