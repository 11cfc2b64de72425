// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/session-private.hh"

#include "channel/smartcard-model.hh"

/**
 * SECTION:channel-smartcard
 * @title: SpiceSmartcardChannel
 * @short_description: lets the guest use smartcards
 */

/**
 * SpiceSmartcardChannel:
 *
 * Tells the guest of the smartcard readers of this machine, or of a software card (see
 * #SpiceSession:smartcard-certificates), and carries what the guest says to the cards. It is made only if
 * #SpiceSession:enable-smartcard is set, and works by itself once connected; #SpiceSmartcardManager knows the readers.
 */

/**
 * SpiceSmartcardChannelClass:
 * @parent_class: the class of channels
 *
 * The class of smartcard channels.
 */

using spice::channel::SmartcardModel;

struct _SpiceSmartcardChannelPrivate final : spice::api::ChannelObserver<SmartcardModel::Observer> {
    explicit _SpiceSmartcardChannelPrivate(SpiceSmartcardChannel *self) : ChannelObserver{SPICE_CHANNEL(self)} {}
    spice::device::CardSetup card_setup() override;

    SmartcardModel *model = nullptr; // owned by the base part
};

G_DEFINE_TYPE(SpiceSmartcardChannel, spice_smartcard_channel, SPICE_TYPE_CHANNEL)

spice::device::CardSetup _SpiceSmartcardChannelPrivate::card_setup() {
    auto *session = channel()->priv->session;
    if (!session) return {};
    const auto &extras = session->priv->extras;
    return {extras.smartcard_certificates, extras.smartcard_db.value_or("")};
}

static void constructed(GObject *object) noexcept {
    auto *self = SPICE_SMARTCARD_CHANNEL(object);
    spice::api::make_model<SmartcardModel>(SPICE_CHANNEL(object), self->priv);
    G_OBJECT_CLASS(spice_smartcard_channel_parent_class)->constructed(object);
}

static void finalize(GObject *object) noexcept {
    auto *priv = SPICE_SMARTCARD_CHANNEL(object)->priv;
    G_OBJECT_CLASS(spice_smartcard_channel_parent_class)->finalize(object);
    delete priv; // after the model, which knows it as its observer
}

static void spice_smartcard_channel_init(SpiceSmartcardChannel *self) {
    self->priv = new SpiceSmartcardChannelPrivate{self};
}

static void spice_smartcard_channel_class_init(SpiceSmartcardChannelClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->constructed = constructed;
    object_class->finalize = finalize;
}
