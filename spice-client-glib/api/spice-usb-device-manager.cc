// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#include "api/channel-private.hh"
#include "api/session-private.hh"
#include "api/usb-private.hh"

#include "base/log.hh"

#include <algorithm>
#include <mutex>

/**
 * SECTION:usb-device-manager
 * @title: SpiceUsbDeviceManager
 * @short_description: USB devices for the guest
 */

/**
 * SpiceUsbDeviceManager:
 *
 * Knows the USB devices of this machine and gives them to the guest, each through a #SpiceUsbredirChannel. There is one
 * for each session, see spice_usb_device_manager_get(). All functions are to be called from the session's main context,
 * and all signals are emitted there.
 */

/**
 * SpiceUsbDeviceManagerClass:
 * @parent_class: the class of objects
 * @device_added: default handler of #SpiceUsbDeviceManager::device-added
 * @device_removed: default handler of #SpiceUsbDeviceManager::device-removed
 * @auto_connect_failed: default handler of #SpiceUsbDeviceManager::auto-connect-failed
 * @device_error: default handler of #SpiceUsbDeviceManager::device-error
 *
 * The class of USB device managers.
 */

using spice::session::UsbManager;

struct _SpiceUsbDeviceManagerPrivate final : UsbManager::Observer {
    explicit _SpiceUsbDeviceManagerPrivate(SpiceUsbDeviceManager *self) : owner{self}, core{*this} {}
    ~_SpiceUsbDeviceManagerPrivate() {
        for (auto *device : devices) g_boxed_free(SPICE_TYPE_USB_DEVICE, device);
        g_clear_weak_pointer(&session);
    }
    void on_device_added(const UsbManager::Device &device) override;
    void on_device_removed(const UsbManager::Device &device) override;
    void on_auto_connect_failed(const UsbManager::Device &device, const spice::Error &error) override;
    void on_permission_asked(bool asking) override;
    std::shared_ptr<void> keep_alive() override { return spice::api::hold(owner); }

    // The boxed value of a device in the list, or a new one; the caller's to free.
    SpiceUsbDevice *boxed(const UsbManager::Device &device) const;

    SpiceUsbDeviceManager *owner;
    SpiceSession *session = nullptr; // weak
    std::vector<SpiceUsbDevice *> devices;
    UsbManager core;
};

static void initable_init(GInitableIface *iface) noexcept;

G_DEFINE_TYPE_WITH_CODE(SpiceUsbDeviceManager, spice_usb_device_manager, G_TYPE_OBJECT,
                        G_IMPLEMENT_INTERFACE(G_TYPE_INITABLE, initable_init))

namespace {

enum Prop : guint {
    PROP_SESSION = 1,
    PROP_AUTO_CONNECT,
    PROP_AUTO_CONNECT_FILTER,
    PROP_REDIRECT_ON_CONNECT,
    PROP_FREE_CHANNELS,
    N_PROPS
};
GParamSpec *props[N_PROPS];
enum Signal : guint { SIGNAL_ADDED, SIGNAL_REMOVED, SIGNAL_AUTO_CONNECT_FAILED, SIGNAL_ERROR, N_SIGNALS };
guint signals[N_SIGNALS];

using BoxedPtr = std::unique_ptr<SpiceUsbDevice, void (*)(SpiceUsbDevice *)>;
BoxedPtr own(SpiceUsbDevice *device) {
    return {device, [](SpiceUsbDevice *d) { g_boxed_free(SPICE_TYPE_USB_DEVICE, d); }};
}

// The codes that applications know for USB.
spice::GErrorPtr to_usb_error(const spice::Error &error, int code = SPICE_CLIENT_ERROR_FAILED) {
    if (error.kind == spice::Error::Kind::cancelled)
        return spice::GErrorPtr{g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, error.what.c_str())};
    return spice::GErrorPtr{g_error_new_literal(SPICE_CLIENT_ERROR, code, error.what.c_str())};
}

gboolean report(const spice::Status &status, GError **error) {
    if (!status && error) *error = to_usb_error(status.error()).release();
    return static_cast<bool>(status);
}

