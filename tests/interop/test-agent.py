#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-agent.py SPICE-TEST-SERVER [--large]: clipboard, files and resizing with the real guest agent (TAP)."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_guest  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402

SELECTIONS = ((0, 'clipboard'), (1, 'primary'))


def clipboard(peer):
    from agent_client import PNG, UTF8, png
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


def large_file(peer, folder):
    path = os.path.join(folder, 'large')
    block = os.urandom(1 << 20)
    with open(path, 'wb') as f:
        for number in range(512):
            f.write(number.to_bytes(8, 'little') + block[8:])
    peer.copy([path], 600)
    with open('/proc/self/status', encoding='ascii') as f:
        tap.note(next(line for line in f if line.startswith('VmHWM')))


def resize(peer):
    for width, height in ((800, 600), (1280, 720), (1024, 768)):
        peer.main.update_display_enabled(0, True, False)
        peer.main.update_display(0, 0, 0, width, height, True)
        peer.client.wait('%dx%d' % (width, height),
                         lambda: peer.turn() or peer.guest.screen_size() == (width, height))


def agent_restarts(peer):
    for _ in range(2):
        peer.guest.stop_agent()
        peer.client.wait('the agent\'s end', lambda: not peer.main.props.agent_connected)
        peer.guest.start_agent()
        peer.wait_agent()
        peer.to_client(0, 'clipboard', 1, b'again')
        peer.to_guest(0, 'clipboard', 1, b'and back')


def body(program):
    agent_guest.require()
    spice = ours.introspected()
    program.run('Python runs on our library', ours.prove)
    with agent_guest.AgentGuest(sys.argv[1], '--agent-monitors') as guest, tempfile.TemporaryDirectory() as folder:
        from agent_client import AgentClient  # only now: it needs the typelib
        peer = AgentClient(guest, spice)
        if '--large' in sys.argv:
            program.run('a file of 512 MiB', large_file, peer, folder)
        else:
            program.run('clipboard both ways, text and PNG, both selections', clipboard, peer)
            program.run('what the client takes back is gone in the guest', released, peer)
            program.run('files', files, peer, folder)
            program.run('the guest follows the client\'s size', resize, peer)
            program.run('the agent ends and comes back', agent_restarts, peer)
        if program.failed:
            tap.note(guest.logs())
        peer.client.disconnect()


tap.main(body)
