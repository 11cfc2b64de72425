// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "agent/clipboard.hh"

#include "base/log.hh"

#include <algorithm>
#include <limits>
#include <utility>

namespace spice::agent {

namespace {

constexpr uint64_t other_messages = 100u << 20;
constexpr std::size_t max_content = std::numeric_limits<uint32_t>::max() - 64; // sizes on the wire have 32 bits

constexpr unsigned fault_slow = 59;

bool known_type(uint32_t type) noexcept {
    return type >= VD_AGENT_CLIPBOARD_UTF8_TEXT && type <= VD_AGENT_CLIPBOARD_FILE_LIST;
}

}

uint64_t message_limit(int max_clipboard) noexcept {
    if (max_clipboard < 0) return std::numeric_limits<uint32_t>::max();
    return other_messages + static_cast<uint64_t>(max_clipboard);
}

bool Clipboard::usable(unsigned selection) const {
    if (!peer_.has(VD_AGENT_CAP_CLIPBOARD_BY_DEMAND) || selection >= selections) return false;
    return selection == 0 || peer_.has(VD_AGENT_CAP_CLIPBOARD_SELECTION);
}

void Clipboard::prepare(wire::AgentSelection &selection, bool &with_selection, unsigned number) const {
    with_selection = peer_.has(VD_AGENT_CAP_CLIPBOARD_SELECTION);
    selection.number = static_cast<uint8_t>(number);
}

void Clipboard::grab(unsigned selection, std::span<const uint32_t> types) {
    if (!usable(selection) || types.empty()) return;
    auto &own = all_[selection];
    wire::AgentClipboardGrab grab;
    prepare(grab.selection, grab.with_selection, selection);
    grab.with_serial = peer_.has(VD_AGENT_CAP_CLIPBOARD_GRAB_SERIAL);
    grab.serial = own.serial;
    std::vector<uint32_t> once;
    for (const auto type : types)
        if (std::find(once.begin(), once.end(), type) == once.end()) once.push_back(type);
    std::vector<std::byte> raw;
    wire::Writer writer{raw};
    for (const auto type : once) writer.scalar(type);
    grab.types = raw;
    if (!peer_.send(grab)) return;
    if (grab.with_serial) ++own.serial;
    own.ours = true;
    own.guests = false;
    own.release.cancel();
}

void Clipboard::release(unsigned selection) {
    if (!usable(selection)) return;
    wire::AgentClipboardRelease release;
    prepare(release.selection, release.with_selection, selection);
    all_[selection].ours = false;
    peer_.send(release);
}

void Clipboard::request(unsigned selection, uint32_t type) {
    if (!usable(selection)) return;
    wire::AgentClipboardRequest request;
    prepare(request.selection, request.with_selection, selection);
    request.type = type;
    peer_.send(request);
}

// One line for each content, however often the guest asks for it.
bool Clipboard::too_large(std::size_t size) {
    const auto limit = peer_.preferences().max_clipboard;
    const bool told = std::exchange(last_refused_, size) == size;
    if (size > max_content) {
        if (!told) log::warn("the clipboard holds %zu bytes, more than can be sent: the guest gets nothing", size);
        return true;
    }
    if (limit >= 0 && size >= static_cast<uint64_t>(limit)) {
        if (!told)
            log::warn("the clipboard holds %zu bytes, and %d are the limit (max-clipboard): the guest gets nothing", size,
                      limit);
        return true;
    }
    last_refused_ = 0;
    // What waits already counts: a guest that asks again and again must not fill our memory.
    if (limit < 0 || under_way_.empty() || bytes_under_way_ + size < static_cast<uint64_t>(limit)) return false;
    peer_.warn_once(fault_slow, "it does not take the clipboard's content that it asks for: it gets nothing new");
    return true;
}

void Clipboard::refuse(unsigned selection, uint32_t type) {
    wire::AgentClipboard answer;
    prepare(answer.selection, answer.with_selection, selection);
    answer.type = type;
    peer_.send(answer);
}

void Clipboard::data(unsigned selection, uint32_t type, wire::Bytes content) {
    if (!usable(selection)) return;
    ++all_[selection].answers;
    if (too_large(content.size())) return refuse(selection, VD_AGENT_CLIPBOARD_NONE);
    wire::AgentClipboard head;
    prepare(head.selection, head.with_selection, selection);
    head.type = type;
    const auto fields = wire::serialize(head);
    auto message = with_header(VD_AGENT_CLIPBOARD, fields.size() + content.size());
    message.insert(message.end(), fields.begin(), fields.end());
    message.insert(message.end(), content.begin(), content.end());
    const auto mark = peer_.new_mark();
    if (!peer_.send(std::move(message), mark)) return;
    under_way_.push_back({mark, content.size()});
    bytes_under_way_ += content.size();
}

bool Clipboard::left(uint64_t mark) {
    const auto found = std::find_if(under_way_.begin(), under_way_.end(), [=](const Content &c) { return c.mark == mark; });
    if (found == under_way_.end()) return false;
    bytes_under_way_ -= found->bytes;
    under_way_.erase(found);
    return true;
}

void Clipboard::announce_limit() {
    if (peer_.has(VD_AGENT_CAP_MAX_CLIPBOARD)) peer_.send(wire::AgentMaxClipboard{peer_.preferences().max_clipboard});
}

void Clipboard::handle(const Incoming &incoming) {
    switch (incoming.type) {
    case VD_AGENT_CLIPBOARD_GRAB: return handle_grab(incoming);
    case VD_AGENT_CLIPBOARD_REQUEST: return handle_request(incoming);
    case VD_AGENT_CLIPBOARD_RELEASE: return handle_release(incoming);
    default: return handle_data(incoming);
    }
}

Clipboard::Selection *Clipboard::from_guest(const wire::AgentSelection &selection) {
    if (selection.number < selections) return &all_[selection.number];
    peer_.warn_once(VD_AGENT_CLIPBOARD, "it speaks of a selection that does not exist");
    return nullptr;
}

void Clipboard::handle_grab(const Incoming &incoming) {
    wire::AgentClipboardGrab grab;
    prepare(grab.selection, grab.with_selection, 0);
    grab.with_serial = peer_.has(VD_AGENT_CAP_CLIPBOARD_GRAB_SERIAL);
    if (!parse(peer_, incoming, grab)) return;
    auto *selection = from_guest(grab.selection);
    if (!selection) return;
    // Both sides have grabbed at the same time: ours counts, the guest's is from before.
    if (grab.with_serial && grab.serial != selection->serial) {
        SPICE_LOG_DEBUG("agent: grab %u ignored, %u is next", grab.serial, selection->serial);
        return;
    }
    if (grab.with_serial) ++selection->serial;
    std::vector<uint32_t> types;
    for (const auto type : words_of(grab.types))
        if (known_type(type) && std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
    selection->ours = false; // the guest has replaced it, whatever by
    selection->release.cancel();
    if (types.empty()) return;
    selection->guests = true;
    observer_.on_clipboard_grab(grab.selection.number, types);
}

// Somebody in the guest waits for the answer: without an owner on this side it comes at once.
void Clipboard::handle_request(const Incoming &incoming) {
    wire::AgentClipboardRequest request;
    prepare(request.selection, request.with_selection, 0);
    if (!parse(peer_, incoming, request)) return;
    auto *selection = from_guest(request.selection);
    if (!selection) return;
    const auto before = selection->answers, life = peer_.life();
    observer_.on_clipboard_request(request.selection.number, request.type);
    if (peer_.life() == life && !selection->ours && selection->answers == before)
        refuse(request.selection.number, VD_AGENT_CLIPBOARD_NONE);
}

void Clipboard::handle_data(const Incoming &incoming) {
    wire::AgentClipboard content;
    prepare(content.selection, content.with_selection, 0);
    if (!parse(peer_, incoming, content) || !from_guest(content.selection)) return;
    if (incoming.cut) {
        log::warn("the guest's clipboard holds more than is allowed (max-clipboard): nothing of it is taken");
        content.data = {}; // whoever asked for it gets an answer
    }
    observer_.on_clipboard_data(content.selection.number, content.type, content.data);
}

void Clipboard::handle_release(const Incoming &incoming) {
    wire::AgentClipboardRelease release;
    prepare(release.selection, release.with_selection, 0);
    // spice-vdagentd 0.22.1 leaves the reserved bytes out when it speaks for a session agent that has died.
    if (release.with_selection && incoming.body.size() == 1) release.selection.number = std::to_integer<uint8_t>(incoming.body[0]);
    else if (!parse(peer_, incoming, release)) return;
    auto *selection = from_guest(release.selection);
    if (!selection) return;
    const unsigned number = release.selection.number;
    if (peer_.has(VD_AGENT_CAP_CLIPBOARD_NO_RELEASE_ON_REGRAB)) return released(number);
    selection->release.schedule(context_, release_delay_ms, [this, number] {
        const auto keep = peer_.keep_alive();
        released(number);
    });
}

void Clipboard::released(unsigned number) {
    all_[number].release.cancel();
    all_[number].guests = false;
    observer_.on_clipboard_release(number);
}

void Clipboard::reset() {
    std::array<bool, selections> lost{};
    for (unsigned i = 0; i < selections; ++i) {
        lost[i] = all_[i].guests;
        all_[i].ours = all_[i].guests = false;
        all_[i].serial = 0;
        all_[i].release.cancel();
    }
    under_way_.clear();
    bytes_under_way_ = 0;
    const auto life = peer_.life();
    for (unsigned i = 0; i < selections && peer_.life() == life; ++i)
        if (lost[i]) observer_.on_clipboard_release(i);
}

}