void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec) noexcept {
    auto *priv = SPICE_USB_DEVICE_MANAGER(object)->priv;
    switch (id) {
    case PROP_SESSION: g_value_set_object(value, priv->session); break;
    case PROP_AUTO_CONNECT: g_value_set_boolean(value, priv->core.auto_connect); break;
    case PROP_AUTO_CONNECT_FILTER: g_value_set_string(value, priv->core.auto_connect_filter().c_str()); break;
    case PROP_REDIRECT_ON_CONNECT: {
        const auto filter = priv->core.redirect_on_connect();
        g_value_set_string(value, filter ? filter->c_str() : nullptr);
        break;
    }
    case PROP_FREE_CHANNELS: g_value_set_int(value, priv->core.free_channels()); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec) noexcept {
    auto *priv = SPICE_USB_DEVICE_MANAGER(object)->priv;
    const auto check = [](const spice::Status &status) {
        if (!status) spice::log::warn("%s", status.error().what.c_str());
    };
    switch (id) {
    case PROP_SESSION:
        g_set_weak_pointer(&priv->session, static_cast<SpiceSession *>(g_value_get_object(value)));
        priv->core.set_session(priv->session ? &priv->session->priv->core : nullptr);
        break;
    case PROP_AUTO_CONNECT: priv->core.auto_connect = g_value_get_boolean(value); break;
    case PROP_AUTO_CONNECT_FILTER: {
        const auto *text = g_value_get_string(value);
        check(priv->core.set_auto_connect_filter(text ? text : ""));
        break;
    }
    case PROP_REDIRECT_ON_CONNECT: {
        const auto *text = g_value_get_string(value);
        check(priv->core.set_redirect_on_connect(text ? std::optional<std::string>{text} : std::nullopt));
        break;
    }
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

gboolean start(GInitable *initable, GCancellable *cancellable, GError **error) noexcept {
    if (g_cancellable_set_error_if_cancelled(cancellable, error)) return FALSE;
    return report(SPICE_USB_DEVICE_MANAGER(initable)->priv->core.start(), error);
}

void finalize(GObject *object) noexcept {
    delete SPICE_USB_DEVICE_MANAGER(object)->priv;
    G_OBJECT_CLASS(spice_usb_device_manager_parent_class)->finalize(object);
}

constexpr auto writable = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

void install_properties(GObjectClass *object_class) {
    /**
     * SpiceUsbDeviceManager:session:
     *
     * The session whose guest gets the devices.
     */
    props[PROP_SESSION] = g_param_spec_object("session", nullptr, nullptr, SPICE_TYPE_SESSION,
                                              static_cast<GParamFlags>(writable | G_PARAM_CONSTRUCT_ONLY));
    /**
     * SpiceUsbDeviceManager:auto-connect:
     *
     * Whether devices that are plugged in go to the guest by themselves, if #SpiceUsbDeviceManager:auto-connect-filter
     * allows them.
     */
    props[PROP_AUTO_CONNECT] = g_param_spec_boolean("auto-connect", nullptr, nullptr, FALSE, writable);
    /**
     * SpiceUsbDeviceManager:auto-connect-filter:
     *
     * Which devices #SpiceUsbDeviceManager:auto-connect is about. Rules are separated by "|", the first that fits
     * decides, and what no rule fits is left alone. A rule is "class,vendor,product,version,allow", where -1 stands for
     * anything and allow is 0 or 1. The default leaves keyboards and mice out.
     */
    props[PROP_AUTO_CONNECT_FILTER] =
        g_param_spec_string("auto-connect-filter", nullptr, nullptr, UsbManager::default_filter,
                            static_cast<GParamFlags>(writable | G_PARAM_CONSTRUCT));
    /**
     * SpiceUsbDeviceManager:redirect-on-connect:
     *
     * Which of the devices that are there go to the guest when a channel for them opens; a filter as in
     * #SpiceUsbDeviceManager:auto-connect-filter, or %NULL for none.
     */
    props[PROP_REDIRECT_ON_CONNECT] = g_param_spec_string("redirect-on-connect", nullptr, nullptr, nullptr, writable);
    /**
     * SpiceUsbDeviceManager:free-channels:
     *
     * How many more devices the guest can have. There is no notification of changes.
     */
    props[PROP_FREE_CHANNELS] = g_param_spec_int("free-channels", nullptr, nullptr, 0, G_MAXINT, 0,
                                                 static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
    g_object_class_install_properties(object_class, N_PROPS, props);
}

void install_signals() {
    const GType type = SPICE_TYPE_USB_DEVICE_MANAGER;
    const GType boxed = SPICE_TYPE_USB_DEVICE;
    /**
     * SpiceUsbDeviceManager::device-added:
     * @manager: the manager
     * @device: the device
     *
     * A device was plugged in, or found at the start.
     */
    signals[SIGNAL_ADDED] =
        g_signal_new("device-added", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceUsbDeviceManagerClass, device_added),
                     nullptr, nullptr, nullptr, G_TYPE_NONE, 1, boxed);
    /**
     * SpiceUsbDeviceManager::device-removed:
     * @manager: the manager
     * @device: the device
     *
     * A device was unplugged. The guest does not have it any more either.
     */
    signals[SIGNAL_REMOVED] = g_signal_new("device-removed", type, G_SIGNAL_RUN_FIRST,
                                           G_STRUCT_OFFSET(SpiceUsbDeviceManagerClass, device_removed), nullptr,
                                           nullptr, nullptr, G_TYPE_NONE, 1, boxed);
    /**
     * SpiceUsbDeviceManager::auto-connect-failed:
     * @manager: the manager
     * @device: the device
     * @error: why
     *
     * A device that was to go to the guest by itself could not.
     */
    signals[SIGNAL_AUTO_CONNECT_FAILED] =
        g_signal_new("auto-connect-failed", type, G_SIGNAL_RUN_FIRST,
                     G_STRUCT_OFFSET(SpiceUsbDeviceManagerClass, auto_connect_failed), nullptr, nullptr, nullptr,
                     G_TYPE_NONE, 2, boxed, G_TYPE_ERROR);
    /**
     * SpiceUsbDeviceManager::device-error:
     * @manager: the manager
     * @device: the device
     * @error: what happened
     *
     * The guest has lost a device: it refused it (%SPICE_CLIENT_ERROR_USB_DEVICE_REJECTED), the device has gone
     * (%SPICE_CLIENT_ERROR_USB_DEVICE_LOST), or something else failed. The device is disconnected already.
     */
    signals[SIGNAL_ERROR] =
        g_signal_new("device-error", type, G_SIGNAL_RUN_FIRST, G_STRUCT_OFFSET(SpiceUsbDeviceManagerClass, device_error),
                     nullptr, nullptr, nullptr, G_TYPE_NONE, 2, boxed, G_TYPE_ERROR);
}

// A task that takes over what was found out about a device.
using TaskRef = spice::Ref<GTask>;
TaskRef new_task(SpiceUsbDeviceManager *manager, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data,
                 gpointer tag) {
    auto task = TaskRef::take(g_task_new(manager, cancellable, callback, data));
    g_task_set_source_tag(task.get(), tag);
    return task;
}

}

static void initable_init(GInitableIface *iface) noexcept { iface->init = start; }

static void spice_usb_device_manager_init(SpiceUsbDeviceManager *self) {
    self->priv = new SpiceUsbDeviceManagerPrivate{self};
}

static void spice_usb_device_manager_class_init(SpiceUsbDeviceManagerClass *klass) {
    auto *object_class = G_OBJECT_CLASS(klass);
    object_class->get_property = get_property;
    object_class->set_property = set_property;
    object_class->finalize = finalize;
    install_properties(object_class);
    install_signals();
}

SpiceUsbDevice *_SpiceUsbDeviceManagerPrivate::boxed(const UsbManager::Device &device) const {
    for (auto *known : devices)
        if (spice::api::usb_device_core(known) == device)
            return static_cast<SpiceUsbDevice *>(g_boxed_copy(SPICE_TYPE_USB_DEVICE, known));
    return spice::api::new_usb_device(device);
}

void _SpiceUsbDeviceManagerPrivate::on_device_added(const UsbManager::Device &device) {
    auto keep = keep_alive();
    devices.push_back(spice::api::new_usb_device(device));
    const auto held = own(boxed(device));
    g_signal_emit(owner, signals[SIGNAL_ADDED], 0, held.get());
}

void _SpiceUsbDeviceManagerPrivate::on_device_removed(const UsbManager::Device &device) {
    auto keep = keep_alive();
    const auto found = std::find_if(devices.begin(), devices.end(),
                                    [&](auto *d) { return spice::api::usb_device_core(d) == device; });
    if (found == devices.end()) return;
    const auto held = own(*found);
    devices.erase(found);
    g_signal_emit(owner, signals[SIGNAL_REMOVED], 0, held.get());
}

void _SpiceUsbDeviceManagerPrivate::on_auto_connect_failed(const UsbManager::Device &device, const spice::Error &error) {
    auto keep = keep_alive();
    const auto held = own(boxed(device));
    const auto why = to_usb_error(error);
    g_signal_emit(owner, signals[SIGNAL_AUTO_CONNECT_FAILED], 0, held.get(), why.get());
}

void _SpiceUsbDeviceManagerPrivate::on_permission_asked(bool asking) {
    if (session) g_object_set(session, "inhibit-keyboard-grab", static_cast<gboolean>(asking), nullptr);
}

namespace spice::api {

SpiceUsbDeviceManager *usb_manager_of(SpiceSession *session, GError **error) {
    static auto &mutex = *new std::mutex; // any thread may be the first
    std::lock_guard lock{mutex};
    auto &slot = session->priv->usb_manager;
    if (!slot)
        slot = Ref<SpiceUsbDeviceManager>::take(static_cast<SpiceUsbDeviceManager *>(
            g_initable_new(SPICE_TYPE_USB_DEVICE_MANAGER, nullptr, error, "session", session, nullptr)));
    return slot.get();
}

void usb_session_gone(SpiceUsbDeviceManager *manager) { manager->priv->core.set_session(nullptr); }

void usb_channel_ready(SpiceUsbDeviceManager *manager) {
    auto keep = manager->priv->keep_alive();
    manager->priv->core.channel_ready();
}

void usb_device_failed(SpiceUsbDeviceManager *manager, const session::UsbManager::Device &device, const Error &error) {
    auto keep = manager->priv->keep_alive();
    auto code = SPICE_CLIENT_ERROR_FAILED;
    if (error.code == static_cast<int>(device::UsbFault::rejected)) code = SPICE_CLIENT_ERROR_USB_DEVICE_REJECTED;
    if (error.code == static_cast<int>(device::UsbFault::lost)) code = SPICE_CLIENT_ERROR_USB_DEVICE_LOST;
    const auto held = own(manager->priv->boxed(device));
    const auto why = to_usb_error(error, code);
    g_signal_emit(manager, signals[SIGNAL_ERROR], 0, held.get(), why.get());
}

}

/**
 * spice_usb_device_manager_get:
 * @session: a #SpiceSession
 * @err: where to put an error, or %NULL
 *
 * Gets the session's manager, which begins to look for devices with the first call. May be called from any thread.
 *
 * Returns: (transfer none): the manager, which lives as long as the session; %NULL where USB cannot be used
 */
SpiceUsbDeviceManager *spice_usb_device_manager_get(SpiceSession *session, GError **err) {
    g_return_val_if_fail(SPICE_IS_SESSION(session), nullptr);
    g_return_val_if_fail(err == nullptr || *err == nullptr, nullptr);
    return spice::api::usb_manager_of(session, err);
}

/**
 * spice_usb_device_manager_get_devices_with_filter:
 * @manager: a #SpiceUsbDeviceManager
 * @filter: (nullable): which devices, see #SpiceUsbDeviceManager:auto-connect-filter; %NULL for all
 *
 * Lists the devices. A filter that is not valid is not used.
 *
 * Returns: (element-type SpiceUsbDevice) (transfer container): the devices; g_ptr_array_unref() lets go of them, too
 */
GPtrArray *spice_usb_device_manager_get_devices_with_filter(SpiceUsbDeviceManager *manager, const gchar *filter) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), nullptr);
    std::optional<spice::device::UsbFilter> wanted;
    if (filter) {
        auto parsed = spice::device::UsbFilter::parse(filter);
        if (parsed) wanted = std::move(*parsed);
        else spice::log::warn("%s", parsed.error().what.c_str());
    }
    auto *list = g_ptr_array_new_with_free_func([](gpointer d) { g_boxed_free(SPICE_TYPE_USB_DEVICE, d); });
    for (auto *device : manager->priv->devices)
        if (!wanted || wanted->allows(spice::api::usb_device_core(device)->identity()))
            g_ptr_array_add(list, g_boxed_copy(SPICE_TYPE_USB_DEVICE, device));
    return list;
}

