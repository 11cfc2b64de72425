// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef __SPICE_USB_DEVICE_MANAGER_H__
#define __SPICE_USB_DEVICE_MANAGER_H__

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <gio/gio.h>
#include "spice-session.h"

G_BEGIN_DECLS

#define SPICE_TYPE_USB_DEVICE_MANAGER            (spice_usb_device_manager_get_type())
#define SPICE_USB_DEVICE_MANAGER(obj)            (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_USB_DEVICE_MANAGER, SpiceUsbDeviceManager))
#define SPICE_USB_DEVICE_MANAGER_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST((klass), SPICE_TYPE_USB_DEVICE_MANAGER, SpiceUsbDeviceManagerClass))
#define SPICE_IS_USB_DEVICE_MANAGER(obj)         (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_USB_DEVICE_MANAGER))
#define SPICE_IS_USB_DEVICE_MANAGER_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE((klass), SPICE_TYPE_USB_DEVICE_MANAGER))
#define SPICE_USB_DEVICE_MANAGER_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS((obj), SPICE_TYPE_USB_DEVICE_MANAGER, SpiceUsbDeviceManagerClass))

#define SPICE_TYPE_USB_DEVICE (spice_usb_device_get_type())

typedef struct _SpiceUsbDeviceManager SpiceUsbDeviceManager;
typedef struct _SpiceUsbDeviceManagerClass SpiceUsbDeviceManagerClass;
typedef struct _SpiceUsbDeviceManagerPrivate SpiceUsbDeviceManagerPrivate;

typedef struct _SpiceUsbDevice SpiceUsbDevice;

struct _SpiceUsbDeviceManager {
    GObject parent;
    /*< private >*/
    SpiceUsbDeviceManagerPrivate *priv;
};

struct _SpiceUsbDeviceManagerClass {
    GObjectClass parent_class;

    void (*device_added)(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device);
    void (*device_removed)(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device);
    void (*auto_connect_failed)(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device, GError *error);
    void (*device_error)(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device, GError *error);

    /*< private >*/
    gpointer _spice_reserved[10];
};

GType spice_usb_device_get_type(void);
GType spice_usb_device_manager_get_type(void);

gchar *spice_usb_device_get_description(SpiceUsbDevice *device, const gchar *format);
gconstpointer spice_usb_device_get_libusb_device(const SpiceUsbDevice *device);

SpiceUsbDeviceManager *spice_usb_device_manager_get(SpiceSession *session, GError **err);
GPtrArray *spice_usb_device_manager_get_devices(SpiceUsbDeviceManager *manager);
GPtrArray *spice_usb_device_manager_get_devices_with_filter(SpiceUsbDeviceManager *manager, const gchar *filter);
gboolean spice_usb_device_manager_is_device_connected(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device);
void spice_usb_device_manager_connect_device_async(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                                   gpointer user_data);
gboolean spice_usb_device_manager_connect_device_finish(SpiceUsbDeviceManager *manager, GAsyncResult *res,
                                                        GError **err);
void spice_usb_device_manager_disconnect_device_async(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                                      gpointer user_data);
gboolean spice_usb_device_manager_disconnect_device_finish(SpiceUsbDeviceManager *manager, GAsyncResult *res,
                                                           GError **err);
#ifndef SPICE_DISABLE_DEPRECATED
G_DEPRECATED_FOR(spice_usb_device_manager_disconnect_device_async)
void spice_usb_device_manager_disconnect_device(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device);
#endif
gboolean spice_usb_device_manager_can_redirect_device(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device,
                                                      GError **err);
gboolean spice_usb_device_manager_is_redirecting(SpiceUsbDeviceManager *manager);
gboolean spice_usb_device_manager_create_shared_cd_device(SpiceUsbDeviceManager *manager, gchar *filename,
                                                          GError **err);
gboolean spice_usb_device_manager_is_device_shared_cd(SpiceUsbDeviceManager *manager, SpiceUsbDevice *device);
SpiceUsbDevice *spice_usb_device_manager_allocate_device_for_file_descriptor(SpiceUsbDeviceManager *manager,
                                                                             int file_descriptor, GError **err);

G_END_DECLS

#endif
