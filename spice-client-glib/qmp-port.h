// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
#ifndef QMP_PORT_H_
#define QMP_PORT_H_

#if !defined(__SPICE_CLIENT_H_INSIDE__) && !defined(SPICE_COMPILATION)
#warning "Only <spice-client.h> can be included directly"
#endif

#include <glib-object.h>
#include "channel-port.h"

G_BEGIN_DECLS

#define SPICE_TYPE_QMP_PORT            (spice_qmp_port_get_type())
#define SPICE_QMP_PORT(obj)            (G_TYPE_CHECK_INSTANCE_CAST((obj), SPICE_TYPE_QMP_PORT, SpiceQmpPort))
#define SPICE_QMP_PORT_CLASS(klass)    (G_TYPE_CHECK_CLASS_CAST((klass), SPICE_TYPE_QMP_PORT, SpiceQmpPortClass))
#define SPICE_IS_QMP_PORT(obj)         (G_TYPE_CHECK_INSTANCE_TYPE((obj), SPICE_TYPE_QMP_PORT))
#define SPICE_IS_QMP_PORT_CLASS(klass) (G_TYPE_CHECK_CLASS_TYPE((klass), SPICE_TYPE_QMP_PORT))
#define SPICE_QMP_PORT_GET_CLASS(obj)  (G_TYPE_INSTANCE_GET_CLASS((obj), SPICE_TYPE_QMP_PORT, SpiceQmpPortClass))

typedef struct _SpiceQmpPort SpiceQmpPort;
typedef struct _SpiceQmpPortClass SpiceQmpPortClass;

/**
 * SpiceQmpPortVmAction:
 * @SPICE_QMP_PORT_VM_ACTION_QUIT: end the emulator
 * @SPICE_QMP_PORT_VM_ACTION_RESET: press the reset button
 * @SPICE_QMP_PORT_VM_ACTION_POWER_DOWN: press the power button
 * @SPICE_QMP_PORT_VM_ACTION_PAUSE: stop the processors
 * @SPICE_QMP_PORT_VM_ACTION_CONTINUE: let them go on
 * @SPICE_QMP_PORT_VM_ACTION_LAST: behind the last action
 *
 * What can be done to a virtual machine as a whole.
 *
 * Since: 0.36
 */
typedef enum SpiceQmpPortVmAction {
    SPICE_QMP_PORT_VM_ACTION_QUIT,
    SPICE_QMP_PORT_VM_ACTION_RESET,
    SPICE_QMP_PORT_VM_ACTION_POWER_DOWN,
    SPICE_QMP_PORT_VM_ACTION_PAUSE,
    SPICE_QMP_PORT_VM_ACTION_CONTINUE,

    SPICE_QMP_PORT_VM_ACTION_LAST,
} SpiceQmpPortVmAction;

/**
 * SpiceQmpStatus:
 * @version: of this structure, 1
 * @running: whether the processors run
 * @singlestep: whether they run step by step
 * @status: the state by name, such as "running" or "paused"
 *
 * How a virtual machine is.
 *
 * Since: 0.36
 */
typedef struct _SpiceQmpStatus {
    /*< private >*/
    gint ref;

    /*< public >*/
    gint version;

    gboolean running;
    gboolean singlestep;
    gchar *status;
} SpiceQmpStatus;

GType spice_qmp_port_get_type(void);

SpiceQmpPort *spice_qmp_port_get(SpicePortChannel *channel);

void spice_qmp_port_vm_action_async(SpiceQmpPort *self, SpiceQmpPortVmAction action,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean spice_qmp_port_vm_action_finish(SpiceQmpPort *self, GAsyncResult *result, GError **error);

GType spice_qmp_status_get_type(void);
SpiceQmpStatus *spice_qmp_status_ref(SpiceQmpStatus *status);
void spice_qmp_status_unref(SpiceQmpStatus *status);

void spice_qmp_port_query_status_async(SpiceQmpPort *self, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
SpiceQmpStatus *spice_qmp_port_query_status_finish(SpiceQmpPort *self, GAsyncResult *result,
                                                   GError **error);

G_END_DECLS

#endif
