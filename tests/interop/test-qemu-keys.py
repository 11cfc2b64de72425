#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A key sent through Python's introspection reaches the guest: ESC opens SeaBIOS' boot menu (TAP)."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

ESCAPE = 0x01


def open_menu(spice, unix):
    from client import Client
    with Qemu(vga='std', unix=unix, more=['-boot', 'menu=on,splash-time=60000']) as vm:
        before = vm.wait_quiet(quiet=1.0)
        tap.check(before.width == 720, 'not the text screen of the BIOS: %dx%d' % (before.width, before.height))
        client = Client(spice, vm.uri)
        inputs = client.wait_inputs()
        inputs.key_press(ESCAPE)
        inputs.key_release(ESCAPE)
        client.flush(inputs)
        # more than the blinking cursor: the menu has several lines
        vm.wait_screen('the boot menu', lambda now: changed_pixels(before, now) > 1000, limit=20)
        client.disconnect()


def changed_pixels(a, b):
    if (a.width, a.height) != (b.width, b.height):
        return 0
    return sum(a.rgb[i:i + 3] != b.rgb[i:i + 3] for i in range(0, len(a.rgb), 3)) if images.difference(a, b) else 0


def body(program):
    spice = ours.introspected()
    program.run('Python runs on our library', ours.prove)
    program.run('ESC opens the boot menu, TCP', open_menu, spice, False)
    program.run('ESC opens the boot menu, UNIX socket', open_menu, spice, True)
    program.run('Python still runs on our library', ours.prove)


tap.main(body)
