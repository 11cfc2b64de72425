// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "link/framer.hh"
#include "link/socket.hh"

#include <glib.h>

#include <array>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using spice::Error;
using spice::UniqueFd;
using spice::link::Framer;
using spice::link::Io;
using spice::link::SocketTransport;

// File descriptors through the socket and the framer, which tells which byte they came with (spec/link.md §12).
namespace {

std::size_t open_descriptors() {
    std::size_t n = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator at{"/proc/self/fd", error}, end; at != end; at.increment(error)) ++n;
    return n;
}

ino_t inode(int fd) {
    struct stat s {};
    g_assert_cmpint(fstat(fd, &s), ==, 0);
    return s.st_ino;
}

struct Pair {
    Pair() {
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), ==, 0);
        transport.emplace(fds[0]);
        peer.reset(fds[1]);
    }
    void say(const std::string &text, const std::vector<int> &with = {}) {
        iovec piece{const_cast<char *>(text.data()), text.size()};
        std::vector<char> control(CMSG_SPACE(with.size() * sizeof(int)));
        msghdr header{};
        header.msg_iov = &piece, header.msg_iovlen = 1;
        if (!with.empty()) {
            header.msg_control = control.data(), header.msg_controllen = control.size();
            auto *part = CMSG_FIRSTHDR(&header);
            part->cmsg_level = SOL_SOCKET, part->cmsg_type = SCM_RIGHTS;
            part->cmsg_len = CMSG_LEN(with.size() * sizeof(int));
            std::memcpy(CMSG_DATA(part), with.data(), with.size() * sizeof(int));
        }
        g_assert_cmpint(sendmsg(peer.get(), &header, 0), ==, static_cast<gssize>(text.size()));
    }
    Io read() { return transport->read(std::as_writable_bytes(std::span{buffer})); }

    std::array<int, 2> fds{};
    std::optional<SocketTransport> transport;
    UniqueFd peer;
    std::array<char, 4096> buffer{};
};

UniqueFd memory() { return UniqueFd{memfd_create("test", MFD_CLOEXEC)}; }

void test_socket() {
    Pair p;
    const auto a = memory(), b = memory();
    p.say("before");
    p.say("@", {a.get(), b.get()});
    p.say("after");
    g_assert_true(p.transport->passes_descriptors());
    auto io = p.read(); // ends with the byte that carries them, whatever is behind it
    g_assert_cmpuint(io.bytes, ==, 7);
    const auto got = p.transport->take_descriptors();
    g_assert_cmpuint(got.size(), ==, 2);
    g_assert_true(inode(got[0].get()) == inode(a.get()) && inode(got[1].get()) == inode(b.get()));
    for (const auto &fd : got) g_assert_true(fcntl(fd.get(), F_GETFD) & FD_CLOEXEC);
    io = p.read();
    g_assert_cmpuint(io.bytes, ==, 5);
    g_assert_true(p.transport->take_descriptors().empty());
}

// Nobody takes them: they are closed at the next read, or with the socket.
void test_nobody_takes_them() {
    const auto before = open_descriptors();
    {
        Pair p;
        const auto a = memory();
        const auto in_use = open_descriptors();
        p.say("@", {a.get()});
        p.read();
        g_assert_cmpuint(open_descriptors(), ==, in_use + 1);
        p.say("@");
        p.read();
        g_assert_cmpuint(open_descriptors(), ==, in_use);
        p.say("@", {a.get()});
        p.read();
    }
    g_assert_cmpuint(open_descriptors(), ==, before);
}

// A flood in one message: what is more than any message needs never reaches this process.
void test_too_many_at_once() {
    Pair p;
    const auto a = memory();
    const auto before = open_descriptors();
    p.say("@", std::vector<int>(200, a.get()));
    g_assert_true(p.read().kind == Io::Kind::done);
    g_assert_cmpuint(open_descriptors(), <=, before + 16);
    const auto got = p.transport->take_descriptors();
    g_assert_cmpuint(got.size(), ==, 16);
}

