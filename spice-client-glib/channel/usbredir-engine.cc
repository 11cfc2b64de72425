// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/usbredir-engine.hh"

#include "base/log.hh"
#include "channel/parse-event.hh"
#include "channel/vmc-payload.hh"

#include <spice/protocol.h>

namespace spice::channel {

void UsbredirEngine::attach_device(uint64_t token, std::shared_ptr<const device::UsbDevice> device) {
    {
        std::lock_guard lock{mutex_};
        commands_.push_back({token, std::move(device)});
    }
    wake();
}

void UsbredirEngine::detach_device(uint64_t token) { attach_device(token, nullptr); }

void UsbredirEngine::set_silent(bool silent) {
    silent_ = silent;
    wake();
}

void UsbredirEngine::moved() {
    compress_ = server_caps().test(SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4) && !over_unix_socket();
}

void UsbredirEngine::linked() {
    moved();
    greet();
}

// The greeting is the first that the server gets.
void UsbredirEngine::greet() {
    if (silent_ || redirector_) return;
    auto redirector = device::UsbRedirector::make(*this);
    if (!redirector) {
        warn_once(0, redirector.error().what.c_str());
        return;
    }
    redirector_ = std::move(*redirector);
    redirector_->flush();
}

Status UsbredirEngine::handle(const Message &message) {
    switch (message.type) {
    case wire::VmcData::message_id: return input(message.body);
    case wire::VmcCompressedData::message_id: {
        auto packed = wire::parse<wire::VmcCompressedData>(message.body);
        if (!packed) return std::move(packed.error());
        auto data = unpack_vmc(*packed);
        return data ? input(*data) : std::move(data.error());
    }
    default: SPICE_LOG_DEBUG("usbredir: message %u ignored", message.type); return success();
    }
}

Status UsbredirEngine::input(std::span<const std::byte> data) {
    if (!redirector_) return success();
    auto status = redirector_->input(data);
    if (auto filter = redirector_->new_guest_filter())
        emit(UsbGuestFilter{filter->text().empty() ? std::nullopt : std::optional{std::move(*filter)}});
    if (!status && status.error().code != static_cast<int>(device::UsbFault::none)) {
        emit(UsbFailed{std::move(status.error())}); // the device's fault, not the stream's
        return success();
    }
    return status;
}

void UsbredirEngine::run(Command &command) {
    if (!command.device) {
        if (redirector_) redirector_->detach();
        emit(UsbDetached{command.token});
        return;
    }
    if (!redirector_) {
        emit(UsbAttached{command.token, Error{Error::Kind::unsupported, "USB redirection is not possible here"}});
        return;
    }
    auto status = redirector_->attach(std::move(command.device));
    emit(UsbAttached{command.token, status ? std::nullopt : std::optional{std::move(status.error())}});
}

void UsbredirEngine::tick() {
    if (silent_) redirector_.reset();
    else greet();
    std::vector<Command> commands;
    {
        std::lock_guard lock{mutex_};
        commands.swap(commands_);
    }
    for (auto &command : commands) run(command);
    if (!commands.empty()) hand_over();
    if (redirector_) redirector_->flush();
}

bool UsbredirEngine::take_output(std::span<const std::byte> data) {
    if (queued_bytes() > output_room) return false;
    const auto &device = redirector_ ? redirector_->device() : nullptr;
    auto message = pack_vmc(data, compress_ && !(device && device->identity().isochronous));
    queue(message.type, std::move(message.body));
    return true;
}

}
