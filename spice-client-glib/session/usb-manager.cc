// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "session/usb-manager.hh"

#include "base/glib/default-context.hh"
#include "base/log.hh"
#include "session/session.hh"

#include <algorithm>

namespace spice::session {

namespace {

using channel::UsbredirModel;

Error failure(const char *what) { return {Error::Kind::unsupported, what}; }

}

UsbManager::UsbManager(Observer &observer)
    : observer_{observer}, auto_filter_{*device::UsbFilter::parse(default_filter)} {}

UsbManager::~UsbManager() {
    if (changes_) changes_->close();
}

GMainContext *UsbManager::context() const { return session_ ? session_->context() : nullptr; }

Status UsbManager::start() {
    auto usb = device::UsbContext::get();
    if (!usb) return std::move(usb.error());
    changes_ = device::UsbChanges::create(context(), static_cast<device::UsbChanges::Sink &>(*this), [] {});
    (*usb)->listen(changes_);
    return success();
}

Status UsbManager::set_auto_connect_filter(const std::string &text) {
    auto filter = device::UsbFilter::parse(text);
    if (!filter) return std::move(filter.error());
    auto_filter_ = std::move(*filter);
    return success();
}

std::optional<std::string> UsbManager::redirect_on_connect() const {
    return connect_filter_ ? std::optional{connect_filter_->text()} : std::nullopt;
}

Status UsbManager::set_redirect_on_connect(const std::optional<std::string> &text) {
    if (!text) {
        connect_filter_.reset();
        return success();
    }
    auto filter = device::UsbFilter::parse(*text);
    if (!filter) return std::move(filter.error());
    connect_filter_ = std::move(*filter);
    return success();
}

// Oldest first: in the order in which the server lists them.
std::vector<UsbredirModel *> UsbManager::channels() const {
    std::vector<UsbredirModel *> found;
    if (!session_) return found;
    for (const auto &channel : session_->channels())
        if (channel.model->type() == channel::Type::usbredir)
            found.insert(found.begin(), static_cast<UsbredirModel *>(channel.model));
    return found;
}

UsbredirModel *UsbManager::channel_of(const Device &device) const {
    for (auto *channel : channels())
        if (channel->device() == device) return channel;
    return nullptr;
}

// One that is open rather than one that has to open yet.
UsbredirModel *UsbManager::free_channel() const {
    UsbredirModel *best = nullptr;
    for (auto *channel : channels()) {
        if (channel->device()) continue;
        if (channel->state() == channel::Model::State::ready) return channel;
        if (!best && (channel->state() == channel::Model::State::connecting ||
                      channel->state() == channel::Model::State::migrating))
            best = channel;
    }
    return best;
}

int UsbManager::free_channels() const {
    const auto all = channels();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [](auto *channel) { return !channel->device(); }));
}

Status UsbManager::can_redirect(const Device &device) const {
    if (!session_ || !session_->options.enable_usbredir) return failure("USB redirection is disabled");
    if (session_->options.read_only) return failure("The session is read-only");
    const auto all = channels();
    if (all.empty()) return failure("The virtual machine is not set up for USB redirection");
    if (is_connected(device)) return success();
    const auto blocks = [&](auto *channel) {
        return channel->guest_filter() && !channel->guest_filter()->allows(device->identity());
    };
    if (std::any_of(all.begin(), all.end(), blocks)) return failure("The policy of the host does not allow this USB device");
    if (free_channels() == 0) return failure("There is no free USB channel");
    return success();
}

void UsbManager::later(Done done, Error error) {
    later_.emplace_back(std::move(done), std::move(error));
    later_task_.schedule(context(), 0, [this, keep = observer_.keep_alive()] {
        for (auto &[call, why] : std::exchange(later_, {})) call(&why);
    });
}

