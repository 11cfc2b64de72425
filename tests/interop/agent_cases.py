# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""What a client and any guest with an agent must be able to do; each takes an AgentClient."""
import os

from agent_client import PNG, UTF8, png

SELECTIONS = ((0, 'clipboard'), (1, 'primary'))


def clipboard(peer):
    text = 'Grüße, 世界 \U0001f600\nline 2'.encode()
    large = b''.join(b'line %d\n' % i for i in range(400000))
    for selection, name in SELECTIONS:
        for kind, data in ((UTF8, b'x'), (UTF8, text), (PNG, png(40, 30)), (PNG, png(300, 220)), (UTF8, large)):
            peer.to_client(selection, name, kind, data)
            other = data[:-3] + b'!?.' if len(data) > 3 and kind == UTF8 else data + b'.'
            peer.to_guest(selection, name, kind, other)


def released(peer):
    peer.to_guest(0, 'clipboard', 1, b'for a while')
    peer.main.clipboard_selection_release(0)
    peer.client.wait('the end of the guest\'s selection', lambda: not peer.meanwhile(
        peer.guest.paste, 'clipboard', 'TARGETS'))


def files(peer, folder):
    paths = []
    for name, size in (('empty.bin', 0), ('one.bin', 1), ('name with space ü.bin', 123457), ('five.bin', 5000000)):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], 'wb') as f:
            f.write(os.urandom(size))
    peer.copy(paths)
    many = []
    for number in range(50):
        many.append(os.path.join(folder, 'many %d' % number))
        with open(many[-1], 'wb') as f:
            f.write(os.urandom(number * 1011))
    peer.copy(many)
