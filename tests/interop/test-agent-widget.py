#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-agent-widget.py SPICE-TEST-SERVER: the guest follows the GTK widget's size, by the real guest agent (TAP)."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import agent_guest  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402
from xvfb import Xvfb  # noqa: E402


class Window:
    """A window that is nothing but a display of the guest."""

    def __init__(self, spice, uri):
        import gi
        gi.require_version('Gtk', '4.0')
        gi.require_version('SpiceClientGtk', '4.0')
        from client import Client
        from gi.repository import Gtk, SpiceClientGtk
        tap.check(Gtk.init_check(), 'GTK finds no display')
        self.client = Client(spice, uri)
        self.display = SpiceClientGtk.Display.new(self.client.session, 0)
        self.display.props.resize_guest = True
        self.window = Gtk.Window(decorated=False, default_width=700, default_height=500)
        self.window.set_child(self.display)
        self.window.present()
        self.main = self.client.wait('an open channel', lambda: self.client.opened(spice.MainChannel))
        self.client.wait('the agent', lambda: self.main.props.agent_connected, 30)

    def millimetres(self):
        monitor = self.window.get_display().get_monitor_at_surface(self.window.get_surface())
        return monitor.get_width_mm(), monitor.get_height_mm()


def turn(window):
    from gi.repository import GLib
    GLib.timeout_add(50, lambda: False)


def follows(window, guest, sizes):
    for width, height in sizes:
        window.window.set_default_size(width, height)
        wanted = (width & ~7, height)  # the agent's driver has such widths only
        window.client.wait('a guest of %dx%d' % wanted, lambda: turn(window) or guest.screen_size() == wanted, 30)


def physical(window):
    tap.check(min(window.millimetres()) > 0, 'the monitor has no physical size: the test would prove nothing')


def restart(window, guest):
    guest.stop_agent()
    window.client.wait('the agent\'s end', lambda: not window.main.props.agent_connected)
    guest.start_agent()
    window.client.wait('the agent', lambda: window.main.props.agent_connected, 30)
    follows(window, guest, [(800, 600)])


def body(program):
    agent_guest.require('Xvfb')
    spice = ours.introspected()
    with Xvfb(1280, 1024) as screen, agent_guest.AgentGuest(sys.argv[1], '--agent-monitors') as guest:
        os.environ.update(screen.environment())
        window = Window(spice, guest.uri)
        program.run('Python runs on our library', ours.prove)
        program.run('sizes in millimetres are known', physical, window)
        program.run('the guest follows the window', follows, window, guest, [(700, 500), (1024, 768), (801, 603), (640, 480)])
        program.run('an agent that comes back does, too', restart, window, guest)
        with open(guest.path('daemon.log'), encoding='utf-8', errors='replace') as log:
            tap.note('%d configurations were refused' % log.read().count('invalid message size'))
        if program.failed:
            tap.note(guest.logs())
        window.client.disconnect()


tap.main(body)