/**
 * spice_usb_device_manager_get_devices:
 * @manager: a #SpiceUsbDeviceManager
 *
 * Lists the devices.
 *
 * Returns: (element-type SpiceUsbDevice) (transfer container): the devices; g_ptr_array_unref() lets go of them, too
 */
GPtrArray *spice_usb_device_manager_get_devices(SpiceUsbDeviceManager *manager) {
    return spice_usb_device_manager_get_devices_with_filter(manager, nullptr);
}

/**
 * spice_usb_device_manager_is_device_connected:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 *
 * Tells whether the guest has a device, or is about to get it or to lose it.
 *
 * Returns: whether it has
 */
gboolean spice_usb_device_manager_is_device_connected(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), FALSE);
    g_return_val_if_fail(device != nullptr, FALSE);
    return manager->priv->core.is_connected(spice::api::usb_device_core(device));
}

/**
 * spice_usb_device_manager_connect_device_async:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 * @cancellable: (nullable): a #GCancellable
 * @callback: (nullable) (scope async): what to call when done
 * @user_data: passed to @callback
 *
 * Gives a device to the guest. When the user may not use the device, the system may ask for a password; see
 * #SpiceSession:inhibit-keyboard-grab.
 */
void spice_usb_device_manager_connect_device_async(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                                   gpointer user_data) {
    g_return_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager));
    g_return_if_fail(device != nullptr);
    auto task = new_task(manager, cancellable, callback, user_data,
                         reinterpret_cast<gpointer>(spice_usb_device_manager_connect_device_async));
    const auto &core = spice::api::usb_device_core(device);
    manager->priv->core.connect(core, cancellable, [task, manager, core](const spice::Error *error) {
        if (error) return g_task_return_error(task.get(), to_usb_error(*error).release());
        // Nobody wants it any more: the task reports that, and the device must not stay there.
        if (g_cancellable_is_cancelled(g_task_get_cancellable(task.get())))
            manager->priv->core.disconnect(core, [](const spice::Error *) {});
        g_task_return_boolean(task.get(), TRUE);
    });
}

