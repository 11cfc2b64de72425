// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct VReaderStruct;

namespace spice::device {

// What the card readers are made of. Three certificates make a software reader instead of the ones of this machine.
struct CardSetup {
    std::vector<std::string> certificates;
    std::string database; // where they are; empty for the system's
};

using CardReader = std::shared_ptr<VReaderStruct>;
CardReader share_reader(VReaderStruct *reader); // takes a reference of its own

struct CardEvent {
    enum class Kind { reader_added, reader_removed, card_inserted, card_removed };
    Kind kind = Kind::reader_added;
    CardReader reader;
    std::size_t cost() const noexcept { return sizeof *this; }
};

// The smartcard readers of the process: libcacard with a thread that waits for what happens to them. Made at first
// use, never destroyed, thread-safe.
class CardBackend {
public:
    struct Listener {
        virtual void card_event(const CardEvent &event) = 0; // any thread; must return at once

    protected:
        ~Listener() = default;
    };

    static constexpr const char *software_name = "Spice Software Smartcard";

    static CardBackend &get();

    // Starts it, with the setup of the first who asks: there is one backend for all sessions.
    void start(const CardSetup &setup);
    // Tells of the readers and cards that are there, then of all changes, until the listener is dropped.
    void listen(const std::shared_ptr<Listener> &listener);
    std::vector<CardReader> readers() const;
    CardReader software_reader() const; // null when there is none

    CardBackend(const CardBackend &) = delete;
    CardBackend &operator=(const CardBackend &) = delete;

private:
    struct Known {
        CardReader reader;
        bool card = false;
    };
    CardBackend() = default;
    void run(const CardSetup &setup);
    void take(const CardEvent &event);

    mutable std::mutex mutex_;
    // Guarded by mutex_.
    bool started_ = false;
    std::vector<Known> known_;
    std::vector<std::weak_ptr<Listener>> listeners_;
};

bool is_software_reader(VReaderStruct *reader);
bool insert_software_card(VReaderStruct *reader);
bool remove_software_card(VReaderStruct *reader);

// Powers the card on and gives its answer to reset; empty without a card.
std::vector<std::byte> card_answer_to_reset(VReaderStruct *reader);
// Lets the card work on a command; may take long. False: the card is gone.
bool card_command(VReaderStruct *reader, std::vector<std::byte> command, std::vector<std::byte> &response);

}
