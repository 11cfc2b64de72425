// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "server.hh"

#include "core-loop.hh"
#include "cursors.hh"

#include <spice/enums.h>

#include <cstring>
#include <ctime>
#include <utility>

namespace spice::testserver {
namespace {

constexpr std::size_t backlog_limit = 64; // a slow client makes the animation drop frames, not queue them

std::string time_of_day() {
    const auto now = std::time(nullptr);
    std::tm parts{};
    char text[16];
    localtime_r(&now, &parts);
    return std::strftime(text, sizeof text, "%H:%M:%S", &parts) ? text : "";
}

}

Screen::Screen(SpiceServer *server, int id, const Options &o)
    : device{server, id, o.width * o.heads, o.height}, desktop{device, o.heads, o.seed + static_cast<uint32_t>(id) * 7,
                                                               id ? o.name + " " + std::to_string(id + 1) : o.name} {}

Server::Server(Options options) : options_{std::move(options)} {}

Server::~Server() {
    set_animated(false);
    for (auto &waiter : waiters_)
        g_source_remove(waiter.timeout);
    tcp_.reset(), unix_.reset();
    agent_.reset();
    inputs_.reset();
    ports_.clear();
    sound_.reset();
    video_.reset();
    screens_.clear();
    if (spice_) spice_server_destroy(spice_);
}

std::string Server::configure() {
    spice_ = spice_server_new();
    // The TLS listener is the server's own, which wants a port that is known beforehand.
    if (options_.tls_port == 0) options_.tls_port = Listener::free_port(options_.address);
    spice_server_set_name(spice_, options_.name.c_str());
    const uint8_t uuid[16] = {0x5b, 0x1c, 0xe0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 1};
    spice_server_set_uuid(spice_, uuid);
    if (options_.password.empty())
        spice_server_set_noauth(spice_);
    else if (spice_server_set_ticket(spice_, options_.password.c_str(), 0, 0, 0) != 0)
        return "the password is refused";
    if (options_.sasl && (spice_server_set_sasl(spice_, 1) != 0 || spice_server_set_sasl_appname(spice_, "spice-test-server") != 0))
        return "SASL is refused";
    spice_server_set_image_compression(spice_, options_.compression);
    spice_server_set_streaming_video(spice_, options_.streaming);
    if (!options_.codecs.empty() && spice_server_set_video_codecs(spice_, options_.codecs.c_str()) != 0)
        return "the video codecs are refused";
    const auto wan = [](bool on) { return on ? SPICE_WAN_COMPRESSION_ALWAYS : SPICE_WAN_COMPRESSION_NEVER; };
    spice_server_set_jpeg_compression(spice_, wan(options_.jpeg));
    spice_server_set_zlib_glz_compression(spice_, wan(options_.zlib_glz));
    if (options_.tls_port >= 0) {
        const auto file = [&](const char *name) { return options_.x509_dir + "/" + name; };
        spice_server_set_addr(spice_, options_.address.c_str(), 0);
        if (spice_server_set_tls(spice_, options_.tls_port, file("ca-cert.pem").c_str(),
                                 file("server-cert.pem").c_str(), file("server-key.pem").c_str(), nullptr, nullptr,
                                 nullptr) != 0)
            return "the certificates are refused";
    }
    auto *core = core_interface([this](int event, const SpiceChannelEventInfo &info) { channel_event(event, info); });
    return spice_server_init(spice_, core) == 0 ? "" : "spice_server_init fails";
}

std::string Server::listen() {
    const auto plain = [this](int fd) {
        if (spice_server_add_client(spice_, fd, 0) != 0) g_warning("a connection was refused");
    };
    const auto failed = [](const std::string &where) {
        return "cannot listen on " + where + ": " + std::strerror(errno);
    };
    if (options_.port && !(tcp_ = Listener::tcp(options_.address, *options_.port, plain)))
        return failed(options_.address + " port " + std::to_string(*options_.port));
    if (!options_.unix_path.empty() && !(unix_ = Listener::unix_socket(options_.unix_path, plain)))
        return failed(options_.unix_path);
    if (!options_.agent_path.empty() && !(agent_ = AgentDevice::listen(spice_, options_.agent_path)))
        return failed(options_.agent_path);
    return {};
}

std::string Server::start() {
    if (auto wrong = configure(); !wrong.empty()) return wrong;
    for (int id = 0; id < options_.displays; ++id) {
        auto &s = screens_.emplace_back(std::make_unique<Screen>(spice_, id, options_));
        s->device.leave_monitors_to_agent(options_.agent_monitors);
        s->device.on_client_monitors([this, raw = s.get()](std::vector<Rect> heads) {
            raw->wanted = heads;
            if (!heads.empty() && heads[0].w >= 16 && heads[0].h >= 16) raw->desktop.resize(heads[0].w, heads[0].h);
            inputs_->set_limits(screens_[0]->device.width(), screens_[0]->device.height());
            check_waiters();
        });
    }
    spice_server_vm_start(spice_);
    for (auto &s : screens_)
        s->desktop.resize(options_.width, options_.height);
    Inputs::Hooks hooks{[this] { inputs_changed(); },
                        [this](const std::string &text) {
                            if (frame_timer_) screens_[0]->desktop.type(text);
                        }};
    inputs_ = std::make_unique<Inputs>(spice_, options_.tablet, std::move(hooks));
    inputs_->set_limits(screens_[0]->device.width(), screens_[0]->device.height());
    if (options_.sound) sound_ = std::make_unique<Sound>(spice_);
    for (const auto &name : options_.ports) ports_.push_back(std::make_unique<PortDevice>(spice_, name));
    show_cursor();
    if (!options_.still) set_animated(true);
    return listen();
}

std::string Server::ready_line() const {
    std::string line = "ready";
    if (tcp_) line += " port=" + std::to_string(tcp_->port());
    if (options_.tls_port > 0) line += " tls-port=" + std::to_string(options_.tls_port);
    if (unix_) line += " unix=" + options_.unix_path;
    return line;
}

void Server::set_animated(bool on) {
    for (auto *timer : {&frame_timer_, &clock_timer_})
        if (*timer) g_source_remove(std::exchange(*timer, 0u));
    if (!on) return;
    const auto call = [](gpointer self) -> gboolean { return static_cast<Server *>(self)->tick(), G_SOURCE_CONTINUE; };
    const auto call_clock = [](gpointer self) -> gboolean {
        return static_cast<Server *>(self)->tick_clock(), G_SOURCE_CONTINUE;
    };
    frame_timer_ = g_timeout_add(options_.fps > 0 ? 1000u / static_cast<unsigned>(options_.fps) : 1000u, call, this);
    clock_timer_ = g_timeout_add_seconds(1, call_clock, this);
    tick_clock();
}

void Server::tick() {
    for (auto &s : screens_) {
        if (s->device.backlog() > backlog_limit) continue;
        if (options_.fps > 0 && channels(SPICE_CHANNEL_DISPLAY) > 0) s->desktop.step();
        if (input_dirty_) s->desktop.show_input(inputs_->state());
    }
    input_dirty_ = false;
}

void Server::tick_clock() {
    for (auto &s : screens_)
        s->desktop.show_time(time_of_day());
}

void Server::inputs_changed() {
    input_dirty_ = true;
    if (frame_timer_) show_cursor();
    if (!inputs_->state().absolute) screens_[0]->device.move_cursor(inputs_->state().x, inputs_->state().y);
    check_waiters();
}

void Server::show_cursor() {
    auto &s = *screens_[0];
    const auto &state = inputs_->state();
    const std::string name = s.desktop.cursor_at(state.x, state.y);
    if (name == s.cursor) return;
    s.cursor = name;
    if (const auto shape = cursor_shape(name)) s.device.set_cursor(*shape, std::max(state.x, 0), std::max(state.y, 0));
}

void Server::channel_event(int event, const SpiceChannelEventInfo &info) {
    if (event == SPICE_CHANNEL_EVENT_INITIALIZED) ++channels_[info.type];
    if (event == SPICE_CHANNEL_EVENT_DISCONNECTED && channels_[info.type] > 0) --channels_[info.type];
    check_waiters();
}

int Server::channels(int type) const {
    const auto it = channels_.find(type);
    return it == channels_.end() ? 0 : it->second;
}

void Server::wait(std::function<bool()> done, unsigned ms, Reply reply) {
    if (done()) return reply("ok");
    auto &waiter = waiters_.emplace_back(Waiter{std::move(done), std::move(reply), 0});
    struct Expiry {
        Server *server;
        Waiter *waiter;
    };
    const auto expire = [](gpointer data) -> gboolean {
        const auto e = *static_cast<Expiry *>(data);
        e.waiter->reply("err timeout");
        e.server->waiters_.remove_if([&](const Waiter &w) { return &w == e.waiter; });
        return G_SOURCE_REMOVE;
    };
    const auto drop = [](gpointer data) { delete static_cast<Expiry *>(data); };
    waiter.timeout = g_timeout_add_full(G_PRIORITY_DEFAULT, ms, expire, new Expiry{this, &waiter}, drop);
}

void Server::check_waiters() {
    std::list<Waiter> done;
    for (auto it = waiters_.begin(); it != waiters_.end();) {
        const auto next = std::next(it);
        if (it->done()) done.splice(done.end(), waiters_, it);
        it = next;
    }
    for (auto &waiter : done) {
        g_source_remove(waiter.timeout);
        waiter.reply("ok");
    }
}

}