/**
 * spice_usb_device_manager_connect_device_finish:
 * @manager: a #SpiceUsbDeviceManager
 * @res: what the callback got
 * @err: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_usb_device_manager_connect_device_async().
 *
 * Returns: whether the guest has the device
 */
gboolean spice_usb_device_manager_connect_device_finish(SpiceUsbDeviceManager *manager, GAsyncResult *res,
                                                        GError **err) {
    g_return_val_if_fail(g_task_is_valid(res, manager), FALSE);
    return g_task_propagate_boolean(G_TASK(res), err);
}

/**
 * spice_usb_device_manager_disconnect_device_async:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 * @cancellable: (nullable): a #GCancellable
 * @callback: (nullable) (scope async): what to call when done
 * @user_data: passed to @callback
 *
 * Takes a device from the guest and gives it back to this machine.
 */
void spice_usb_device_manager_disconnect_device_async(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                                      gpointer user_data) {
    g_return_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager));
    g_return_if_fail(device != nullptr);
    auto task = new_task(manager, cancellable, callback, user_data,
                         reinterpret_cast<gpointer>(spice_usb_device_manager_disconnect_device_async));
    manager->priv->core.disconnect(spice::api::usb_device_core(device),
                                   [task](const spice::Error *) { g_task_return_boolean(task.get(), TRUE); });
}

