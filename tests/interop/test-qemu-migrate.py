# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A running machine moves from one QEMU to another, and the session follows it."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

TIMES = 5 if '--full' in sys.argv else 1


def moved(source):
    state = source.qmp.call('query-migrate').get('status')
    tap.check(state not in ('failed', 'cancelled'), 'the migration has ' + str(state))
    return state == 'completed'


def follow(spice):
    from client import Client
    from gi.repository import GObject
    wire = 'tcp:127.0.0.1:%d' % processes.free_port()
    with Qemu(vga='std') as source, Qemu(vga='std', more=['-incoming', wire]) as target:
        source.wait_quiet()
        client = Client(spice, source.uri)
        client.wait('an open display', lambda: client.opened(spice.DisplayChannel))
        client.wait_inputs()
        states = []
        client.on(client.session, 'notify::migration-state', lambda s, _: states.append(int(s.props.migration_state)))
        client.events.clear()
        source.qmp.call('client_migrate_info', protocol='spice', hostname='127.0.0.1', port=target.port)
        source.qmp.call('migrate', uri=wire)
        client.wait('the new display', lambda: client.opened(spice.DisplayChannel) and client.opened(spice.MainChannel), 60)
        inputs = client.wait_inputs()
        tap.wait_for('the end of the migration', 30, lambda: moved(source))
        tap.check(states == [1, 0], 'the states were %r' % states)
        tap.check(client.session.props.port == str(target.port), 'the port is ' + str(client.session.props.port))
        tap.check(target.qmp.call('query-status')['running'], 'the machine does not run where it went to')
        inputs.key_press(1)
        inputs.key_release(1)
        client.flush(inputs)
        client.disconnect()
        GObject.Object.run_dispose(client.session)


def body(program):
    spice = ours.introspected()
    for number in range(TIMES):
        program.run('the session follows, %d' % (number + 1), follow, spice)


tap.main(body)
