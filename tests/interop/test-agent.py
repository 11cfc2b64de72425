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
    agent_guest.require('Xvfb')
    spice = ours.introspected()
    program.run('Python runs on our library', ours.prove)
    with agent_guest.AgentGuest(sys.argv[1], '--agent-monitors') as guest, tempfile.TemporaryDirectory() as folder:
        import agent_cases  # only now: they need the typelib
        from agent_client import AgentClient
        peer = AgentClient(guest, spice)
        if '--large' in sys.argv:
            program.run('a file of 512 MiB', large_file, peer, folder)
        else:
            program.run('clipboard both ways, text and PNG, both selections', agent_cases.clipboard, peer)
            program.run('what the client takes back is gone in the guest', agent_cases.released, peer)
            program.run('files', agent_cases.files, peer, folder)
            program.run('the guest follows the client\'s size', resize, peer)
            program.run('the agent ends and comes back', agent_restarts, peer)
        if program.failed:
            tap.note(guest.logs())
        peer.client.disconnect()


tap.main(body)
