// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "channel/outbox-engine.hh"
#include "device/usb-redirector.hh"
#include "wire/messages-vmc.hh"

#include <atomic>
#include <mutex>

namespace spice::channel {

struct UsbAttached {
    uint64_t token = 0;
    std::optional<Error> error;
};
struct UsbDetached {
    uint64_t token = 0;
};
struct UsbFailed { // the device is detached already; the code is a device::UsbFault
    Error error;
};
struct UsbGuestFilter {
    std::optional<device::UsbFilter> filter; // none: everything is welcome
};
using UsbredirPayload = std::variant<UsbAttached, UsbDetached, UsbFailed, UsbGuestFilter>;
using UsbredirEvent = ChannelEvent<UsbredirPayload>;

// A USB redirection channel on its thread: carries the usbredir stream, and opens and closes the device.
class UsbredirEngine final : public OutboxEngine<UsbredirPayload>, private device::UsbRedirector::Peer {
public:
    // A silent one says nothing, not even its greeting: for sessions that are read-only.
    UsbredirEngine(EngineSetup setup, bool silent) : OutboxEngine{std::move(setup)}, silent_{silent} {}

    // From the main context. UsbAttached and UsbDetached answer.
    void attach_device(uint64_t token, std::shared_ptr<const device::UsbDevice> device);
    void detach_device(uint64_t token);
    void set_silent(bool silent);

private:
    // What waits for the socket before more is taken from the device, and before more is asked of it.
    static constexpr std::size_t output_room = 1u << 20, output_limit = 4u << 20;

    struct Command {
        uint64_t token = 0;
        std::shared_ptr<const device::UsbDevice> device; // null: detach
    };

    void linked() override;
    void moved() override;
    void ended() override { redirector_.reset(); }
    Status handle(const Message &message) override;
    bool holds_back() const override { return queued_bytes() > output_limit; }
    void tick() override;

    bool take_output(std::span<const std::byte> data) override;
    void output_waits() noexcept override { wake(); }
    std::size_t queued_output() const noexcept override { return queued_bytes(); }

    void greet();
    void run(Command &command);
    Status input(std::span<const std::byte> data);

    std::atomic<bool> silent_;
    std::mutex mutex_;
    std::vector<Command> commands_; // guarded by mutex_

    // Engine thread.
    std::unique_ptr<device::UsbRedirector> redirector_; // none while silent
    bool compress_ = false;
};

}
