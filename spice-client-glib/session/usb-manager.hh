// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/main-task.hh"
#include "channel/usbredir-model.hh"
#include "device/usb-context.hh"
#include "device/usb-permission.hh"

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spice::session {

class Session;

// Which USB devices there are, and which the guest has. Owned by its facade, bound to the main context of the session.
class UsbManager final : private device::UsbChanges::Sink {
public:
    using Device = std::shared_ptr<const device::UsbDevice>;
    using Done = std::function<void(const Error *)>; // null: done

    struct Observer {
        virtual void on_device_added(const Device &device) = 0;
        virtual void on_device_removed(const Device &device) = 0;
        virtual void on_auto_connect_failed(const Device &device, const Error &error) = 0;
        virtual void on_permission_asked(bool asking) = 0; // a dialog of the system may be shown
        virtual std::shared_ptr<void> keep_alive() = 0;

    protected:
        ~Observer() = default;
    };

    static constexpr const char *default_filter = "0x03,-1,-1,-1,0|-1,-1,-1,-1,1"; // all but keyboards and mice

    explicit UsbManager(Observer &observer);
    ~UsbManager();
    UsbManager(const UsbManager &) = delete;
    UsbManager &operator=(const UsbManager &) = delete;

    // Null: there is no session (any more).
    void set_session(Session *session) noexcept { session_ = session; }
    // Begins to look for devices. Fails where USB cannot be used.
    Status start();

    const std::vector<Device> &devices() const noexcept { return devices_; }
    bool auto_connect = false;
    const std::string &auto_connect_filter() const noexcept { return auto_filter_.text(); }
    Status set_auto_connect_filter(const std::string &text);
    std::optional<std::string> redirect_on_connect() const;
    Status set_redirect_on_connect(const std::optional<std::string> &text);

    int free_channels() const;
    bool is_connected(const Device &device) const { return channel_of(device) != nullptr; }
    bool redirecting() const noexcept { return redirecting_ > 0; }
    Status can_redirect(const Device &device) const;

    // `done` is called from the loop.
    void connect(const Device &device, GCancellable *cancellable, Done done);
    void disconnect(const Device &device, Done done);

    Status create_shared_cd(const std::string &path);
    Result<Device> from_descriptor(int fd);

    void channel_ready(); // a channel has opened

private:
    struct Attempt { // of connecting one device
        Device device;
        Ref<GCancellable> cancellable;
        Done done;
        std::unique_ptr<device::UsbPermission> permission;
        bool asked = false; // for permission
    };

    bool deliver(device::UsbChange &change) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    std::vector<channel::UsbredirModel *> channels() const;
    channel::UsbredirModel *channel_of(const Device &device) const;
    channel::UsbredirModel *free_channel() const;
    void attach(const std::shared_ptr<Attempt> &attempt);
    void attached(const std::shared_ptr<Attempt> &attempt, const Error *error);
    void ask_permission(const std::shared_ptr<Attempt> &attempt);
    void finish(const std::shared_ptr<Attempt> &attempt, const Error *error);
    void later(Done done, Error error);
    void auto_redirect(const Device &device);
    void added(const Device &device);
    void removed(const Device &device);

    Observer &observer_;
    Session *session_ = nullptr;
    GMainContext *context() const;
    std::shared_ptr<device::UsbChanges> changes_;
    std::vector<Device> devices_;
    device::UsbFilter auto_filter_;
    std::optional<device::UsbFilter> connect_filter_;
    std::list<std::shared_ptr<Attempt>> attempts_;
    int redirecting_ = 0;
    int next_cd_ = 2; // addresses on a bus begin with 1, its root
    std::vector<Device> new_cds_; // to be announced from the loop
    MainTask cd_task_, later_task_;
    std::vector<std::pair<Done, Error>> later_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0); // what comes later must find the manager alive
};

}
