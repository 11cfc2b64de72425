// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "device/card-backend.hh"

#include "base/log.hh"
#include "base/process.hh"

#include <libcacard.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace spice::device {

namespace {

constexpr std::size_t software_certificates = 3;
constexpr std::size_t max_answer_to_reset = 40, max_response = 270;

// The options of libcacard are a text in which some characters have a meaning.
bool fits_into_options(const std::string &text) { return text.find_first_of(",()\"") == std::string::npos; }

std::string options_of(const CardSetup &setup) {
    std::string text;
    if (!setup.database.empty() && fits_into_options(setup.database)) text = "db=\"" + setup.database + "\" ";
    if (setup.certificates.size() != software_certificates) return text;
    if (!std::all_of(setup.certificates.begin(), setup.certificates.end(), fits_into_options)) {
        log::warn("the names of the smartcard's certificates are not valid");
        return text;
    }
    text += std::string{"use_hw=no soft=(,"} + CardBackend::software_name + ",CAC,";
    for (const auto &name : setup.certificates) text += "," + name;
    return text + ")";
}

CardEvent::Kind kind_of(VEventType type) {
    switch (type) {
    case VEVENT_READER_INSERT: return CardEvent::Kind::reader_added;
    case VEVENT_READER_REMOVE: return CardEvent::Kind::reader_removed;
    case VEVENT_CARD_INSERT: return CardEvent::Kind::card_inserted;
    default: return CardEvent::Kind::card_removed;
    }
}

unsigned char *plain(std::vector<std::byte> &bytes) { return reinterpret_cast<unsigned char *>(bytes.data()); }

}

CardReader share_reader(VReader *reader) {
    return {reader ? vreader_reference(reader) : nullptr, [](VReader *r) {
                if (r) vreader_free(r);
            }};
}

CardBackend &CardBackend::get() {
    static auto *backend = new CardBackend;
    return *backend;
}

void CardBackend::start(const CardSetup &setup) {
    {
        std::lock_guard lock{mutex_};
        if (std::exchange(started_, true)) return;
    }
    // The thread sits in libcacard: an event of no kind wakes it.
    const bool runs = process::start_thread(
        "spice-cards", 0, [this, setup] { run(setup); },
        [] { vevent_queue_vevent(vevent_new(VEVENT_LAST, nullptr, nullptr)); });
    if (!runs) log::warn("no thread can be started for smartcards");
}

void CardBackend::run(const CardSetup &setup) {
    auto *options = vcard_emul_options(options_of(setup).c_str());
    const auto result = vcard_emul_init(options);
    if (result != VCARD_EMUL_OK && result != VCARD_EMUL_INIT_ALREADY_INITED) {
        log::warn("smartcards cannot be used: their certificates cannot be opened");
        return;
    }
    while (!process::stopping()) {
        auto *event = vevent_wait_next_vevent();
        if (!event) continue;
        if (event->type < VEVENT_LAST && event->reader) take({kind_of(event->type), share_reader(event->reader)});
        vevent_delete(event);
    }
}

void CardBackend::take(const CardEvent &event) {
    std::lock_guard lock{mutex_};
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known &k) { return k.reader == event.reader; });
    const bool known = found != known_.end();
    switch (event.kind) {
    case CardEvent::Kind::reader_added:
        if (known) return;
        known_.push_back({event.reader, false});
        break;
    case CardEvent::Kind::reader_removed:
        if (!known) return;
        known_.erase(found);
        break;
    case CardEvent::Kind::card_inserted:
    case CardEvent::Kind::card_removed:
        if (!known) return;
        found->card = event.kind == CardEvent::Kind::card_inserted;
        break;
    }
    std::erase_if(listeners_, [&](const auto &weak) {
        const auto listener = weak.lock();
        if (listener) listener->card_event(event);
        return !listener;
    });
}

void CardBackend::listen(const std::shared_ptr<Listener> &listener) {
    std::lock_guard lock{mutex_};
    listeners_.push_back(listener);
    for (const auto &known : known_) {
        listener->card_event({CardEvent::Kind::reader_added, known.reader});
        if (known.card) listener->card_event({CardEvent::Kind::card_inserted, known.reader});
    }
}

std::vector<CardReader> CardBackend::readers() const {
    std::lock_guard lock{mutex_};
    std::vector<CardReader> list;
    for (const auto &known : known_) list.push_back(known.reader);
    return list;
}

CardReader CardBackend::software_reader() const {
    for (const auto &reader : readers())
        if (is_software_reader(reader.get())) return reader;
    return nullptr;
}

bool is_software_reader(VReader *reader) {
    const char *name = vreader_get_name(reader);
    return name && std::strcmp(name, CardBackend::software_name) == 0;
}

bool insert_software_card(VReader *reader) { return vcard_emul_force_card_insert(reader) == VCARD_EMUL_OK; }
bool remove_software_card(VReader *reader) { return vcard_emul_force_card_remove(reader) == VCARD_EMUL_OK; }

std::vector<std::byte> card_answer_to_reset(VReader *reader) {
    std::vector<std::byte> atr(max_answer_to_reset);
    int size = static_cast<int>(atr.size());
    if (vreader_power_on(reader, plain(atr), &size) != VREADER_OK || size < 0) size = 0;
    atr.resize(std::min(atr.size(), static_cast<std::size_t>(size)));
    return atr;
}

bool card_command(VReader *reader, std::vector<std::byte> command, std::vector<std::byte> &response) {
    response.resize(max_response);
    int size = static_cast<int>(response.size());
    const auto status = vreader_xfr_bytes(reader, plain(command), static_cast<int>(command.size()), plain(response), &size);
    response.resize(status == VREADER_OK && size > 0 ? std::min(response.size(), static_cast<std::size_t>(size)) : 0);
    return status == VREADER_OK;
}

}
