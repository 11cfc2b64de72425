// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "spice-client.h"

#include "base/glib/glib-ptr.hh"
#include "base/glib/log-glib.hh"
#include "base/glib/outbox.hh"
#include "device/card-backend.hh"

#include <libcacard.h>

/**
 * SECTION:smartcard-manager
 * @title: SpiceSmartcardManager
 * @short_description: the smartcard readers of this machine
 */

/**
 * SpiceSmartcardManager:
 *
 * Knows the smartcard readers, and the cards in them, that guests can use. There is one for the process, see
 * spice_smartcard_manager_get(). Readers are looked for from the time when the first #SpiceSmartcardChannel connects.
 * Its signals are emitted in the default main context, and its functions are to be called there.
 */

/**
 * SpiceSmartcardManagerClass:
 * @parent_class: the class of objects
 * @reader_added: default handler of #SpiceSmartcardManager::reader-added
 * @reader_removed: default handler of #SpiceSmartcardManager::reader-removed
 * @card_inserted: default handler of #SpiceSmartcardManager::card-inserted
 * @card_removed: default handler of #SpiceSmartcardManager::card-removed
 *
 * The class of the smartcard manager.
 */

/**
 * SpiceSmartcardReader:
 *
 * A smartcard reader.
 */

using spice::device::CardBackend;
using spice::device::CardEvent;

namespace {

using CardEvents = spice::Outbox<CardEvent>;

// From the backend's thread to the default context.
struct Relay final : CardBackend::Listener {
    explicit Relay(std::shared_ptr<CardEvents> box) : outbox{std::move(box)} {}
    void card_event(const CardEvent &event) override {
        std::vector<CardEvent> batch{event};
        outbox->push(batch);
    }
    std::shared_ptr<CardEvents> outbox;
};

VReader *native(SpiceSmartcardReader *reader) { return reinterpret_cast<VReader *>(reader); }
SpiceSmartcardReader *boxed(VReader *reader) { return reinterpret_cast<SpiceSmartcardReader *>(reader); }

SpiceSmartcardReader *copy_reader(SpiceSmartcardReader *reader) noexcept {
    return boxed(vreader_reference(native(reader)));
}
void free_reader(SpiceSmartcardReader *reader) noexcept { vreader_free(native(reader)); }

enum Signal : guint { SIGNAL_READER_ADDED, SIGNAL_READER_REMOVED, SIGNAL_CARD_INSERTED, SIGNAL_CARD_REMOVED, N_SIGNALS };
guint signals[N_SIGNALS];

}

struct _SpiceSmartcardManagerPrivate final : CardEvents::Sink {
    explicit _SpiceSmartcardManagerPrivate(SpiceSmartcardManager *self)
        : owner{self}, relay{std::make_shared<Relay>(
                           CardEvents::create(nullptr, static_cast<CardEvents::Sink &>(*this), [] {}))} {
        CardBackend::get().listen(relay);
    }
    ~_SpiceSmartcardManagerPrivate() { relay->outbox->close(); }

    bool deliver(CardEvent &event) override;
    std::shared_ptr<void> begin_turn() override {
        return {g_object_ref(owner), [](void *p) { g_object_unref(p); }};
    }
    void end_turn() override {}

    SpiceSmartcardManager *owner;
    std::shared_ptr<Relay> relay;
};

G_DEFINE_TYPE(SpiceSmartcardManager, spice_smartcard_manager, G_TYPE_OBJECT)

GType spice_smartcard_reader_get_type() {
    static gsize type = 0;
    if (g_once_init_enter(&type)) // programs know it by this name
        g_once_init_leave(&type, g_boxed_type_register_static("VReader", reinterpret_cast<GBoxedCopyFunc>(copy_reader),
                                                              reinterpret_cast<GBoxedFreeFunc>(free_reader)));
    return type;
}

bool _SpiceSmartcardManagerPrivate::deliver(CardEvent &event) {
    const CardEvent held = event;
    g_signal_emit(owner, signals[static_cast<std::size_t>(held.kind)], 0, boxed(held.reader.get()));
    return true;
}

static void finalize(GObject *object) noexcept {
    delete SPICE_SMARTCARD_MANAGER(object)->priv;
    G_OBJECT_CLASS(spice_smartcard_manager_parent_class)->finalize(object);
}

static void spice_smartcard_manager_init(SpiceSmartcardManager *self) {
    self->priv = new SpiceSmartcardManagerPrivate{self};
}

