#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-qemu-usb.py: QEMU's USB redirection understands our greeting, and we its rules (TAP).

QEMU sends its filter only to a client whose greeting it has understood."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ours  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

NO_STORAGE = ',filter=0x08:-1:-1:-1:0|-1:-1:-1:-1:1'


def redirect(spice, unix, count, rules, wanted):
    from client import Client
    more = ['-device', 'qemu-xhci']
    for i in range(count):
        more += ['-chardev', 'spicevmc,id=u%d,name=usbredir' % i,
                 '-device', 'usb-redir,chardev=u%d%s' % (i, rules)]
    with Qemu(vga='std', unix=unix, more=more) as vm:
        client = Client(spice, vm.uri)
        manager = spice.UsbDeviceManager.get(client.session)
        manager.create_shared_cd_device(__file__)
        channels = lambda: [c for c, e in client.events  # noqa: E731
                            if isinstance(c, spice.UsbredirChannel) and e == spice.ChannelEvent.OPENED]
        client.wait('%d open USB channels' % count, lambda: len(channels()) == count)
        devices = client.wait('the CD', lambda: [d for d in manager.get_devices() if manager.is_device_shared_cd(d)])
        tap.check(manager.props.free_channels == count, 'free channels: %d' % manager.props.free_channels)

        def answer():
            try:
                return 'yes' if manager.can_redirect_device(devices[0]) else 'no'
            except Exception as error:  # GLib.Error
                return str(error)
        client.wait('the answer "%s"' % wanted, lambda: wanted in answer())
        # nothing of this has made QEMU close a channel
        client.flush(client.opened(spice.MainChannel))
        tap.check(not any(e != spice.ChannelEvent.OPENED for c, e in client.events), 'a channel has ended')
        client.disconnect()


def body(program):
    spice = ours.introspected()
    program.run('we are on our library', ours.prove)
    program.run('two channels, TCP', redirect, spice, False, 2, '', 'yes')
    program.run('the rules of the host, TCP', redirect, spice, False, 1, NO_STORAGE, 'policy of the host')
    program.run('the rules of the host, UNIX socket', redirect, spice, True, 1, NO_STORAGE, 'policy of the host')


tap.main(body)