void UsbManager::connect(const Device &device, GCancellable *cancellable, Done done) {
    if (is_connected(device)) return later(std::move(done), failure("The USB device is redirected already"));
    if (session_ && session_->options.read_only) return later(std::move(done), failure("The session is read-only"));
    if (!free_channel()) return later(std::move(done), failure("There is no free USB channel"));
    auto attempt = std::make_shared<Attempt>();
    attempt->device = device;
    attempt->cancellable = Ref<GCancellable>::share(cancellable);
    attempt->done = std::move(done);
    attempts_.push_back(attempt);
    ++redirecting_;
    attach(attempt);
}

void UsbManager::attach(const std::shared_ptr<Attempt> &attempt) {
    auto *channel = free_channel();
    if (!channel) {
        const auto error = failure("There is no free USB channel");
        return finish(attempt, &error);
    }
    channel->attach(attempt->device, [this, alive = std::weak_ptr{alive_}, attempt](const Error *error) {
        if (alive.lock()) attached(attempt, error);
    });
}

void UsbManager::attached(const std::shared_ptr<Attempt> &attempt, const Error *error) {
    const bool may_ask = error && error->kind == Error::Kind::auth && !attempt->asked && attempt->device->native();
    if (may_ask) ask_permission(attempt);
    else finish(attempt, error);
}

// The device belongs to somebody else: the system may lend it to us.
void UsbManager::ask_permission(const std::shared_ptr<Attempt> &attempt) {
    attempt->asked = true;
    observer_.on_permission_asked(true);
    const DefaultContext scope{context()};
    attempt->permission = device::UsbPermission::ask(
        attempt->device->identity(), attempt->cancellable.get(),
        [this, weak = std::weak_ptr{attempt}](const Error *error) {
            auto self = weak.lock();
            if (!self) return;
            auto keep = observer_.keep_alive();
            observer_.on_permission_asked(false);
            if (error) finish(self, error);
            else attach(self);
        });
}

void UsbManager::finish(const std::shared_ptr<Attempt> &attempt, const Error *error) {
    auto keep = observer_.keep_alive();
    auto held = attempt; // the list may hold the last one
    attempts_.remove(held);
    --redirecting_;
    auto permission = std::move(held->permission);
    held->done(error);
}

void UsbManager::disconnect(const Device &device, Done done) {
    if (auto *channel = channel_of(device)) return channel->detach([done = std::move(done)](const Error *) { done(nullptr); });
    later([done = std::move(done)](const Error *) { done(nullptr); }, {});
}

Status UsbManager::create_shared_cd(const std::string &path) {
    auto cd = device::UsbDevice::shared_cd(path, next_cd_);
    if (!cd) return std::move(cd.error());
    ++next_cd_;
    new_cds_.push_back(*cd);
    cd_task_.schedule(context(), 0, [this, keep = observer_.keep_alive()] {
        for (const auto &device : std::exchange(new_cds_, {})) added(device);
    });
    return success();
}

Result<UsbManager::Device> UsbManager::from_descriptor(int fd) {
    auto usb = device::UsbContext::get();
    if (!usb) return std::move(usb.error());
    return device::UsbDevice::from_descriptor((*usb)->native(), fd);
}

bool UsbManager::deliver(device::UsbChange &change) {
    if (change.added) added(change.device);
    else removed(change.device);
    return true;
}

void UsbManager::added(const Device &device) {
    devices_.push_back(device);
    observer_.on_device_added(device);
    if (auto_connect && auto_filter_.allows(device->identity()) && can_redirect(device)) auto_redirect(device);
}

void UsbManager::removed(const Device &device) {
    const auto found = std::find(devices_.begin(), devices_.end(), device);
    if (found == devices_.end()) return;
    const auto held = *found;
    devices_.erase(found);
    if (is_connected(held)) disconnect(held, [](const Error *) {});
    observer_.on_device_removed(held);
}

void UsbManager::auto_redirect(const Device &device) {
    connect(device, nullptr, [this, device](const Error *error) {
        if (error) observer_.on_auto_connect_failed(device, *error);
    });
}

void UsbManager::channel_ready() {
    if (!connect_filter_) return;
    for (const auto &device : std::vector{devices_})
        if (!is_connected(device) && free_channel() && connect_filter_->allows(device->identity()) && can_redirect(device))
            auto_redirect(device);
}

}
