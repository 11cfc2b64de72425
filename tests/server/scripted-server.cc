// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "scripted-server.hh"

#include "scripted-core.hh"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/rsa.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace spice::test {
namespace {

void ring(int wake_fd) {
    const uint64_t one = 1;
    if (write(wake_fd, &one, sizeof one) < 0) return; // full means that it is rung already
}

// One for all servers of a test: making it takes longer than many a test.
EVP_PKEY *server_key() {
    static EVP_PKEY *const key = EVP_RSA_gen(1024);
    if (key) EVP_PKEY_up_ref(key);
    return key;
}

}

ScriptedCore::ScriptedCore() : key{server_key()}, accept_wake{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {}

ScriptedCore::~ScriptedCore() {
    EVP_PKEY_free(key);
    close(accept_wake);
}

bool ScriptedCore::wait_until(Milliseconds timeout, const std::function<bool()> &what) {
    std::unique_lock lock{mutex};
    return event.wait_for(lock, timeout, what);
}

void ScriptedCore::changed() {
    event.notify_all();
    for (const int fd : wakes)
        ring(fd);
}

void ScriptedCore::accept_loop(int fd) {
    std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {accept_wake, POLLIN, 0}}};
    while (poll(fds.data(), fds.size(), -1) >= 0 && !fds[1].revents) {
        const int client = accept4(fd, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const int on = 1, wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // refused on UNIX sockets
        std::lock_guard lock{mutex};
        wakes.insert(wake_fd);
        threads.emplace_back([=, this] { serve(client, wake_fd); });
    }
    close(fd);
}

void ScriptedCore::serve(int fd, int wake_fd) {
    ScriptedConnection connection{fd, wake_fd};
    std::unique_lock lock{mutex};
    connection.on_stop([this, mine = ++serial] {
        std::lock_guard guard{mutex};
        return stopping || kick >= mine;
    });
    lock.unlock();
    LinkRecord record;
    LinkContext context;
    context.key = key;
    context.plan = [this](ChannelKey k) {
        std::lock_guard guard{mutex};
        const auto it = channels.find(k);
        return it != channels.end() && it->second.plan ? *it->second.plan : default_plan;
    };
    context.session_id = [this] {
        std::lock_guard guard{mutex};
        return session_id;
    };
    context.linked = [this](const LinkRecord &r) {
        std::lock_guard guard{mutex};
        links.push_back(r);
        channels[r.channel].links.push_back(r);
        event.notify_all();
    };
    const bool linked = answer_link(connection, context, record);
    lock.lock();
    ScriptedRun run{*this, connection, record.channel, 0, {}, 0};
    if (linked) {
        run.index = channels[run.key].connections++;
        ++channels[run.key].open;
        changed();
        lock.unlock();
        run_script(run);
        lock.lock();
    }
    connection.close(false);
    if (linked) --channels[run.key].open;
    wakes.erase(wake_fd);
    changed();
    lock.unlock();
    close(wake_fd);
}

ScriptedCore::Step ScriptedCore::next_step(ScriptedRun &run, std::size_t position) {
    std::lock_guard guard{mutex};
    auto &script = channels[run.key].script_of(run.index);
    if (position > script.done) {
        script.done = position;
        event.notify_all();
    }
    return position < script.steps.size() ? script.steps[position] : Step{};
}

void ScriptedCore::run_script(ScriptedRun &run) {
    for (std::size_t position = 0;;) {
        if (const auto step = next_step(run, position)) {
            if (!step(run)) {
                next_step(run, position + (run.connection.open() ? 0 : 1)); // close() is a step that was done
                return;
            }
            ++position;
            continue;
        }
        const auto what = run.connection.wait({});
        if (what == ScriptedConnection::Wait::ended || (what == ScriptedConnection::Wait::readable && !run.pump()))
            return;
    }
}

bool ScriptedRun::pump() {
    const bool there = connection.pump();
    const auto before = inbox.size();
    while (auto m = connection.next_message()) {
        m->connection = index;
        inbox.push_back(std::move(*m));
    }
    if (inbox.size() == before) return there;
    std::lock_guard guard{core.mutex};
    auto &record = core.channels[key].received;
    record.insert(record.end(), inbox.begin() + static_cast<std::ptrdiff_t>(before), inbox.end());
    core.event.notify_all();
    return there;
}

bool ScriptedRun::fail(const std::string &what) {
    std::lock_guard guard{core.mutex};
    if (!core.stopping)
        core.failures += "channel " + std::to_string(key.type) + ":" + std::to_string(key.id) + " connection " +
                         std::to_string(index) + ": " + what + "\n";
    return false;
}

ScriptedServer::ScriptedServer() : core_{std::make_unique<ScriptedCore>()} {}

ScriptedServer::~ScriptedServer() { stop(); }

bool ScriptedServer::start() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    const bool ok = fd >= 0 && bind(fd, generic, length) == 0 && getsockname(fd, generic, &length) == 0;
    port_ = ok ? ntohs(address.sin_port) : uint16_t{0};
    return ok && run_on(fd);
}

bool ScriptedServer::start(const std::string &unix_path) {
    sockaddr_un address{};
    if (unix_path.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, unix_path.data(), unix_path.size());
    unlink(unix_path.c_str());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) return false;
    path_ = unix_path;
    return run_on(fd);
}

bool ScriptedServer::run_on(int fd) {
    if (!core_->key || listen(fd, 16) != 0) return false;
    core_->acceptor = std::thread([core = core_.get(), fd] { core->accept_loop(fd); });
    return true;
}

void ScriptedServer::stop() {
    {
        std::lock_guard lock{core_->mutex};
        core_->stopping = true;
        core_->changed();
    }
    ring(core_->accept_wake);
    if (core_->acceptor.joinable()) core_->acceptor.join();
    std::vector<std::thread> threads;
    {
        std::lock_guard lock{core_->mutex};
        threads.swap(core_->threads);
    }
    for (auto &thread : threads)
        thread.join();
    if (!path_.empty()) unlink(std::exchange(path_, {}).c_str());
}

std::string ScriptedServer::uri() const {
    return path_.empty() ? "spice://127.0.0.1:" + std::to_string(port_) : "spice+unix://" + path_;
}

ChannelScript &ScriptedServer::channel(uint8_t type, uint8_t id) {
    std::lock_guard lock{core_->mutex};
    auto &face = core_->channels[{type, id}].face;
    if (!face) face.reset(new ChannelScript(*core_, {type, id}));
    return *face;
}

void ScriptedServer::link_plan(LinkPlan plan) {
    std::lock_guard lock{core_->mutex};
    core_->default_plan = std::move(plan);
}

std::vector<LinkRecord> ScriptedServer::links() const {
    std::lock_guard lock{core_->mutex};
    return core_->links;
}

std::string ScriptedServer::failures() const {
    std::lock_guard lock{core_->mutex};
    return core_->failures;
}

void ScriptedServer::disconnect_all() {
    std::lock_guard lock{core_->mutex};
    core_->kick = core_->serial;
    core_->changed();
}

}
