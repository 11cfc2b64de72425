#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""QEMU's monitor through a port: status, actions, events, cancellation and the end (TAP)."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ours  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

MONITOR = ['-chardev', 'spiceport,id=mon,name=org.qemu.monitor.qmp.0', '-mon', 'chardev=mon,mode=control']


def start(spice, vm):
    from client import Client
    client = Client(spice, vm.uri)
    port = client.wait('the port', lambda: client.opened(spice.PortChannel))
    client.wait('its name', lambda: port.props.port_name == 'org.qemu.monitor.qmp.0' and port.props.port_opened)
    qmp = spice.QmpPort.get(port)
    tap.check(spice.QmpPort.get(port) == qmp, 'another object for the same port')
    client.wait('the monitor', lambda: qmp.props.ready)
    return client, qmp


def call(client, begin, finish, *arguments, cancellable=None):
    from gi.repository import GLib
    done = []

    def ended(_source, result, *_):
        try:
            done.append(finish(result))
        except GLib.Error as error:
            done.append(error)
    begin(*arguments, cancellable, ended)
    if cancellable:
        cancellable.cancel()
    tap.check(not done, 'the answer came inside the call')
    client.wait('the answer', lambda: done)
    return done[0]


def status(client, qmp):
    return call(client, qmp.query_status_async, qmp.query_status_finish)


def actions(spice, unix):
    with Qemu(vga='std', unix=unix, more=MONITOR) as vm:
        client, qmp = start(spice, vm)
        events = []
        client.on(qmp, 'event', lambda _qmp, name, _data: events.append(name))
        now = status(client, qmp)
        tap.check((now.version, now.running, now.status) == (1, True, 'running'), 'not running: %s' % now.status)
        act = spice.QmpPortVmAction
        for action, event, state in ((act.PAUSE, 'STOP', 'paused'), (act.CONTINUE, 'RESUME', 'running')):
            tap.check(call(client, qmp.vm_action_async, qmp.vm_action_finish, action) is True, 'refused')
            client.wait('the event ' + event, lambda e=event: e in events)
            tap.check(status(client, qmp).status == state, 'not ' + state)
            tap.check(vm.qmp.call('query-status')['status'] == state, 'QEMU is not ' + state)
        call(client, qmp.vm_action_async, qmp.vm_action_finish, act.RESET)
        client.wait('the reset', lambda: 'RESET' in events)
        call(client, qmp.vm_action_async, qmp.vm_action_finish, act.POWER_DOWN)
        client.wait('the power button', lambda: 'POWERDOWN' in events)
        client.disconnect()
        tap.check(not qmp.props.ready, 'ready without a connection')


def cancelled(spice):
    from gi.repository import Gio
    with Qemu(vga='std', more=MONITOR) as vm:
        client, qmp = start(spice, vm)
        error = call(client, qmp.query_status_async, qmp.query_status_finish, cancellable=Gio.Cancellable())
        tap.check(getattr(error, 'domain', '') == 'g-io-error-quark' and error.code == Gio.IOErrorEnum.CANCELLED,
                  'not cancelled: %r' % error)
        tap.check(status(client, qmp).status == 'running', 'no answer afterwards')
        client.disconnect()


def quits(spice):
    with Qemu(vga='std', more=MONITOR) as vm:
        client, qmp = start(spice, vm)
        call(client, qmp.vm_action_async, qmp.vm_action_finish, spice.QmpPortVmAction.QUIT)
        client.wait('the end of the monitor', lambda: not qmp.props.ready)
        tap.check(vm.child.wait(20) == 0, 'QEMU did not end well')


def body(program):
    spice = ours.introspected()
    program.run('actions and events, TCP', actions, spice, False)
    program.run('actions and events, UNIX socket', actions, spice, True)
    program.run('a command can be cancelled', cancelled, spice)
    program.run('quitting ends the monitor', quits, spice)
    program.run('Python runs on our library', ours.prove)


tap.main(body)
