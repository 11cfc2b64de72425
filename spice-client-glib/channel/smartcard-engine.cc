// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/smartcard-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"
#include "wire/writer.hh"

#include <libcacard.h>

#include <algorithm>

namespace spice::channel {

using wire::VscType;

void SmartcardEngine::News::card_event(const device::CardEvent &event) {
    {
        std::lock_guard lock{mutex_};
        events_.push_back(event);
    }
    if (auto engine = engine_.lock()) engine->wake();
}

std::vector<device::CardEvent> SmartcardEngine::News::take() {
    std::lock_guard lock{mutex_};
    return std::exchange(events_, {});
}

void SmartcardEngine::set_silent(bool silent) {
    silent_ = silent;
    wake();
}

void SmartcardEngine::listen() {
    if (news_ || silent_) return;
    news_ = std::make_shared<News>(weak_from_this());
    auto &backend = device::CardBackend::get();
    backend.start(cards_);
    backend.listen(news_);
}

void SmartcardEngine::tick() {
    listen();
    if (!news_ || silent_) return;
    for (const auto &event : news_->take()) card_event(event);
    send_next();
}

SmartcardEngine::Reader *SmartcardEngine::find(const device::CardReader &reader) {
    const auto found =
        std::find_if(readers_.begin(), readers_.end(), [&](const Reader &r) { return r.card_reader == reader; });
    return found == readers_.end() ? nullptr : &*found;
}

void SmartcardEngine::card_event(const device::CardEvent &event) {
    using Kind = device::CardEvent::Kind;
    auto *reader = find(event.reader);
    if (event.kind == Kind::reader_added) {
        if (reader) return;
        readers_.push_back({event.reader});
        return request(VscType::reader_add, event.reader);
    }
    if (!reader || reader->refused) return;
    const bool known = reader->id != wire::undefined_reader;
    switch (event.kind) {
    case Kind::reader_removed:
        reader->leaving = true;
        if (known) request(VscType::reader_remove, event.reader);
        break;
    case Kind::card_inserted:
    case Kind::card_removed:
        reader->card = event.kind == Kind::card_inserted;
        // Before the server knows the reader, only what is true in the end matters.
        if (known) request(reader->card ? VscType::atr : VscType::card_remove, event.reader);
        break;
    case Kind::reader_added: break;
    }
}

void SmartcardEngine::request(VscType type, const device::CardReader &reader) { requests_.push_back({type, reader}); }

// One request at a time; the server's error message, which may say success, lets the next go (spec/channels.md §10).
void SmartcardEngine::send_next() {
    while (!in_flight_ && !requests_.empty()) {
        const auto &[type, card_reader] = requests_.front();
        auto *reader = find(card_reader);
        std::vector<std::byte> data;
        bool wanted = reader != nullptr;
        if (wanted && type == VscType::reader_add) {
            const auto *name = vreader_get_name(card_reader.get());
            const auto bytes = std::as_bytes(std::span{name, name ? std::char_traits<char>::length(name) : 0});
            data.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(bytes.size(), wire::max_vsc_data)));
        } else if (wanted && type == VscType::atr) {
            data = device::card_answer_to_reset(card_reader.get());
            wanted = !data.empty(); // the card has gone meanwhile
        }
        if (!wanted) {
            requests_.pop_front();
            continue;
        }
        in_flight_ = true;
        write(type, reader->id, data);
    }
}

void SmartcardEngine::answered(uint32_t reader_id, uint32_t code) {
    if (!in_flight_) return; // about something that was not asked
    in_flight_ = false;
    const auto done = requests_.front();
    requests_.pop_front();
    auto *reader = find(done.reader);
    if (!reader) return;
    if (done.type == VscType::reader_remove) {
        std::erase_if(readers_, [&](const Reader &r) { return r.card_reader == done.reader; });
    } else if (done.type == VscType::reader_add && code != 0) {
        reader->refused = true;
        warn_once(0, "the server has no room for another smartcard reader");
    } else if (done.type == VscType::reader_add) {
        reader->id = reader_id;
        if (reader->leaving) requests_.push_front({VscType::reader_remove, done.reader});
        else if (reader->card) requests_.push_front({VscType::atr, done.reader});
    }
}

Status SmartcardEngine::command(uint32_t reader_id, wire::Bytes apdu) {
    const auto reader =
        std::find_if(readers_.begin(), readers_.end(), [&](const Reader &r) { return r.id == reader_id; });
    if (reader_id == wire::undefined_reader || reader == readers_.end())
        return Error{Error::Kind::protocol, "a command for a smartcard reader that does not exist"};
    std::vector<std::byte> response;
    if (device::card_command(reader->card_reader.get(), {apdu.begin(), apdu.end()}, response))
        write(VscType::apdu, reader_id, response);
    else
        write(VscType::error, reader_id, wire::serialize(wire::VscError{VSC_GENERAL_ERROR}));
    return success();
}

Status SmartcardEngine::handle(const Message &message) {
    if (message.type != wire::VscMessage::message_id) {
        SPICE_LOG_DEBUG("smartcard: message %u ignored", message.type);
        return success();
    }
    auto vsc = wire::parse<wire::VscMessage>(message.body);
    if (!vsc) return std::move(vsc.error());
    switch (vsc->type) {
    case VscType::error: { // about a request of before, also while nothing may be sent
        auto error = wire::parse<wire::VscError>(vsc->data);
        if (!error) return std::move(error.error());
        answered(vsc->reader_id, error->code);
        if (!silent_) send_next();
        return success();
    }
    case VscType::init: // some servers call commands so
    case VscType::apdu: return silent_ ? success() : command(vsc->reader_id, vsc->data);
    default: SPICE_LOG_DEBUG("smartcard: %u ignored", static_cast<unsigned>(vsc->type)); return success();
    }
}

void SmartcardEngine::write(VscType type, uint32_t reader_id, wire::Bytes data) {
    wire::ClientVscMessage message;
    message.type = type;
    message.reader_id = reader_id;
    message.data = data;
    queue(wire::ClientVscMessage::message_id, wire::serialize(message));
}

}
