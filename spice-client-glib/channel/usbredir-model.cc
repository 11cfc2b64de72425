// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/usbredir-model.hh"

#include "codec/lz4-block.hh"

#include <spice/protocol.h>

namespace spice::channel {

UsbredirModel::UsbredirModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::usbredir, id}, observer_{observer} {}

UsbredirModel::~UsbredirModel() { drop_outbox(); }

void UsbredirModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> UsbredirModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    if (codec::have_lz4_blocks())
        announce_capability(setup.channel_caps, SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4, "SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4");
    auto engine = std::make_shared<UsbredirEngine>(std::move(setup), host()->read_only());
    outbox_ = make_outbox(*engine, context(), static_cast<Outbox<UsbredirEvent>::Sink &>(*this));
    return engine;
}

void UsbredirModel::attach(Device device, Done done) {
    device_ = std::move(device);
    attach_token_ = next_token_++;
    calls_[attach_token_] = std::move(done);
    if (state() == State::ready) {
        usb_engine()->attach_device(attach_token_, device_);
    } else if (state() == State::connecting || state() == State::migrating) {
        waiting_ = true;
    } else {
        fail_all();
    }
}

void UsbredirModel::detach(Done done) {
    if (state() == State::ready && device_) {
        calls_[next_token_] = std::move(done);
        usb_engine()->detach_device(next_token_++);
        return;
    }
    if (device_) fail_all(); // it was never opened
    idle_.push_back(std::move(done));
    idle_task_.schedule(context(), 0, [this, keep = observer_.keep_alive()] {
        for (auto &call : std::exchange(idle_, {})) call(nullptr);
    });
}

void UsbredirModel::on_opened() {
    if (std::exchange(waiting_, false)) usb_engine()->attach_device(attach_token_, device_);
    else observer_.on_usb_ready();
}

void UsbredirModel::on_reset() {
    guest_filter_.reset();
    const auto device = device_;
    fail_all();
    // The channel seems to go on, but the guest has lost the device.
    if (device && state() == State::migrating)
        observer_.on_usb_error(device, {Error::Kind::io, "the virtual machine has moved to another host",
                                        static_cast<int>(device::UsbFault::lost)});
}

// The connection ends, and the device goes back to this machine.
void UsbredirModel::fail_all() {
    waiting_ = false;
    device_.reset();
    for (auto &[token, done] : calls_) failed_.push_back(std::move(done));
    calls_.clear();
    if (failed_.empty()) return;
    fail_task_.schedule(context(), 0, [this, keep = observer_.keep_alive()] {
        const Error error{Error::Kind::io, "the USB channel is not connected"};
        for (auto &call : std::exchange(failed_, {})) call(&error);
    });
}

void UsbredirModel::finish(uint64_t token, const Error *error) {
    const auto found = calls_.find(token);
    if (found == calls_.end()) return;
    auto done = std::move(found->second);
    calls_.erase(found);
    done(error);
}

bool UsbredirModel::deliver(UsbredirEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    auto &payload = std::get<UsbredirPayload>(event.body);
    if (auto *attached = std::get_if<UsbAttached>(&payload)) {
        if (attached->error && attached->token == attach_token_) device_.reset();
        finish(attached->token, attached->error ? &*attached->error : nullptr);
    } else if (auto *detached = std::get_if<UsbDetached>(&payload)) {
        if (detached->token > attach_token_) device_.reset(); // and none that has come since
        finish(detached->token, nullptr);
    } else if (auto *failed = std::get_if<UsbFailed>(&payload)) {
        if (auto device = std::exchange(device_, nullptr)) observer_.on_usb_error(device, failed->error);
    } else {
        guest_filter_ = std::move(std::get<UsbGuestFilter>(payload).filter);
    }
    return true;
}

void UsbredirModel::read_only_changed() {
    if (!engine() || !host()) return;
    usb_engine()->set_silent(host()->read_only());
    if (!host()->read_only()) return;
    usb_engine()->detach_device(next_token_++); // it may be over before the engine has looked
    fail_all();
}

}
