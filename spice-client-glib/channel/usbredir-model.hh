// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/outbox.hh"
#include "channel/model.hh"
#include "channel/usbredir-engine.hh"

#include <functional>
#include <map>

namespace spice::channel {

// A USB redirection channel: at most one device, and how it comes and goes. Bound to the main context.
class UsbredirModel final : public Model, private Outbox<UsbredirEvent>::Sink {
public:
    using Device = std::shared_ptr<const device::UsbDevice>;
    using Done = std::function<void(const Error *)>; // null: done

    struct Observer : Model::Observer {
        // The device was taken from the channel; the error's code is a device::UsbFault.
        virtual void on_usb_error(const Device &device, const Error &error) = 0;
        virtual void on_usb_ready() = 0; // a device can be attached

    protected:
        ~Observer() = default;
    };

    UsbredirModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~UsbredirModel() override;

    // The device that is attached, or being attached or detached.
    const Device &device() const noexcept { return device_; }
    // Rules of the guest; empty when it has sent none.
    const std::optional<device::UsbFilter> &guest_filter() const noexcept { return guest_filter_; }

    // Only while there is no device. A channel that is still connecting attaches it when it is open. `done` is called
    // from the loop, also when the channel ends first.
    void attach(Device device, Done done);
    // `done` is called from the loop; without a device at once in the next turn.
    void detach(Done done);

    void read_only_changed() override;

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    void on_opened() override;
    void on_reset() override;
    void drop_outbox() override;

    bool deliver(UsbredirEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}
    void finish(uint64_t token, const Error *error);
    void fail_all();
    UsbredirEngine *usb_engine() const noexcept { return static_cast<UsbredirEngine *>(engine().get()); }

    Observer &observer_;
    std::shared_ptr<Outbox<UsbredirEvent>> outbox_;
    Device device_;
    bool waiting_ = false; // for the channel to open
    std::optional<device::UsbFilter> guest_filter_;
    uint64_t next_token_ = 1, attach_token_ = 0;
    std::map<uint64_t, Done> calls_;
    std::vector<Done> failed_, idle_; // to be told from the loop
    MainTask fail_task_, idle_task_;
};

}
