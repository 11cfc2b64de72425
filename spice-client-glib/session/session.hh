// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "base/glib/glib-ptr.hh"
#include "base/glib/main-task.hh"
#include "channel/host.hh"
#include "channel/model.hh"
#include "session/options.hh"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spice::session {

class LiveMigration;

// The session core: what to connect to, which channels exist, and how they come and go. Owned by the facade, bound to
// its main context.
class Session final : public channel::Host {
public:
    // Another session with its public object; alive as long as the token.
    struct Companion {
        std::shared_ptr<void> token;
        void *object;
        Session *core;
    };

    // Implemented by the facade.
    struct Observer {
        // Makes the public object of that channel; its construction calls add_channel(). Kinds that are disabled or
        // unknown are simply not made.
        virtual void create_channel(int type, int id) = 0;
        virtual void on_channel_new(void *object) = 0;
        // Emit channel-destroy, clear the channel's `spice-session`, then drop the reference that the session held.
        virtual void on_channel_destroy(void *object) = 0;
        virtual void on_disconnected() = 0;
        virtual void on_mm_time_reset() = 0;
        virtual void on_name() = 0; // notify::name
        virtual void on_uuid() = 0; // notify::uuid
        virtual void on_migration_state() = 0; // notify::migration-state
        virtual void on_new_host() = 0;        // notify for what says where the server is
        virtual void on_verify() = 0;          // notify::verify
        // A public session that joins this one (join()), and nothing but stands for where this one goes.
        virtual Companion make_companion() = 0;
        // Tell the application of it: the main channel's signal.
        virtual void on_migration_started(void *main_channel, void *companion) = 0;
        virtual std::shared_ptr<void> keep_alive() = 0;

    protected:
        ~Observer() = default;
    };

    struct Channel {
        void *object; // the public object
        channel::Model *model;
    };

    // Channels live in `context`; null stands for the default one.
    Session(Observer &observer, GMainContext *context);
    ~Session();
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    Options options;
    const std::shared_ptr<device::FolderServer> &folder_server() const override { return folder_; }
    GMainContext *context() const noexcept { return context_.get(); }
    const std::string &name() const noexcept { return name_; } // empty until received
    const std::array<uint8_t, 16> &uuid() const noexcept { return uuid_; }
    // Values of SpiceSessionMigration.
    enum class Migration { none = 0, switching = 1, migrating = 2, connecting = 3 };
    Migration migration() const noexcept { return migration_; }
    uint32_t mm_time() const noexcept { return shared_->clock.now(); }

    // Becomes the companion of a session that is about to go to another host: its parameters, and nothing to connect.
    void join(const Session &other);
    bool for_migration() const noexcept { return for_migration_; }

    bool connect();
    bool open_fd(int fd);
    void disconnect();       // from the loop
    void disconnect_now();   // dispose

    // Newest first. The facade of a channel adds itself while constructed and tells when it is finalized.
    const std::vector<Channel> &channels() const noexcept { return channels_; }
    void add_channel(void *object, channel::Model *model);
    void channel_finalized();
    void set_read_only(bool read_only);
    void drop_channel(void *object); // it leaves the session, like all channels do at the end
    bool has_channel_type(int type) const;

    // channel::Host
    channel::AttemptParams attempt_params(channel::Type type) const override;
    bool wants_application_sockets() const override { return options.client_sockets; }
    bool read_only() const override { return options.read_only; }
    const std::shared_ptr<channel::Shared> &shared() const override { return shared_; }
    const std::shared_ptr<channel::DisplayCaches> &display_caches() const override { return caches_; }
    int preferred_compression() const override { return options.preferred_compression; }
    bool gl_scanout() const override { return options.gl_scanout; }
    bool main_initialised(uint32_t session_id, uint32_t ram_hint) override;
    void set_mm_time(uint32_t time) override;
    void set_name(std::string name) override;
    void set_uuid(const std::array<uint8_t, 16> &uuid) override;
    void channels_listed(std::vector<std::pair<uint8_t, uint8_t>> type_and_id) override;
    void switch_host(const wire::MigrationTarget &target) override;
    void migrate_begin(const wire::MigrationTarget &target, std::optional<uint32_t> seamless_version) override;
    void migrate_cancel() override;
    void migrate_end() override;
    void channel_opened(channel::ChannelKey channel) override;
    void channel_moved(channel::ChannelKey channel, std::unique_ptr<link::Transport> left) override;
    void channel_ended(channel::ChannelKey channel) override;

private:
    friend class LiveMigration;

    // Types and ids are bytes: a longer list only repeats itself.
    static constexpr std::size_t max_listed = 1u << 16;

    bool prepare_connect();
    std::optional<link::ProxyTarget> proxy_target() const;
    std::shared_ptr<const link::TlsPolicy> tls_policy() const;
    Channel *find(int type, int id);
    void remove_channel(std::size_t index);
    void forget_server();
    void drop_others(); // every channel but main
    void set_migration_state(Migration state);
    void aim_at(const wire::MigrationTarget &target);
    void switch_now();
    void prepare_target(Session &target, const wire::MigrationTarget &where) const;
    // Only what is as `expected` here: the application may set other parameters at any time.
    void swap_address(Session &target, const Address &expected);
    void close_caches();
    void refuse_migration(const char *why);
    void warn_of_migration(const char *what); // for no longer than anybody would read it
    void create_next_listed();
    void announce_if_gone();

    Observer &observer_;
    ContextPtr context_;
    std::shared_ptr<channel::Shared> shared_ = std::make_shared<channel::Shared>();
    const std::shared_ptr<device::FolderServer> folder_;
    std::shared_ptr<channel::DisplayCaches> caches_; // from main_initialised() on
    std::vector<Channel> channels_;                  // newest first
    unsigned living_ = 0;           // public objects made and not finalized
    bool announce_disconnected_ = false;
    bool removing_ = false; // in disconnect_now()
    uint32_t connection_id_ = 0;
    std::string name_;
    std::array<uint8_t, 16> uuid_{};
    std::vector<std::pair<uint8_t, uint8_t>> listed_; // to be made, one a turn of the loop
    Migration migration_ = Migration::none;
    std::shared_ptr<LiveMigration> live_; // while the session goes to another host without being interrupted
    bool for_migration_ = false;
    unsigned migration_warnings_ = 0;
    std::function<void()> given_up_; // of a companion: the application wants no part of it
    MainTask disconnect_task_, list_task_, switch_task_;
};

}
