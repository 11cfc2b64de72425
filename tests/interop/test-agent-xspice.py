#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Pixels, clipboard, files, resizing and the agent's coming and going in one session: Xspice with the real agent (TAP)."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_guest  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402


def resize(peer, spice):
    display = peer.client.opened(spice.DisplayChannel)
    for width, height in ((800, 600), (1280, 720), (1111, 777), (1024, 768)):
        wanted = (width & ~7, height)  # of which the guest's driver can do only multiples
        peer.main.update_display_enabled(0, True, False)
        peer.main.update_display(0, 0, 0, width, height, True)
        peer.client.wait('a picture of %dx%d' % wanted,
                         lambda: (display.props.width, display.props.height) == wanted or peer.turn())
        peer.client.wait('RandR\'s %dx%d' % wanted, lambda: peer.turn() or peer.guest.screen_size() == wanted)


def resize_in_millimetres(peer, spice):
    """The agent refuses such a configuration, and gets another one."""
    peer.main.update_display_mm(0, 300, 200, False)
    resize(peer, spice)


def agent_restarts(peer):
    """The driver may miss the end of the daemon until the next one comes: what counts is that all is well then."""
    for _ in range(2):
        updates = []
        peer.client.on(peer.main, 'main-agent-update', lambda *_: updates.append(peer.main.props.agent_connected))
        peer.guest.stop_agent()
        peer.guest.start_agent()
        peer.client.wait('the agent\'s end and return', lambda: False in updates and updates[-1], 30)
        peer.wait_agent()
        peer.to_client(0, 'clipboard', 1, b'again')
        peer.to_guest(0, 'clipboard', 1, b'and back')


def body(program):
    agent_guest.require(agent_guest.XORG, 'openbox')
    if not os.path.exists(agent_guest.DRIVER):
        raise tap.Skip('the X driver of Xspice is missing')
    spice = ours.introspected()
    with agent_guest.XspiceGuest() as guest, tempfile.TemporaryDirectory() as folder:
        import agent_cases  # only now: they need the typelib
        from agent_client import AgentClient
        peer = AgentClient(guest, spice)
        program.run('Python runs on our library', ours.prove)
        program.run('clipboard both ways, text and PNG, both selections', agent_cases.clipboard, peer)
        program.run('what the client takes back is gone in the guest', agent_cases.released, peer)
        program.run('files', agent_cases.files, peer, folder)
        program.run('the guest follows the client\'s size', resize, peer, spice)
        program.run('the agent ends and comes back', agent_restarts, peer)
        program.run('it follows sizes in millimetres', resize_in_millimetres, peer, spice)
        if program.failed:
            tap.note(guest.logs())
        peer.client.disconnect()


tap.main(body)
