// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/agent.hh"

#include "base/log.hh"

namespace spice::agent {

namespace {

constexpr unsigned fault_unknown = 61, fault_too_large = 60;

}

Agent::Agent(Port &port, Observer &observer, GMainContext *context)
    : peer_{port}, observer_{observer}, context_{context}, clipboard_{peer_, observer, context}, files_{peer_, context} {}

void Agent::came() {
    if (peer_.connected()) gone(); // it has started anew, and nobody said that it ended
    peer_.set_connected(true);
    greeted_ = false;
    peer_.start();
}

void Agent::gone() {
    const auto keep = peer_.keep_alive();
    peer_.set_connected(false);
    monitors_task_.cancel();
    sizes_task_.cancel();
    sizes_ = Sizes::with;
    plain_unanswered_ = 0;
    files_.reset("The guest's agent has ended, and the transfer with it");
    clipboard_.reset();
}

void Agent::message(const Incoming &incoming) {
    if (!connected()) return;
    if (incoming.cut && incoming.type != VD_AGENT_CLIPBOARD)
        return peer_.warn_once(fault_too_large, "one of its messages is too large and is left out");
    switch (incoming.type) {
    case VD_AGENT_ANNOUNCE_CAPABILITIES: return handle_caps(incoming);
    case VD_AGENT_CLIPBOARD:
    case VD_AGENT_CLIPBOARD_GRAB:
    case VD_AGENT_CLIPBOARD_REQUEST:
    case VD_AGENT_CLIPBOARD_RELEASE: return clipboard_.handle(incoming);
    case VD_AGENT_FILE_XFER_STATUS: return files_.handle_status(incoming);
    case VD_AGENT_REPLY: return handle_reply(incoming);
    default: peer_.warn_once(fault_unknown, "it says things that are unknown here");
    }
}

void Agent::left(uint64_t mark) {
    // From here on: what waits for credit from the guest cannot be answered.
    if (mark == monitors_mark_ && (sizes_ == Sizes::asked_with || sizes_ == Sizes::asked_without))
        return sizes_task_.schedule(context_, reply_ms, [this] {
            const auto keep = peer_.keep_alive();
            sizes_unanswered();
        });
    if (!clipboard_.left(mark)) files_.left(mark);
}

void Agent::handle_caps(const Incoming &incoming) {
    wire::AgentAnnounceCapabilities announce;
    if (!parse(peer_, incoming, announce)) return;
    peer_.set_caps(wire::Capabilities{words_of(announce.caps)});
    const auto life = peer_.life();
    observer_.on_agent_caps();
    if (peer_.life() != life) return; // a handler has ended it all
    schedule_monitors(0);
    if (announce.request != 0) peer_.announce_caps(false);
    if (std::exchange(greeted_, true)) return;
    send_display_config();
    for (const bool playback : {true, false}) sync_volume(playback);
    clipboard_.announce_limit();
}

void Agent::send_display_config() {
    if (!has(VD_AGENT_CAP_DISPLAY_CONFIG)) return;
    const auto wishes = peer_.preferences();
    wire::AgentDisplayConfig config;
    if (wishes.disable_wallpaper) config.flags |= VD_AGENT_DISPLAY_CONFIG_FLAG_DISABLE_WALLPAPER;
    if (wishes.disable_font_smooth) config.flags |= VD_AGENT_DISPLAY_CONFIG_FLAG_DISABLE_FONT_SMOOTH;
    if (wishes.disable_animation) config.flags |= VD_AGENT_DISPLAY_CONFIG_FLAG_DISABLE_ANIMATION;
    peer_.send(config);
}

void Agent::sync_volume(bool playback) {
    if (!volume_ || !has(VD_AGENT_CAP_AUDIO_VOLUME_SYNC)) return;
    // The answer may come when this agent, or everything here, has gone.
    const std::weak_ptr<void> alive = peer_.alive();
    volume_->ask_volume(playback, [this, alive, life = peer_.life(), playback](const Volume &volume) {
        if (alive.expired() || peer_.life() != life || volume.channels.empty() || volume.channels.size() > UINT8_MAX) return;
        wire::AgentAudioVolumeSync sync;
        sync.is_playback = playback ? 1 : 0;
        sync.mute = volume.mute ? 1 : 0;
        sync.volume = volume.channels;
        peer_.send(sync);
    });
}

void Agent::max_clipboard_changed() {
    if (connected() && greeted_) clipboard_.announce_limit();
}

void Agent::may_send_changed() {
    if (connected()) peer_.start();
}

void Agent::place_monitor(unsigned slot, int x, int y, int width, int height, bool send) {
    monitors_changed(monitors_.place(slot, x, y, width, height), send);
}

void Agent::measure_monitor(unsigned slot, int width_mm, int height_mm, bool send) {
    monitors_changed(monitors_.measure(slot, width_mm, height_mm), send);
}

void Agent::enable_monitor(int slot, bool enabled, bool send) {
    bool changed = false;
    for (unsigned i = 0; i < Monitors::slots; ++i)
        if (slot < 0 || static_cast<unsigned>(slot) == i) changed = monitors_.enable(i, enabled) || changed;
    monitors_changed(changed, send);
}

void Agent::monitors_changed(bool changed, bool send) {
    if (changed && send) schedule_monitors(settle_ms);
}

void Agent::schedule_monitors(unsigned delay_ms) {
    monitors_task_.schedule(context_, delay_ms, [this] {
        const auto keep = peer_.keep_alive();
        send_monitors_if_complete();
    });
}

// Without holes an agent would take what is left out for switched off.
void Agent::send_monitors_if_complete() {
    if (!connected() || !monitors_.any_size()) return;
    if (!has(VD_AGENT_CAP_SPARSE_MONITORS_CONFIG) && monitors_.undecided(displays_)) return;
    send_monitors();
}

bool Agent::send_monitors() {
    if (!connected()) return false;
    monitors_task_.cancel();
    const bool sizes = sizes_ != Sizes::asked_without && sizes_ != Sizes::without;
    const auto config = monitors_.config(peer_.preferences(), has(VD_AGENT_CAP_SPARSE_MONITORS_CONFIG), sizes);
    monitors_mark_ = peer_.new_mark();
    if (!peer_.send(message_of(config), monitors_mark_)) return false;
    if (config.sizes.empty()) ++plain_unanswered_;
    if (sizes_ == Sizes::with || sizes_ == Sizes::asked_with)
        sizes_ = !config.sizes.empty() && has(VD_AGENT_CAP_REPLY) ? Sizes::asked_with : Sizes::with;
    sizes_task_.cancel();
    return true;
}

void Agent::handle_reply(const Incoming &incoming) {
    wire::AgentReply reply;
    if (!parse(peer_, incoming, reply)) return;
    SPICE_LOG_DEBUG("agent: answer to %u: %u", reply.type, reply.error);
    if (reply.type != VD_AGENT_MONITORS_CONFIG) return;
    // Every agent answers those without sizes, and in order: until that is done, an answer is not for one with sizes.
    const bool plain = plain_unanswered_ > 0;
    if (plain) --plain_unanswered_;
    if (sizes_ == Sizes::asked_with && !plain) {
        if (reply.error != VD_AGENT_SUCCESS) return sizes_unanswered();
        sizes_ = Sizes::settled_with;
    } else if (plain && (sizes_ == Sizes::asked_without || sizes_ == Sizes::settled_with)) {
        sizes_ = Sizes::without; // though it may come late: one with sizes is still to be answered
    } else {
        return;
    }
    sizes_task_.cancel();
}

// An agent up to 0.22.1 drops a configuration with sizes, and says nothing. When it says nothing without them either,
// it never gets to see one: the server gives them to the display device, which wants the sizes.
void Agent::sizes_unanswered() {
    sizes_ = sizes_ == Sizes::asked_with ? Sizes::asked_without : Sizes::settled_with;
    send_monitors();
}

}
