// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "server-process.hh"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace spice::test {
namespace {

template <class T> std::unique_ptr<T, decltype(&g_object_unref)> owned(T *p) { return {p, &g_object_unref}; }

void remove_folder(const std::string &path) {
    if (GDir *dir = g_dir_open(path.c_str(), 0, nullptr)) {
        while (const char *name = g_dir_read_name(dir))
            g_unlink((path + "/" + name).c_str());
        g_dir_close(dir);
    }
    g_rmdir(path.c_str());
}

}

bool ServerProcess::available() { return g_getenv("SPICE_TEST_SERVER") != nullptr; }

ServerProcess::~ServerProcess() {
    if (process_) terminate();
    if (!folder_.empty()) remove_folder(folder_);
}

std::string ServerProcess::read_line(GDataInputStream *from) {
    gsize length = 0;
    gchar *line = g_data_input_stream_read_line(from, &length, nullptr, nullptr);
    std::string out = line ? std::string{line, length} : "err the server is gone";
    g_free(line);
    return out;
}

bool ServerProcess::start(std::vector<std::string> arguments) {
    gchar *folder = g_dir_make_tmp("spice-test-XXXXXX", nullptr);
    if (!folder || !available()) return g_free(folder), false;
    folder_ = folder;
    g_free(folder);
    const auto listens = [](const std::string &a) { return a == "--port" || a == "--unix" || a == "--tls-port"; };
    if (std::none_of(arguments.begin(), arguments.end(), listens)) arguments.insert(arguments.end(), {"--port", "0"});
    arguments.insert(arguments.begin(), g_getenv("SPICE_TEST_SERVER"));
    arguments.insert(arguments.end(), {"--control", folder_ + "/control", "--quit-on-eof"});
    std::vector<const char *> argv;
    for (const auto &a : arguments)
        argv.push_back(a.c_str());
    argv.push_back(nullptr);
    // The server must not outlive a test that crashes: it ends with its standard input.
    const auto flags = static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
    process_.reset(g_subprocess_newv(argv.data(), flags, nullptr));
    if (!process_) return false;
    const auto out = owned(g_data_input_stream_new(g_subprocess_get_stdout_pipe(process_.get())));
    const auto ready = read_line(out.get());
    unsigned port = 0;
    if (ready.compare(0, 5, "ready") != 0) return false;
    if (const auto at = ready.find(" port="); at != ready.npos) std::sscanf(ready.c_str() + at, " port=%u", &port);
    port_ = static_cast<uint16_t>(port);
    if (const auto at = ready.find(" tls-port="); at != ready.npos && std::sscanf(ready.c_str() + at, " tls-port=%u", &port) == 1)
        tls_port_ = static_cast<uint16_t>(port);
    const auto client = owned(g_socket_client_new());
    const auto address = owned(g_unix_socket_address_new((folder_ + "/control").c_str()));
    control_.reset(g_socket_client_connect(client.get(), G_SOCKET_CONNECTABLE(address.get()), nullptr, nullptr));
    if (!control_) return false;
    answers_.reset(g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(control_.get()))));
    return true;
}

std::string ServerProcess::command(std::string_view line) {
    const auto text = std::string{line} + "\n";
    auto *out = g_io_stream_get_output_stream(G_IO_STREAM(control_.get()));
    if (!g_output_stream_write_all(out, text.data(), text.size(), nullptr, nullptr, nullptr)) return "err cannot send";
    const auto answer = read_line(answers_.get());
    return answer.compare(0, 2, "ok") == 0 ? answer.substr(std::min<std::size_t>(answer.size(), 3)) : answer;
}

int ServerProcess::terminate() {
    const auto process = std::move(process_);
    g_subprocess_send_signal(process.get(), SIGTERM);
    if (!g_subprocess_wait(process.get(), nullptr, nullptr)) return -1;
    return g_subprocess_get_if_exited(process.get()) ? g_subprocess_get_exit_status(process.get()) : -1;
}

Ppm read_ppm(const std::string &path) {
    Ppm out;
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file{std::fopen(path.c_str(), "rb"), &std::fclose};
    int max = 0;
    if (!file || std::fscanf(file.get(), "P6 %d %d %d", &out.width, &out.height, &max) != 3 || max != 255) return {};
    if (out.width < 1 || out.height < 1 || out.width > 16384 || out.height > 16384) return {};
    std::fgetc(file.get());
    const auto count = static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height);
    std::vector<unsigned char> bytes(count * 3);
    if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return {};
    for (std::size_t i = 0; i < count; ++i)
        out.pixels.push_back(uint32_t{bytes[3 * i]} << 16 | uint32_t{bytes[3 * i + 1]} << 8 | bytes[3 * i + 2]);
    return out;
}

}
