// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/main-model.hh"

#include "wire/writer.hh"

#include <spice/enums.h>
#include <spice/protocol.h>

namespace spice::channel {

MainModel::MainModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : Model{observer, host, context, Type::main, id}, observer_{observer},
      agent_{static_cast<agent::Port &>(*this), observer, this->context()} {}

MainModel::~MainModel() { drop_outbox(); }

void MainModel::drop_outbox() {
    if (outbox_) outbox_->close();
    outbox_.reset();
    main_engine_.reset();
}

std::shared_ptr<Engine> MainModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    announce_capability(setup.channel_caps, SPICE_MAIN_CAP_SEMI_SEAMLESS_MIGRATE, "SPICE_MAIN_CAP_SEMI_SEAMLESS_MIGRATE");
    announce_capability(setup.channel_caps, SPICE_MAIN_CAP_SEAMLESS_MIGRATE, "SPICE_MAIN_CAP_SEAMLESS_MIGRATE");
    announce_capability(setup.channel_caps, SPICE_MAIN_CAP_NAME_AND_UUID, "SPICE_MAIN_CAP_NAME_AND_UUID");
    announce_capability(setup.channel_caps, SPICE_MAIN_CAP_AGENT_CONNECTED_TOKENS,
                        "SPICE_MAIN_CAP_AGENT_CONNECTED_TOKENS");
    main_engine_ = std::make_shared<MainEngine>(std::move(setup));
    main_engine_->set_agent_limit(agent::message_limit(preferences().max_clipboard));
    agent_number_ = 0;
    outbox_ = make_outbox(*main_engine_, context(), static_cast<Outbox<MainEvent>::Sink &>(*this));
    return main_engine_;
}

bool MainModel::allowed_read_only(uint16_t type) const {
    switch (type) {
    case SPICE_MSGC_MAIN_ATTACH_CHANNELS:
    case SPICE_MSGC_MAIN_MIGRATE_CONNECTED:
    case SPICE_MSGC_MAIN_MIGRATE_CONNECTED_SEAMLESS:
    case SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR:
    case SPICE_MSGC_MAIN_MIGRATE_DST_DO_SEAMLESS:
    case SPICE_MSGC_MAIN_MIGRATE_END: return true;
    default: return type < SPICE_MSGC_MAIN_CLIENT_INFO;
    }
}

bool MainModel::deliver(MainEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    auto *session = host();
    if (!session) return true;
    std::visit(
        [&](auto &news) {
            using T = std::decay_t<decltype(news)>;
            if constexpr (std::is_same_v<T, wire::MainInit>) handle(news);
            else if constexpr (std::is_same_v<T, wire::MouseMode>) mouse_modes(news.supported, news.current);
            else if constexpr (std::is_same_v<T, wire::MigrateSwitchHost>) session->switch_host(news);
            else if constexpr (std::is_same_v<T, wire::MigrateBegin>) session->migrate_begin(news, std::nullopt);
            else if constexpr (std::is_same_v<T, wire::MigrateBeginSeamless>)
                session->migrate_begin(news.target, news.src_mig_version);
            else if constexpr (std::is_same_v<T, wire::MigrateCancel>) session->migrate_cancel();
            else if constexpr (std::is_same_v<T, wire::MigrateEnd>) session->migrate_end();
            else if constexpr (std::is_same_v<T, wire::MultiMediaTime>) session->set_mm_time(news.time);
            else if constexpr (std::is_same_v<T, NameChanged>) session->set_name(std::move(news.name));
            else if constexpr (std::is_same_v<T, UuidChanged>) session->set_uuid(news.uuid);
            else if constexpr (std::is_same_v<T, AgentState>) set_agent(news);
            else if constexpr (std::is_same_v<T, agent::Incoming>) agent_.message(news);
            else if constexpr (std::is_same_v<T, AgentLeft>) agent_.left(news.mark);
            else session->channels_listed(list_of(news));
        },
        std::get<MainPayload>(event.body));
    return true;
}

std::vector<std::pair<uint8_t, uint8_t>> MainModel::list_of(const wire::ChannelsList &list) {
    std::vector<std::pair<uint8_t, uint8_t>> out;
    out.reserve(list.channels.size());
    for (const auto &channel : list.channels) out.emplace_back(channel.type, channel.id);
    return out;
}

// Handlers of the signals below may disconnect: what needs the session comes first, and it is asked for each time.
void MainModel::handle(const wire::MainInit &init) {
    const auto attempt = engine();
    agent_.set_displays(init.display_channels_hint);
    const bool fresh = host()->main_initialised(init.session_id, init.ram_hint);
    if (engine() != attempt) return;
    if (fresh) send(wire::AttachChannels::message_id, {});
    mouse_modes(init.supported_mouse_modes, init.current_mouse_mode);
    if (host() && engine() == attempt) host()->set_mm_time(init.multi_media_time);
}

void MainModel::mouse_modes(uint32_t supported, uint32_t current) {
    supported_modes_ = supported;
    const bool changed = std::exchange(mouse_mode_, current) != current;
    if (wanted_mode_ != current && (supported & wanted_mode_))
        send(wire::MouseModeRequest::message_id,
             wire::serialize(wire::MouseModeRequest{static_cast<uint16_t>(wanted_mode_)}));
    if (changed) observer_.on_mouse_mode();
}

void MainModel::request_mouse_mode(int mode) {
    if (mode != SPICE_MOUSE_MODE_SERVER && mode != SPICE_MOUSE_MODE_CLIENT) return;
    wanted_mode_ = static_cast<uint32_t>(mode);
    send(wire::MouseModeRequest::message_id, wire::serialize(wire::MouseModeRequest{static_cast<uint16_t>(mode)}));
}

void MainModel::set_agent(const AgentState &state) {
    const bool before = agent_.connected();
    agent_number_ = state.number;
    const auto attempt = engine();
    if (state.connected) agent_.came();
    else agent_.gone();
    if (engine() == attempt && agent_.connected() != before) observer_.on_agent_update();
}

bool MainModel::may_send() const { return state() == State::ready && host() && !host()->read_only(); }

void MainModel::start() {
    constexpr uint32_t without_end = UINT32_MAX; // what the agent says is read as it comes
    send(wire::AgentStart::message_id, wire::serialize(wire::AgentStart{without_end}));
}

bool MainModel::post(std::vector<std::byte> message, uint64_t mark) {
    return main_engine_ && main_engine_->post_to_agent(agent_number_, std::move(message), mark);
}

void MainModel::max_clipboard_changed() {
    if (main_engine_) main_engine_->set_agent_limit(agent::message_limit(preferences().max_clipboard));
    agent_.max_clipboard_changed();
}

// An agent that came while nothing could be said to it is greeted now.
void MainModel::read_only_changed() { agent_.may_send_changed(); }

// Told at the end of every connection that had been open, also without an agent: before `closed`.
void MainModel::on_gone() {
    const auto keep = observer_.keep_alive();
    agent_.gone();
    if (std::exchange(up_, false)) observer_.on_agent_update();
}

}
