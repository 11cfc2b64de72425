// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/session-private.hh"
#include "api/usb-private.hh"

#include "channel/usbredir-model.hh"

/**
 * SECTION:channel-usbredir
 * @title: SpiceUsbredirChannel
 * @short_description: carries one USB device to the guest
 */

/**
 * SpiceUsbredirChannel:
 *
 * A channel for one USB device. The session's #SpiceUsbDeviceManager connects these channels and uses them;
 * applications have nothing to do with them.
 */

/**
 * SpiceUsbredirChannelClass:
 * @parent_class: the class of channels
 *
 * The class of USB redirection channels.
 */

using spice::channel::UsbredirModel;

struct _SpiceUsbredirChannelPrivate final : spice::api::ChannelObserver<UsbredirModel::Observer> {
    explicit _SpiceUsbredirChannelPrivate(SpiceUsbredirChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    void on_usb_error(const UsbredirModel::Device &device, const spice::Error &error) override;
    void on_usb_ready() override;

    SpiceUsbDeviceManager *manager() const {
        auto *session = channel()->priv->session;
        return session ? session->priv->usb_manager.get() : nullptr;
    }
    UsbredirModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpiceUsbredirChannel, spice_usbredir_channel, SPICE_TYPE_CHANNEL)

void _SpiceUsbredirChannelPrivate::on_usb_error(const UsbredirModel::Device &device, const spice::Error &error) {
    auto keep = keep_alive();
    if (auto *usb = manager()) spice::api::usb_device_failed(usb, device, error);
}

void _SpiceUsbredirChannelPrivate::on_usb_ready() {
    auto keep = keep_alive();
    if (auto *usb = manager()) spice::api::usb_channel_ready(usb);
}

static void constructed(GObject *object) noexcept {
    auto *self = SPICE_USBREDIR_CHANNEL(object);
    spice::api::make_model<UsbredirModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_usbredir_channel_parent_class)->constructed(object);
}

static void finalize(GObject *object) noexcept {
    auto *priv = SPICE_USBREDIR_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_usbredir_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

static void spice_usbredir_channel_init(SpiceUsbredirChannel *self) {
    self->priv = new SpiceUsbredirChannelPrivate{self};
}

static void spice_usbredir_channel_class_init(SpiceUsbredirChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->constructed = constructed;
    object_class->finalize = finalize;
}