static void spice_smartcard_manager_class_init(SpiceSmartcardManagerClass *klass) {
    spice::log::install_glib_sink();
    G_OBJECT_CLASS(klass)->finalize = finalize;
    const GType type = SPICE_TYPE_SMARTCARD_MANAGER;
    /**
     * SpiceSmartcardManager::reader-added:
     * @manager: the manager
     * @reader: (type SpiceSmartcardReader): the reader
     *
     * There is another reader.
     */
    signals[SIGNAL_READER_ADDED] = g_signal_new(
        "reader-added", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSmartcardManagerClass, reader_added), nullptr,
        nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_SMARTCARD_READER);
    /**
     * SpiceSmartcardManager::reader-removed:
     * @manager: the manager
     * @reader: (type SpiceSmartcardReader): the reader
     *
     * A reader is gone.
     */
    signals[SIGNAL_READER_REMOVED] = g_signal_new(
        "reader-removed", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSmartcardManagerClass, reader_removed), nullptr,
        nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_SMARTCARD_READER);
    /**
     * SpiceSmartcardManager::card-inserted:
     * @manager: the manager
     * @reader: (type SpiceSmartcardReader): the reader
     *
     * There is a card in a reader.
     */
    signals[SIGNAL_CARD_INSERTED] = g_signal_new(
        "card-inserted", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSmartcardManagerClass, card_inserted), nullptr,
        nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_SMARTCARD_READER);
    /**
     * SpiceSmartcardManager::card-removed:
     * @manager: the manager
     * @reader: (type SpiceSmartcardReader): the reader
     *
     * The card was taken out of a reader.
     */
    signals[SIGNAL_CARD_REMOVED] = g_signal_new(
        "card-removed", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceSmartcardManagerClass, card_removed), nullptr,
        nullptr, nullptr, G_TYPE_NONE, 1, SPICE_TYPE_SMARTCARD_READER);
}

/**
 * spice_smartcard_manager_get:
 *
 * Gets the manager of the process.
 *
 * Returns: (transfer none): the manager, which lives as long as the process
 */
SpiceSmartcardManager *spice_smartcard_manager_get() {
    static gsize manager = 0;
    if (g_once_init_enter(&manager))
        g_once_init_leave(&manager, reinterpret_cast<gsize>(g_object_new(SPICE_TYPE_SMARTCARD_MANAGER, nullptr)));
    return reinterpret_cast<SpiceSmartcardManager *>(manager);
}

/**
 * spice_smartcard_reader_is_software:
 * @reader: a #SpiceSmartcardReader
 *
 * Tells whether a reader exists in software only.
 *
 * Returns: whether it does
 */
gboolean spice_smartcard_reader_is_software(SpiceSmartcardReader *reader) {
    g_return_val_if_fail(reader != nullptr, FALSE);
    return spice::device::is_software_reader(native(reader));
}

/**
 * spice_smartcard_reader_insert_card:
 * @reader: a #SpiceSmartcardReader in software
 *
 * Puts its card into a software reader.
 *
 * Returns: whether the card was put in
 */
gboolean spice_smartcard_reader_insert_card(SpiceSmartcardReader *reader) {
    g_return_val_if_fail(spice_smartcard_reader_is_software(reader), FALSE);
    return spice::device::insert_software_card(native(reader));
}

/**
 * spice_smartcard_reader_remove_card:
 * @reader: a #SpiceSmartcardReader in software
 *
 * Takes the card out of a software reader.
 *
 * Returns: whether the card was taken out
 */
gboolean spice_smartcard_reader_remove_card(SpiceSmartcardReader *reader) {
    g_return_val_if_fail(spice_smartcard_reader_is_software(reader), FALSE);
    return spice::device::remove_software_card(native(reader));
}

/**
 * spice_smartcard_manager_insert_card:
 * @manager: a #SpiceSmartcardManager
 *
 * Puts the card into the software reader; it is an error to call this without one, see
 * #SpiceSession:smartcard-certificates.
 *
 * Returns: whether the card was put in
 */
gboolean spice_smartcard_manager_insert_card(SpiceSmartcardManager *manager) {
    g_return_val_if_fail(SPICE_IS_SMARTCARD_MANAGER(manager), FALSE);
    const auto software_reader = CardBackend::get().software_reader();
    g_return_val_if_fail(software_reader != nullptr, FALSE);
    return spice::device::insert_software_card(software_reader.get());
}

/**
 * spice_smartcard_manager_remove_card:
 * @manager: a #SpiceSmartcardManager
 *
 * Takes the card out of the software reader; it is an error to call this without one, see
 * #SpiceSession:smartcard-certificates.
 *
 * Returns: whether the card was taken out
 */
gboolean spice_smartcard_manager_remove_card(SpiceSmartcardManager *manager) {
    g_return_val_if_fail(SPICE_IS_SMARTCARD_MANAGER(manager), FALSE);
    const auto software_reader = CardBackend::get().software_reader();
    g_return_val_if_fail(software_reader != nullptr, FALSE);
    return spice::device::remove_software_card(software_reader.get());
}

/**
 * spice_smartcard_manager_get_readers:
 * @manager: a #SpiceSmartcardManager
 *
 * Lists the readers.
 *
 * Returns: (element-type SpiceSmartcardReader) (transfer full): the readers, each to be freed with g_boxed_free()
 */
GList *spice_smartcard_manager_get_readers(SpiceSmartcardManager *manager) {
    g_return_val_if_fail(SPICE_IS_SMARTCARD_MANAGER(manager), nullptr);
    GList *list = nullptr;
    for (const auto &reader : CardBackend::get().readers())
        list = g_list_prepend(list, g_boxed_copy(SPICE_TYPE_SMARTCARD_READER, reader.get()));
    return g_list_reverse(list);
}
