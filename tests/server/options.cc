// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "options.hh"

#include <glib.h>
#include <spice/enums.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <utility>

namespace spice::testserver {
namespace {

// What GOption fills in; strings are freed by the destructor.
struct Raw {
    gint port = -1, tls_port = -1, heads = 1, displays = 1, fps = 12, seed = 1;
    gboolean still = FALSE, sound = FALSE, jpeg = FALSE, zlib = FALSE, no_tablet = FALSE, quit_on_eof = FALSE;
    gboolean sasl = FALSE, agent_monitors = FALSE;
    std::array<gchar *, 13> text{};
    Raw() = default;
    Raw(const Raw &) = delete;
    Raw &operator=(const Raw &) = delete;
    ~Raw() {
        for (auto *t : text)
            g_free(t);
    }
};
enum Text : std::size_t { UNIX, ADDR, PASSWORD, COMPRESSION, SIZE, STREAMING, X509, SCRIPT, CONTROL, NAME,
                       CODECS, PORTS, AGENT };

bool parse(Raw &raw, int argc, char **argv) {
    const auto string = [&](const char *name, Text slot, const char *help, const char *value) {
        return GOptionEntry{name, 0, 0, G_OPTION_ARG_STRING, &raw.text[slot], help, value};
    };
    const auto integer = [](const char *name, gint *slot, const char *help) {
        return GOptionEntry{name, 0, 0, G_OPTION_ARG_INT, slot, help, "N"};
    };
    const auto flag = [](const char *name, gboolean *slot, const char *help) {
        return GOptionEntry{name, 0, 0, G_OPTION_ARG_NONE, slot, help, nullptr};
    };
    const std::array entries{integer("port", &raw.port, "Listen on this TCP port, 0 picks a free one"),
                             string("unix", UNIX, "Listen on this UNIX socket", "PATH"),
                             string("addr", ADDR, "Address for the TCP ports (127.0.0.1)", "IP"),
                             integer("tls-port", &raw.tls_port, "Listen for TLS, 0 picks a free port"),
                             string("x509-dir", X509, "Folder of ca-cert.pem, server-cert.pem, server-key.pem", "DIR"),
                             string("password", PASSWORD, "Ask for this password", "TEXT"),
                             flag("sasl", &raw.sasl, "Authenticate with SASL, configured by spice-test-server.conf"),
                             string("compression", COMPRESSION, "off auto_glz auto_lz quic glz lz lz4", "NAME"),
                             flag("jpeg", &raw.jpeg, "Lossy JPEG always"),
                             flag("zlib-glz", &raw.zlib, "Pack GLZ with zlib always"),
                             string("streaming", STREAMING, "off all filter", "NAME"),
                             string("codecs", CODECS, "Video encoders, such as spice:mjpeg;gstreamer:vp8", "LIST"),
                             string("size", SIZE, "Size of a head (1024x768)", "WxH"),
                             integer("heads", &raw.heads, "Heads side by side on one graphics card"),
                             integer("displays", &raw.displays, "Graphics cards"),
                             integer("fps", &raw.fps, "Frames per second of what moves"),
                             flag("still", &raw.still, "Paint once, then only by command"),
                             integer("seed", &raw.seed, "Seed of the computed pictures"),
                             flag("sound", &raw.sound, "A sound card"),
                             flag("no-tablet", &raw.no_tablet, "Relative mouse only"),
                             string("ports", PORTS, "Ports, by name", "NAME,NAME"),
                             string("name", NAME, "Name of the virtual machine", "TEXT"),
                             string("agent", AGENT, "Who connects to this UNIX socket is the guest's agent", "PATH"),
                             flag("agent-monitors", &raw.agent_monitors, "Leave the monitors to the agent"),
                             string("script", SCRIPT, "Run commands from this file, '-' is the standard input", "FILE"),
                             flag("quit-on-eof", &raw.quit_on_eof, "Quit when the standard input ends"),
                             string("control", CONTROL, "Take commands on this UNIX socket", "PATH"),
                             GOptionEntry{nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
    const std::unique_ptr<GOptionContext, decltype(&g_option_context_free)> context{
        g_option_context_new("- a SPICE server that paints a small desktop"), &g_option_context_free};
    g_option_context_add_main_entries(context.get(), entries.data(), nullptr);
    GError *error = nullptr;
    if (g_option_context_parse(context.get(), &argc, &argv, &error) && argc == 1) return true;
    std::fprintf(stderr, "spice-test-server: %s\n", error ? error->message : "unexpected argument");
    g_clear_error(&error);
    return false;
}

bool parse_size(std::string_view text, Options &out) {
    const auto x = text.find('x');
    if (x == text.npos) return false;
    const auto w = number(text.substr(0, x)), h = number(text.substr(x + 1));
    if (!w || !h || *w < 16 || *h < 16 || *w > 8192 || *h > 8192) return false;
    out.width = *w, out.height = *h;
    return true;
}

const char *wrong_value(const Raw &raw, Options &out) {
    if (raw.port > 65535) return "--port";
    if (raw.port >= 0) out.port = raw.port;
    if (raw.heads < 1 || raw.heads > 16) return "--heads";
    if (raw.displays < 1 || raw.displays > 8) return "--displays";
    if (raw.fps < 0 || raw.fps > 120) return "--fps";
    if (raw.tls_port > 65535 || (raw.tls_port >= 0 && out.x509_dir.empty())) return "--tls-port (it needs --x509-dir)";
    if (const char *s = raw.text[SIZE]; s && !parse_size(s, out)) return "--size";
    if (const char *name = raw.text[COMPRESSION]) {
        const auto value = compression_by_name(name);
        if (!value) return "--compression";
        out.compression = *value;
    }
    if (const char *name = raw.text[STREAMING]) {
        const auto value = streaming_by_name(name);
        if (!value) return "--streaming";
        out.streaming = *value;
    }
    return nullptr;
}

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

}

std::optional<Options> parse_options(int argc, char **argv) {
    Raw raw;
    if (!parse(raw, argc, argv)) return {};
    Options out;
    const auto take = [&](Text slot, std::string &value) {
        if (raw.text[slot]) value = raw.text[slot];
    };
    take(UNIX, out.unix_path), take(ADDR, out.address), take(PASSWORD, out.password), take(X509, out.x509_dir);
    take(SCRIPT, out.script), take(CONTROL, out.control_path), take(NAME, out.name);
    take(CODECS, out.codecs), take(AGENT, out.agent_path);
    out.agent_monitors = raw.agent_monitors;
    if (raw.text[PORTS]) out.ports = split(raw.text[PORTS]);
    if (const char *what = wrong_value(raw, out)) {
        std::fprintf(stderr, "spice-test-server: bad value for %s\n", what);
        return {};
    }
    out.tls_port = raw.tls_port, out.heads = raw.heads, out.displays = raw.displays, out.fps = raw.fps;
    out.seed = static_cast<uint32_t>(raw.seed);
    out.sasl = raw.sasl, out.sound = raw.sound;
    out.still = raw.still, out.quit_on_eof = raw.quit_on_eof, out.jpeg = raw.jpeg, out.zlib_glz = raw.zlib,
    out.tablet = !raw.no_tablet;
    if (!out.port && out.unix_path.empty() && out.tls_port < 0) out.port = 0;
    return out;
}

std::optional<SpiceImageCompression> compression_by_name(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, SpiceImageCompression>, 7> table{
        {{"off", SPICE_IMAGE_COMPRESSION_OFF},
         {"auto_glz", SPICE_IMAGE_COMPRESSION_AUTO_GLZ},
         {"auto_lz", SPICE_IMAGE_COMPRESSION_AUTO_LZ},
         {"quic", SPICE_IMAGE_COMPRESSION_QUIC},
         {"glz", SPICE_IMAGE_COMPRESSION_GLZ},
         {"lz", SPICE_IMAGE_COMPRESSION_LZ},
         {"lz4", SPICE_IMAGE_COMPRESSION_LZ4}}};
    for (const auto &[key, value] : table)
        if (key == name) return value;
    return {};
}

std::optional<int> streaming_by_name(std::string_view name) {
    if (name == "off") return SPICE_STREAM_VIDEO_OFF;
    if (name == "all") return SPICE_STREAM_VIDEO_ALL;
    if (name == "filter") return SPICE_STREAM_VIDEO_FILTER;
    return {};
}

std::optional<int> number(std::string_view text, int base) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> out;
    while (true) {
        const auto start = line.find_first_not_of(" \t\r");
        if (start == line.npos) return out;
        line.remove_prefix(start);
        const auto end = std::min(line.find_first_of(" \t\r"), line.size());
        out.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

}
