// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "options.hh"
#include "server.hh"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <list>
#include <memory>

using namespace spice::testserver;

namespace {

gboolean stop(gpointer loop) noexcept {
    g_main_loop_quit(static_cast<GMainLoop *>(loop));
    return G_SOURCE_CONTINUE;
}

// Everything that sends commands: the script or standard input, and the control socket's connections.
class Console {
public:
    explicit Console(Server &server) : server_{server} {}
    bool open(const Options &options) {
        if (options.script == "-" || options.quit_on_eof) talk(STDIN_FILENO, STDOUT_FILENO, options.quit_on_eof);
        if (options.script != "-" && !options.script.empty()) {
            const int fd = ::open(options.script.c_str(), O_RDONLY | O_CLOEXEC);
            if (fd < 0) return false;
            talk(fd, STDOUT_FILENO, false);
        }
        if (options.control_path.empty()) return true;
        listener_ = Listener::unix_socket(options.control_path, [this](int fd) { talk(fd, fd, false); });
        return listener_ != nullptr;
    }

private:
    void talk(int in, int out, bool last) {
        conversations_.push_back(std::make_unique<Conversation>(
            in, out, [this](std::string_view line, Reply reply) { server_.execute(line, std::move(reply)); },
            [=, this](Conversation *ended) {
                conversations_.remove_if([=](auto &c) { return c.get() == ended; });
                if (last) server_.execute("quit", [](const std::string &) {});
            }));
    }
    Server &server_;
    std::unique_ptr<Listener> listener_;
    std::list<std::unique_ptr<Conversation>> conversations_;
};

}

int main(int argc, char **argv) {
    const auto options = parse_options(argc, argv);
    if (!options) return 2;
    std::signal(SIGPIPE, SIG_IGN);
    const std::unique_ptr<GMainLoop, decltype(&g_main_loop_unref)> loop{g_main_loop_new(nullptr, FALSE),
                                                                        &g_main_loop_unref};
    Server server{*options};
    Console console{server};
    auto problem = server.start();
    if (problem.empty() && !console.open(*options)) problem = "cannot open the script or the control socket";
    if (!problem.empty()) {
        std::fprintf(stderr, "spice-test-server: %s\n", problem.c_str());
        return 1;
    }
    server.on_quit([&] { g_main_loop_quit(loop.get()); });
    const guint terminate = g_unix_signal_add(SIGTERM, stop, loop.get()),
                interrupt = g_unix_signal_add(SIGINT, stop, loop.get());
    std::printf("%s\n", server.ready_line().c_str());
    std::fflush(stdout);
    g_main_loop_run(loop.get());
    g_source_remove(terminate);
    g_source_remove(interrupt);
    return 0;
}
