// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <gio/gio.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spice::test {

// A running spice-test-server with its control socket, for tests. The program is found through the environment
// variable SPICE_TEST_SERVER, which meson sets. Thread-bound to its creator; the destructor ends the program.
class ServerProcess {
public:
    ServerProcess() = default;
    ~ServerProcess();
    ServerProcess(const ServerProcess &) = delete;
    ServerProcess &operator=(const ServerProcess &) = delete;

    static bool available();
    // Adds --port 0 unless the arguments name a listener, and --control. Returns when it listens.
    bool start(std::vector<std::string> arguments);
    uint16_t port() const noexcept { return port_; }
    uint16_t tls_port() const noexcept { return tls_port_; }
    const std::string &folder() const noexcept { return folder_; } // private, for dumps and sockets; removed at the end
    std::string uri() const { return "spice://127.0.0.1:" + std::to_string(port_); }
    // One command, its answer without the leading "ok", or "err ...".
    std::string command(std::string_view line);
    bool ok(std::string_view line) { return command(line).compare(0, 3, "err") != 0; }
    int terminate(); // SIGTERM; the exit status, -1 when it did not exit by itself

private:
    template <class T> using Object = std::unique_ptr<T, decltype(&g_object_unref)>;
    std::string read_line(GDataInputStream *from);
    Object<GSubprocess> process_{nullptr, &g_object_unref};
    Object<GSocketConnection> control_{nullptr, &g_object_unref};
    Object<GDataInputStream> answers_{nullptr, &g_object_unref};
    std::string folder_;
    uint16_t port_ = 0, tls_port_ = 0;
};

// What a PPM file holds: 0x00RRGGBB row by row. Empty when it cannot be read.
struct Ppm {
    int width = 0, height = 0;
    std::vector<uint32_t> pixels;
};
Ppm read_ppm(const std::string &path);

}
