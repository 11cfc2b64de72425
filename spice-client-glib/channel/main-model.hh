// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#pragma once

#include "agent/agent.hh"
#include "base/glib/outbox.hh"
#include "channel/main-engine.hh"
#include "channel/model.hh"

namespace spice::channel {

// The main channel: session id, mouse modes, name, the list of channels, and the agent. Bound to the main context.
class MainModel final : public Model, private Outbox<MainEvent>::Sink, private agent::Port {
public:
    struct Observer : Model::Observer, agent::Agent::Observer {
        virtual void on_mouse_mode() = 0; // signal main-mouse-update, then notify::mouse-mode
        virtual void on_agent_update() = 0; // notify::agent-connected, then signal main-agent-update
        virtual agent::Preferences preferences() const = 0;

    protected:
        ~Observer() = default;
    };

    MainModel(Observer &observer, Host *host, GMainContext *context, uint8_t id);
    ~MainModel() override;

    int mouse_mode() const noexcept { return static_cast<int>(mouse_mode_); } // 0 until the server said it
    agent::Agent &agent() noexcept { return agent_; }
    const agent::Agent &agent() const noexcept { return agent_; }
    void max_clipboard_changed(); // of the preferences
    void read_only_changed() override;
    // The wish stays: it is asked for again whenever the server supports it. 1 server, 2 client.
    void request_mouse_mode(int mode);

private:
    std::shared_ptr<Engine> make_engine(AttemptParams params) override;
    bool allowed_read_only(uint16_t message_type) const override;
    void on_up() override { up_ = true; }
    void on_gone() override;
    void drop_outbox() override;

    bool deliver(MainEvent &event) override;
    std::shared_ptr<void> begin_turn() override { return observer_.keep_alive(); }
    void end_turn() override {}

    void handle(const wire::MainInit &init);
    void mouse_modes(uint32_t supported, uint32_t current);
    void set_agent(const AgentState &state);

    bool may_send() const override;
    void start() override;
    bool post(std::vector<std::byte> message, uint64_t mark) override;
    agent::Preferences preferences() const override { return observer_.preferences(); }
    std::shared_ptr<void> keep_alive() override { return observer_.keep_alive(); }
    static std::vector<std::pair<uint8_t, uint8_t>> list_of(const wire::ChannelsList &list);

    Observer &observer_;
    std::shared_ptr<Outbox<MainEvent>> outbox_;
    uint32_t supported_modes_ = 0, mouse_mode_ = 0, wanted_mode_ = 2;
    bool up_ = false;
    agent::Agent agent_;
    std::shared_ptr<MainEngine> main_engine_; // of the attempt
    uint32_t agent_number_ = 0;               // of the agent that the model knows of
};

}
