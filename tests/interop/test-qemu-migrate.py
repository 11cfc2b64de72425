# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A running machine moves from one QEMU to another, and the session follows it (TAP).

The machine is a boot sector that shows what is typed."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from migration import Traveller, announce  # noqa: E402
from qemu import Qemu  # noqa: E402

TIMES = 5 if '--full' in sys.argv else 1
A, B, SCANCODES = 0x1e, 0x30, (0x20, 0x12, 0x21, 0x22, 0x23)
# for ever: read a key, show it
ECHO = bytes.fromhex('b400cd16 b40eb307cd10 ebf4'.replace(' ', ''))


class Machine(Qemu):
    def __init__(self, image, seamless, incoming=None):
        self.incoming = incoming
        more = ['-drive', 'if=floppy,format=raw,readonly=on,file=' + image, '-boot', 'a',
                '-device', 'virtio-serial', '-chardev', 'spiceport,name=org.test.port,id=port', '-device', 'virtserialport,chardev=port']
        if incoming:
            more += ['-incoming', incoming]
        super().__init__(vga='std', spice=['seamless-migration=' + ('on' if seamless else 'off')], more=more)


def boot_image(folder):
    path = os.path.join(folder, 'echo.img')
    with open(path, 'wb') as f:
        f.write(ECHO.ljust(510, b'\0') + b'\x55\xaa')
        f.truncate(1440 << 10)
    return path


def type_key(traveller, vm, key):
    before = vm.screen()
    traveller.press(key)
    vm.wait_screen('what is typed', lambda now: now != before, limit=20)


def stay_connected(spice, seamless, hops):
    """From host to host without an interruption; the application keeps every object."""
    with tempfile.TemporaryDirectory(prefix='spice-boot-') as folder:
        image = boot_image(folder)
        source = Machine(image, seamless)
        try:
            source.wait_quiet()
            traveller = Traveller(spice, source.uri)
            type_key(traveller, source, A)
            traveller.compare(source)
            for hop in range(hops):
                target = Machine(image, seamless, 'tcp:127.0.0.1:%d' % processes.free_port())
                try:
                    traveller.move(source, target, seamless)
                finally:
                    source.close()
                    source = target
                traveller.meanwhile('a machine that runs', lambda: source.qmp.call('query-status')['running'])
                type_key(traveller, source, SCANCODES[hop % len(SCANCODES)])
                traveller.compare(source)
            traveller.leave()
        finally:
            source.close()


def follow(spice):
    """A host that cannot be reached in advance: main connects there anew when the machine has moved."""
    from client import Client
    from gi.repository import GObject
    wire = 'tcp:127.0.0.1:%d' % processes.free_port()
    os.environ['SPICE_MIG_HOST'] = '127.0.0.2'  # QEMU listens on another one
    with Qemu(vga='std') as source, Qemu(vga='std', more=['-incoming', wire]) as target:
        source.wait_quiet()
        client = Client(spice, source.uri)
        client.wait('an open display', lambda: client.opened(spice.DisplayChannel))
        client.wait_inputs()
        states = []
        client.on(client.session, 'notify::migration-state', lambda s, _: states.append(int(s.props.migration_state)))
        client.events.clear()
        announce(source, target)
        source.qmp.call('migrate', uri=wire)
        client.wait('the new display', lambda: client.opened(spice.DisplayChannel) and client.opened(spice.MainChannel), 60)
        inputs = client.wait_inputs()
        tap.check(states == [1, 0], 'the states were %r' % states)
        tap.check(client.session.props.port == str(target.port), 'the port is ' + str(client.session.props.port))
        tap.check(target.qmp.call('query-status')['running'], 'the machine does not run where it went to')
        inputs.key_press(1)
        inputs.key_release(1)
        client.flush(inputs)
        client.disconnect()
        GObject.Object.run_dispose(client.session)
    del os.environ['SPICE_MIG_HOST']


def body(program):
    spice = ours.introspected()
    for seamless in (False, True):
        name = 'the session %s, %d times' % ('goes along' if seamless else 'is taken over', TIMES)
        program.run(name, stay_connected, spice, seamless, TIMES)
    for number in range(TIMES):
        program.run('the session follows, %d' % (number + 1), follow, spice)


tap.main(body)