/**
 * spice_usb_device_manager_disconnect_device_finish:
 * @manager: a #SpiceUsbDeviceManager
 * @res: what the callback got
 * @err: where to put an error, or %NULL
 *
 * Ends an operation begun with spice_usb_device_manager_disconnect_device_async().
 *
 * Returns: whether the device is disconnected
 */
gboolean spice_usb_device_manager_disconnect_device_finish(SpiceUsbDeviceManager *manager, GAsyncResult *res,
                                                           GError **err) {
    g_return_val_if_fail(g_task_is_valid(res, manager), FALSE);
    return g_task_propagate_boolean(G_TASK(res), err);
}

/**
 * spice_usb_device_manager_disconnect_device:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 *
 * Begins to take a device from the guest. It is deprecated: spice_usb_device_manager_disconnect_device_async() tells
 * when that is done.
 */
void spice_usb_device_manager_disconnect_device(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device) {
    spice_usb_device_manager_disconnect_device_async(manager, device, nullptr, nullptr, nullptr);
}

/**
 * spice_usb_device_manager_can_redirect_device:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 * @err: where to put the reason, or %NULL
 *
 * Tells whether the guest could be given a device now, or has it.
 *
 * Returns: %FALSE with the reason in @err when it cannot
 */
gboolean spice_usb_device_manager_can_redirect_device(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                      GError **err) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), FALSE);
    g_return_val_if_fail(device != nullptr, FALSE);
    g_return_val_if_fail(err == nullptr || *err == nullptr, FALSE);
    return report(manager->priv->core.can_redirect(spice::api::usb_device_core(device)), err);
}

