#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-guest-migrate.py [HOPS]: a Linux desktop moves from host to host, and so does the session that shows it (TAP)."""
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from linux_guest import LinuxGuest, guest_folder  # noqa: E402
from migration import Traveller  # noqa: E402
from qemu import PROGRAM  # noqa: E402

HOPS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
POINTER = (200, 200)  # inside the terminal: the keyboard follows the pointer there
LETTERS = {'a': 0x1e, 'b': 0x30, 'c': 0x2e, 'd': 0x20, 'e': 0x12, 'f': 0x21}


class Host(LinuxGuest):
    def __init__(self, folder, seamless, incoming=False):
        self.incoming = 'tcp:127.0.0.1:%d' % processes.free_port() if incoming else None
        super().__init__(folder, '--vga', 'qxl', '--spice', 'seamless-migration=' + ('on' if seamless else 'off'),
                         *(['--incoming', self.incoming] if incoming else []))


def typed_text(guest):
    """What the terminal has got. A command that is sent just when the machine arrives may be lost."""
    try:
        return guest.call('exec', 'cat /run/typed.log', limit=10)
    except subprocess.TimeoutExpired:
        return ''


def type_letter(traveller, guest, letter, so_far):
    traveller.press(LETTERS[letter])
    traveller.meanwhile('what is typed', lambda: typed_text(guest).startswith(so_far + letter), 60)
    return so_far + letter


def travel(spice, seamless):
    folder = guest_folder()
    source = Host(folder, seamless)
    try:
        source.wait_quiet(min_colours=3)
        traveller = Traveller(spice, source.uri)
        # a position (and not a motion) is taken only after the agent has made the server switch
        traveller.meanwhile('the agent', lambda: traveller.main.props.mouse_mode == 2 and traveller.main.props.agent_connected)
        traveller.inputs.position(*POINTER, 0, 0)
        traveller.flush(traveller.inputs)
        traveller.meanwhile('the pointer in the guest', lambda: 'motion' in source.call(
            'exec', 'grep -qi motion /run/input.log && echo motion || echo none'), 60)
        typed = type_letter(traveller, source, 'a', '')
        for hop in range(HOPS):
            target = Host(folder, seamless, incoming=True)
            try:
                traveller.move(source, target, seamless)
            finally:
                source.close()
                source = target
            traveller.meanwhile('a machine that runs', lambda: source.qmp.call('query-status')['running'])
            typed = type_letter(traveller, source, 'bcdef'[hop % 5], typed)
            traveller.compare(source)
            traveller.meanwhile('the agent', lambda: traveller.main.props.agent_connected)
        traveller.leave()
    finally:
        source.close()


def body(program):
    if not shutil.which(PROGRAM):
        raise tap.Skip(PROGRAM + ' is missing')
    spice = ours.introspected()
    for seamless in (False, True):
        program.run('%d hosts, %s' % (HOPS + 1, 'seamless' if seamless else 'semi-seamless'), travel, spice, seamless)


tap.main(body)
