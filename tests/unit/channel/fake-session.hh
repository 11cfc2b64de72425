// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/process.hh"
#include "channel/host.hh"
#include "channel/model.hh"
#include "device/folder-server.hh"

#include <glib.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

// What models need around them, without GObjects: a loop, a session and observers that write down what they are told.
namespace spice::test {

// A main context that the test turns by hand.
class Loop {
public:
    Loop() : context_{g_main_context_new()} {}
    GMainContext *context() const noexcept { return context_.get(); }

    // Turns until `done`; false when that takes longer than any test should.
    bool until(const std::function<bool()> &done) {
        const auto deadline = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
        GSource *tick = g_timeout_source_new(5); // what other threads do wakes nobody
        g_source_set_callback(tick, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
        g_source_attach(tick, context_.get());
        while (!done() && g_get_monotonic_time() < deadline) g_main_context_iteration(context_.get(), TRUE);
        g_source_destroy(tick);
        g_source_unref(tick);
        return done();
    }
    // Only what is ready now.
    void drain() {
        while (g_main_context_iteration(context_.get(), FALSE)) {}
    }

private:
    ContextPtr context_;
};

using Lines = std::vector<std::string>;

inline std::string join(const Lines &lines) {
    std::string out;
    for (const auto &line : lines) out += (out.empty() ? "" : ", ") + line;
    return out;
}

inline std::string event_name(channel::Event event) {
    switch (event) {
    case channel::Event::none: return "none";
    case channel::Event::opened: return "opened";
    case channel::Event::switching: return "switching";
    case channel::Event::closed: return "closed";
    case channel::Event::error_connect: return "error-connect";
    case channel::Event::error_tls: return "error-tls";
    case channel::Event::error_link: return "error-link";
    case channel::Event::error_auth: return "error-auth";
    case channel::Event::error_io: return "error-io";
    }
    return "?";
}

struct FakeHost final : channel::Host {
    channel::AttemptParams params;
    bool application_sockets = false, is_read_only = false, fresh = true;
    std::vector<std::unique_ptr<link::Transport>> left_behind;
    int compression = 0;
    bool gl = true;
    std::shared_ptr<channel::Shared> shared_state = std::make_shared<channel::Shared>();
    std::shared_ptr<channel::DisplayCaches> caches = std::make_shared<channel::DisplayCaches>(1u << 20, 1u << 20);
    Lines news;
    std::function<void()> on_news = [] {};

    // Towards a server on this machine.
    void connect_to(uint16_t port) {
        params.endpoint.host = "127.0.0.1";
        params.endpoint.port = std::to_string(port);
    }

    channel::AttemptParams attempt_params(channel::Type) const override { return params; }
    bool wants_application_sockets() const override { return application_sockets; }
    bool read_only() const override { return is_read_only; }
    const std::shared_ptr<channel::Shared> &shared() const override { return shared_state; }
    const std::shared_ptr<channel::DisplayCaches> &display_caches() const override { return caches; }
    int preferred_compression() const override { return compression; }
    bool gl_scanout() const override { return gl; }
    std::shared_ptr<device::FolderServer> folder = std::make_shared<device::FolderServer>();
    const std::shared_ptr<device::FolderServer> &folder_server() const override { return folder; }
    bool main_initialised(uint32_t session_id, uint32_t ram_hint) override {
        note("init " + std::to_string(session_id) + " " + std::to_string(ram_hint));
        return fresh;
    }
    void migrate_begin(const wire::MigrationTarget &target, std::optional<uint32_t> version) override {
        note("migrate " + target.host + (version ? " " + std::to_string(*version) : ""));
    }
    void migrate_cancel() override { note("stay"); }
    void migrate_end() override { note("gone"); }
    void channel_opened(channel::ChannelKey) override {}
    void channel_moved(channel::ChannelKey, std::unique_ptr<link::Transport> left) override {
        left_behind.push_back(std::move(left));
        note("moved");
    }
    void channel_ended(channel::ChannelKey) override {}
    void switch_host(const wire::MigrationTarget &target) override { note("switch " + target.host); }
    void set_mm_time(uint32_t time) override { note("time " + std::to_string(time)); }
    void set_name(std::string name) override { note("name " + name); }
    void set_uuid(const std::array<uint8_t, 16> &uuid) override { note("uuid " + std::to_string(uuid[15])); }
    void channels_listed(std::vector<std::pair<uint8_t, uint8_t>> list) override {
        std::string line = "channels";
        for (const auto &[type, id] : list) line += " " + std::to_string(type) + ":" + std::to_string(id);
        note(line);
    }

private:
    void note(std::string line) {
        news.push_back(std::move(line));
        on_news();
    }
};

// The part of an observer that all channels share. `Base` is the observer interface of a model.
template <class Base> struct Recorder : Base {
    Lines lines;
    std::function<void(const std::string &)> on_line = [](const std::string &) {};
    std::shared_ptr<int> token = std::make_shared<int>(0);

    void note(std::string line) {
        lines.push_back(line);
        on_line(line);
    }
    // "closed", or "error-auth 7: ..." when the event has a detail.
    void on_channel_event(channel::Event event, const Error *error) override {
        detail = error ? std::optional{*error} : std::nullopt;
        note(event_name(event) + (error ? "+" : ""));
    }
    void on_open_fd(bool with_tls) override { note(with_tls ? "open-fd tls" : "open-fd"); }
    std::shared_ptr<void> keep_alive() override { return token; }

    bool has(const std::string &line, std::size_t times = 1) const {
        std::size_t n = 0;
        for (const auto &l : lines) n += l == line;
        return n >= times;
    }
    std::optional<Error> detail; // of the last channel event

protected:
    ~Recorder() = default;
};

// Compares with "a, b, c"; a macro so that the caller's line is named.
#define assert_lines(lines_, wanted_)                                                                                  \
    do {                                                                                                               \
        const auto got_text = spice::test::join(lines_);                                                               \
        const std::string wanted_text = wanted_;                                                                       \
        g_assert_cmpstr(got_text.c_str(), ==, wanted_text.c_str());                                                    \
    } while (false)

// Waits until every thread but those of the decode pool has ended.
inline bool threads_gone(Loop &loop, int workers = 0) {
    return loop.until([workers] { return process::thread_count() <= workers; });
}

}
