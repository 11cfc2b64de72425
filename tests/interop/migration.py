# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A client that goes along when its machine moves to another host, and what it must not notice of it."""
import ctypes
import os

import images
import tap
from client import Client
from gi.repository import GLib

MIGRATING = 2


def announce(source, target):
    """Clients may connect to the target in advance. QEMU itself does not wait for them when it migrates."""
    source.qmp.call('client_migrate_info', protocol='spice', hostname='127.0.0.1', port=target.port)


def has_moved(source):
    state = source.qmp.call('query-migrate').get('status')
    tap.check(state not in ('failed', 'cancelled'), 'the migration has ' + str(state))
    return state == 'completed'


def threads():
    """Names of this process' threads, but for the workers, which come when there is work and stay."""
    names = []
    for task in os.listdir('/proc/self/task'):
        try:
            with open('/proc/self/task/%s/comm' % task, encoding='utf-8') as f:
                names.append(f.read().strip())
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has just ended
    return [name for name in names if not name.startswith('spice-worker')]


class Primary(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ('format', 'width', 'height', 'stride', 'shmid')] + \
        [('data', ctypes.c_void_p), ('marked', ctypes.c_int)]


class Traveller(Client):
    def __init__(self, spice, uri):
        super().__init__(spice, uri)
        kinds = (spice.MainChannel, spice.DisplayChannel, spice.InputsChannel, spice.CursorChannel)
        self.wait('open channels', lambda: all(self.opened(kind) for kind in kinds))
        self.main, self.display, self.inputs = (self.opened(kind) for kind in kinds[:3])
        self.states, self.targets, self.gone, self.usage = [], [], [], None
        self.on(self.session, 'notify::migration-state', lambda s, _: self.states.append(int(s.props.migration_state)))
        self.on(self.session, 'channel-destroy', lambda _s, c: self.gone.append(c))
        self.on(self.main, 'migration-started', lambda _c, s: self.targets.append(s.is_for_migration()))

    def press(self, key):
        self.inputs.key_press(key)
        self.inputs.key_release(key)
        self.flush(self.inputs)

    def move(self, source, target, seamless):
        """Sends the machine to `target`, which listens where its `incoming` says."""
        for told in (self.events, self.states, self.targets):
            told.clear()
        announce(source, target)
        self.wait('connections in advance', lambda: self.states)
        source.qmp.call('migrate', uri=target.incoming)
        self.meanwhile('the end of the migration', lambda: has_moved(source), 90)
        self.wait('the other host', lambda: self.states[-1:] == [0])
        tap.check(self.states == [MIGRATING, 0], 'the states were %r' % self.states)
        tap.check(self.targets == [True], 'migration-started said %r' % self.targets)
        tap.check(not self.events and not self.gone, 'events: %s' % [(type(c).__name__, int(e)) for c, e in self.events])
        tap.check(self.session.props.port == str(target.port), 'the port is ' + str(self.session.props.port))
        self.check_usage(seamless)

    def meanwhile(self, what, test, limit=30):
        """Asks now and then, while the session lives."""
        tick = GLib.timeout_add(20, lambda: True, priority=GLib.PRIORITY_LOW)  # below what the channels say
        try:
            return self.wait(what, test, limit)
        finally:
            GLib.source_remove(tick)

    def check_usage(self, seamless):
        """Descriptors and threads are what they were, and memory does not grow from host to host."""
        def now():
            with open('/proc/self/statm', encoding='ascii') as f:
                resident = int(f.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')
            return len(os.listdir('/proc/self/fd')), len(threads()), resident
        if self.usage is None:
            self.usage = now()
            return
        self.meanwhile('the end of threads and descriptors', lambda: now()[:2] <= self.usage[:2] or None, 10)
        grown = now()[2] - self.usage[2]
        tap.note('%s: %d descriptors, %d threads, %+d KiB' % ('seamless' if seamless else 'semi-seamless', *now()[:2], grown >> 10))
        tap.check(grown < 24 << 20, 'memory has grown by %d MiB' % (grown >> 20))

    def picture(self):
        library, primary = ctypes.CDLL('libspice-client-glib-2.0.so.8'), Primary()
        found = library.spice_display_channel_get_primary(ctypes.c_void_p(hash(self.display)), 0, ctypes.byref(primary))
        if not found:
            return None
        data = ctypes.string_at(primary.data, primary.stride * primary.height)
        rgb = bytearray(primary.width * primary.height * 3)
        for y in range(primary.height):
            row = data[y * primary.stride:y * primary.stride + primary.width * 4]
            out = memoryview(rgb)[y * primary.width * 3:(y + 1) * primary.width * 3]
            out[0::3], out[1::3], out[2::3] = row[2::4], row[1::4], row[0::4]
        return images.Picture(primary.width, primary.height, bytes(rgb))

    def compare(self, vm):
        """The client shows what the machine shows, at some moment: a machine that is stopped tells clients nothing."""
        faults = []

        def same():
            shown = self.picture()
            faults.append(images.difference(shown, vm.screen()) if shown else 'the client has no picture')
            return faults[-1] is None
        try:
            self.meanwhile('the same picture', same, 20)
        except tap.Failure:
            tap.check(False, 'after the migration: ' + str(faults[-1]))

    def leave(self):
        opened = self.session.get_channels()
        tap.check(opened, 'there are no channels')
        self.session.disconnect()
        self.meanwhile('the end of the session', lambda: len(self.gone) == len(opened), 20)
