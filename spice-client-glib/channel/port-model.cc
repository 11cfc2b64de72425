// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "channel/port-model.hh"

#include "codec/lz4-block.hh"
#include "wire/writer.hh"

#include <spice/protocol.h>

namespace spice::channel {

PortModel::PortModel(Observer &observer, Host *host, GMainContext *context, uint8_t id)
    : PortModel{observer, host, context, Type::port, id} {}

PortModel::PortModel(Observer &observer, Host *host, GMainContext *context, Type type, uint8_t id)
    : Model{observer, host, context, type, id}, observer_{observer} {}

PortModel::~PortModel() { drop_outbox(); }

// From here on nobody looks at what programs wanted to write.
void PortModel::drop_outbox() {
    if (port_) port_->writes().close();
    port_.reset();
    if (outbox_) outbox_->close();
    outbox_.reset();
}

std::shared_ptr<Engine> PortModel::make_engine(AttemptParams params) {
    auto setup = engine_setup(std::move(params));
    if (codec::have_lz4_blocks())
        announce_capability(setup.channel_caps, SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4,
                            "SPICE_SPICEVMC_CAP_DATA_COMPRESS_LZ4");
    port_ = make_port_engine(std::move(setup));
    outbox_ = make_outbox(*port_, context(), static_cast<Outbox<PortChannelEvent>::Sink &>(*this));
    return port_;
}

std::shared_ptr<PortEngine> PortModel::make_port_engine(EngineSetup setup) {
    return std::make_shared<PortEngine>(std::move(setup));
}

void PortModel::on_reset() {
    name_.clear();
    opened_ = false;
    if (state() != State::migrating) told_opened_ = false;
}

bool PortModel::deliver(PortChannelEvent &event) {
    if (auto *lifecycle = std::get_if<Lifecycle>(&event.body)) {
        Model::deliver(*lifecycle);
        return true;
    }
    auto &payload = std::get<PortPayload>(event.body);
    if (auto *init = std::get_if<wire::PortInit>(&payload)) {
        handle(*init);
    } else if (auto *news = std::get_if<wire::PortEvent>(&payload)) {
        handle(*news);
    } else {
        const auto attempt = engine();
        set_opened(true); // data comes through open ports only
        const auto &bytes = std::get<PortData>(payload).bytes;
        if (engine() == attempt && !bytes.empty()) observer_.on_port_data(bytes);
    }
    return true;
}

// Handlers may disconnect: what follows belongs to the connection that said it.
void PortModel::handle(wire::PortInit &init) {
    const auto attempt = engine();
    name_ = std::move(init.name);
    announce(init.opened != 0);
    if (engine() == attempt && opened_) observer_.on_port_event(SPICE_PORT_EVENT_OPENED);
    if (engine() == attempt) observer_.on_port_name();
}

void PortModel::handle(const wire::PortEvent &event) {
    const auto attempt = engine();
    if (event.event == SPICE_PORT_EVENT_OPENED) announce(true);
    if (event.event == SPICE_PORT_EVENT_CLOSED) announce(false);
    if (engine() == attempt) observer_.on_port_event(event.event);
}

void PortModel::announce(bool opened) {
    event_follows_ = opened;
    set_opened(opened);
    event_follows_ = false;
}

void PortModel::set_opened(bool opened) {
    opened_ = opened;
    if (std::exchange(told_opened_, opened) != opened) observer_.on_port_opened();
}

Status PortModel::writable() const {
    if (state() != State::ready || !opened_) return Error{Error::Kind::argument, "The port is not opened"};
    if (host() && host()->read_only()) return Error{Error::Kind::argument, "The session is read-only"};
    return success();
}

void PortModel::write(std::span<const std::byte> data, std::function<void(bool)> done) {
    const auto token = expect_flush(std::move(done));
    port_->writes().write(data, token);
    port_->wake();
}

bool PortModel::send_event(uint8_t event) {
    if (state() != State::ready || (host() && host()->read_only())) return false;
    port_->writes().message(wire::ClientPortEvent::message_id, wire::serialize(wire::ClientPortEvent{{event}}));
    port_->wake();
    return true;
}

}