/**
 * spice_usb_device_manager_is_redirecting:
 * @manager: a #SpiceUsbDeviceManager
 *
 * Tells whether a device is just being connected.
 *
 * Returns: whether one is
 */
gboolean spice_usb_device_manager_is_redirecting(SpiceUsbDeviceManager *manager) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), FALSE);
    return manager->priv->core.redirecting();
}

/**
 * spice_usb_device_manager_create_shared_cd_device:
 * @manager: a #SpiceUsbDeviceManager
 * @filename: the file with the CD's content
 * @err: where to put an error, or %NULL
 *
 * Adds a USB CD drive with a file in it to the devices; #SpiceUsbDeviceManager::device-added follows from the main loop.
 *
 * Returns: whether the file can be used
 */
gboolean spice_usb_device_manager_create_shared_cd_device(SpiceUsbDeviceManager *manager, gchar *filename,
                                                          GError **err) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), FALSE);
    g_return_val_if_fail(filename != nullptr, FALSE);
    g_return_val_if_fail(err == nullptr || *err == nullptr, FALSE);
    return report(manager->priv->core.create_shared_cd(filename), err);
}

/**
 * spice_usb_device_manager_is_device_shared_cd:
 * @manager: a #SpiceUsbDeviceManager
 * @device: a #SpiceUsbDevice
 *
 * Tells whether a device is a drive of spice_usb_device_manager_create_shared_cd_device().
 *
 * Returns: whether it is
 */
gboolean spice_usb_device_manager_is_device_shared_cd(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), FALSE);
    g_return_val_if_fail(device != nullptr, FALSE);
    return spice::api::usb_device_core(device)->is_shared_cd();
}

/**
 * spice_usb_device_manager_allocate_device_for_file_descriptor:
 * @manager: a #SpiceUsbDeviceManager
 * @file_descriptor: an open file descriptor of a USB device, which stays the caller's
 * @err: where to put an error, or %NULL
 *
 * Makes a device out of a descriptor, where devices cannot be found but are handed out by the system. It is not among
 * the devices that are listed.
 *
 * Returns: (transfer full) (nullable): the device, or %NULL
 */
SpiceUsbDevice *spice_usb_device_manager_allocate_device_for_file_descriptor(SpiceUsbDeviceManager *manager,
                                                                             int file_descriptor, GError **err) {
    g_return_val_if_fail(SPICE_IS_USB_DEVICE_MANAGER(manager), nullptr);
    g_return_val_if_fail(err == nullptr || *err == nullptr, nullptr);
    auto device = manager->priv->core.from_descriptor(file_descriptor);
    if (device) return spice::api::new_usb_device(std::move(*device));
    if (err) *err = to_usb_error(device.error()).release();
    return nullptr;
}