// No number is free for them: the byte comes without.
void test_no_number_free() {
    Pair p;
    const auto a = memory();
    rlimit old{};
    getrlimit(RLIMIT_NOFILE, &old);
    std::vector<UniqueFd> filler;
    const rlimit small{64, old.rlim_max};
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &small), ==, 0);
    while (true) {
        UniqueFd next{fcntl(a.get(), F_DUPFD_CLOEXEC, 0)};
        if (!next) break;
        filler.push_back(std::move(next));
    }
    p.say("@", {a.get()});
    const auto io = p.read();
    filler.clear();
    setrlimit(RLIMIT_NOFILE, &old);
    g_assert_true(io.kind == Io::Kind::done && io.bytes == 1);
    g_assert_true(p.transport->take_descriptors().empty());
}

void test_tcp_passes_none() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    SocketTransport transport{fd};
    g_assert_false(transport.passes_descriptors());
}

// --- the framer

void fill(Framer &framer, const std::string &bytes, std::vector<UniqueFd> fds = {}) {
    const auto space = framer.space();
    g_assert_cmpuint(space.size(), >=, bytes.size());
    std::memcpy(space.data(), bytes.data(), bytes.size());
    framer.filled(bytes.size());
    if (!fds.empty()) g_assert_true(static_cast<bool>(framer.attach(std::move(fds))));
}

std::vector<UniqueFd> some(std::size_t n) {
    std::vector<UniqueFd> fds;
    for (std::size_t i = 0; i < n; ++i) fds.push_back(memory());
    return fds;
}

const std::string message{"\x05\0\x03\0\0\0abc", 9};

bool take_message(Framer &framer) {
    auto next = framer.next();
    g_assert_true(static_cast<bool>(next));
    return next->has_value();
}

void test_extra_byte() {
    Framer framer{true};
    auto fds = some(2);
    const auto first = inode(fds[0].get());
    fill(framer, message);
    g_assert_true(take_message(framer));
    g_assert_false(framer.take_extra()); // not there yet
    fill(framer, "@", std::move(fds));
    fill(framer, message + "+" + message);
    auto extra = framer.take_extra();
    g_assert_true(extra && extra->value == std::byte{'@'});
    g_assert_cmpuint(extra->fds.size(), ==, 2);
    g_assert_true(inode(extra->fds[0].get()) == first);
    g_assert_true(take_message(framer));
    extra = framer.take_extra();
    g_assert_true(extra && extra->value == std::byte{'+'} && extra->fds.empty());
    g_assert_true(take_message(framer));
    auto next = framer.next();
    g_assert_false(static_cast<bool>(next) && *next);
}

// What comes with a byte of a message is closed when that message is taken, and does not shift what is behind it.
void test_unexpected() {
    const auto before = open_descriptors();
    Framer framer{true};
    fill(framer, message.substr(0, 4), some(1));
    fill(framer, message.substr(4), some(1));
    fill(framer, "@", some(1));
    g_assert_cmpuint(open_descriptors(), ==, before + 3);
    g_assert_true(take_message(framer));
    g_assert_cmpuint(open_descriptors(), ==, before + 1);
    const auto extra = framer.take_extra();
    g_assert_true(extra && extra->fds.size() == 1);
}

void test_bounded() {
    const auto before = open_descriptors();
    {
        Framer framer{true};
        fill(framer, std::string{"\x05\0\xff\0\0\0", 6}, some(Framer::max_descriptors));
        fill(framer, "x");
        auto status = framer.attach(some(1));
        g_assert_false(static_cast<bool>(status));
        g_assert_true(status.error().kind == Error::Kind::protocol);
    }
    g_assert_cmpuint(open_descriptors(), ==, before);
}

}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, nullptr);
    g_test_add_func("/descriptors/socket", test_socket);
    g_test_add_func("/descriptors/nobody-takes-them", test_nobody_takes_them);
    g_test_add_func("/descriptors/too-many-at-once", test_too_many_at_once);
    g_test_add_func("/descriptors/no-number-free", test_no_number_free);
    g_test_add_func("/descriptors/tcp-passes-none", test_tcp_passes_none);
    g_test_add_func("/descriptors/extra-byte", test_extra_byte);
    g_test_add_func("/descriptors/unexpected", test_unexpected);
    g_test_add_func("/descriptors/bounded", test_bounded);
    return g_test_run();
}
