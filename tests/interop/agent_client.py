# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Our client at a guest with an agent. What the guest's desktop does is asked of an object with own(), paste() and
digest(), which may block."""
import ctypes
import hashlib
import os
import random
import struct
import threading
import zlib

import tap
from client import Client
from gi.repository import Gio, GLib

UTF8, PNG = 1, 2
TARGETS = {UTF8: 'UTF8_STRING', PNG: 'image/png'}
RANDOM = random.Random(7)


def png(width, height):
    rows = b''.join(b'\0' + RANDOM.randbytes(3 * width) for _ in range(height))

    def block(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    return (b'\x89PNG\r\n\x1a\n' + block(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
            + block(b'IDAT', zlib.compress(rows)) + block(b'IEND', b''))


def digest(path):
    with open(path, 'rb') as f:
        return hashlib.file_digest(f, 'sha256').hexdigest()


class AgentClient:
    def __init__(self, guest, spice):
        self.guest, self.spice = guest, spice
        self.grabs, self.got, self.offer, self.asked = [], {}, {}, []
        self.client = Client(spice, guest.uri)
        self.main = self.client.wait('an open channel', lambda: self.client.opened(spice.MainChannel))
        for name in ('grab', 'request', 'release'):
            self.client.on(self.main, 'main-clipboard-selection-' + name, getattr(self, 'on_' + name))
        self.client.on(self.main, 'main-clipboard-selection', self.on_data)
        self.wait_agent()

    def wait_agent(self):
        self.client.wait('the agent', lambda: self.main.props.agent_connected and self.main.agent_test_capability(5), 30)

    def on_grab(self, _main, selection, *_types):
        self.grabs.append(selection)
        return True

    def on_release(self, _main, selection):
        self.grabs.append(-1 - selection)

    def on_request(self, _main, selection, kind):
        self.asked.append((selection, kind))
        data = self.offer.get((selection, kind), b'')
        self.main.clipboard_selection_notify(selection, kind, data)
        return True

    def on_data(self, _main, selection, kind, data, size=None):
        # depending on its version the binding makes a list or leaves the pointer
        raw = ctypes.string_at(data, size) if isinstance(data, int) else bytes(data)
        self.got[selection] = (kind, raw)

    def to_client(self, selection, name, kind, data):
        self.grabs.clear()
        self.got.clear()
        self.guest.own(name, TARGETS[kind], data)
        self.client.wait('the guest\'s grab', lambda: selection in self.grabs)
        self.main.clipboard_selection_request(selection, kind)
        self.client.wait('the guest\'s content', lambda: selection in self.got)
        tap.check(self.got[selection] == (kind, data), '%d bytes of type %d came, not the %d of type %d' % (
            len(self.got[selection][1]), self.got[selection][0], len(data), kind))

    def to_guest(self, selection, name, kind, data):
        self.asked.clear()
        self.offer = {(selection, kind): data}
        self.main.clipboard_selection_grab(selection, [kind])

        # The guest learns of the grab a little later; until then its old content, or nothing, is there.
        for _ in range(100):
            if self.meanwhile(self.guest.paste, name, TARGETS[kind]) == data and self.asked:
                return
        raise tap.Failure('the guest does not get what was offered; asked for: %s' % self.asked)

    def meanwhile(self, function, *args):
        """What blocks, such as a paste that waits for our answer, while the loop goes on; its value."""
        out = []
        worker = threading.Thread(target=lambda: out.append(function(*args)), daemon=True)
        worker.start()
        self.client.wait('an answer of the guest', lambda: self.turn() or not worker.is_alive(), 60)
        tap.check(out, 'the guest does not do what it is asked for')
        return out[0]

    def turn(self):
        """Lets the loop come round although nothing happens in it."""
        GLib.timeout_add(10, lambda: False)

    def copy(self, paths, limit=60):
        done = []

        def finished(source, result, *_):
            try:
                done.append(source.file_copy_finish(result))
            except GLib.Error as error:
                done.append(error.message)
        self.main.file_copy_async([Gio.File.new_for_path(p) for p in paths], Gio.FileCopyFlags.NONE, None, None, None,
                                  finished, None)
        self.client.wait('the end of the transfer', lambda: done, limit)
        tap.check(done == [True], 'the transfer ends with %s' % done)
        for path in paths:
            wanted = digest(path)
            tap.wait_for('equal contents of ' + path, 20, lambda: self.guest.digest(os.path.basename(path)) == wanted, 0.2)
