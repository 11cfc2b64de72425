#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer's window shows the guest's pixels, and keys typed into it arrive (TAP).

The window takes the guest's size by itself, so somewhere on the X server's screen there must be exactly the picture
that QEMU's screendump has. A window manager is there for the keyboard focus."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk  # noqa: E402
import images  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402


def pixels(spicy, vga):
    with Qemu(vga=vga, compression='auto_glz') as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        tap.check(images.colours(truth) > 1, 'the boot screen is blank')
        with desk.Desk(spicy, vm.uri) as seat:
            desk.find(seat, lambda: truth)
            ours.prove(seat.viewer.pid)


def keys(spicy):
    with Qemu(vga='std', more=['-boot', 'menu=on,splash-time=60000']) as vm:
        before = vm.wait_quiet(quiet=1.0)
        with desk.Desk(spicy, vm.uri) as seat:
            x, y = desk.find(seat, vm.screen)  # several times: the text cursor blinks
            seat.run('xdotool', 'key', 'Escape')
            vm.wait_screen('the boot menu', lambda now: not similar(before, now), limit=20)
            menu = vm.wait_quiet(quiet=1.0)
            tap.wait_for('the boot menu in the window', 20, lambda: similar(
                images.crop(seat.screen(), x, y, menu.width, menu.height), menu), pause=0.2)


def similar(a, b):
    """Equal but for a blinking text cursor."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    return a == b or sum(a.rgb[i:i + 3] != b.rgb[i:i + 3] for i in range(0, len(a.rgb), 3)) <= 9 * 16


def body(program):
    spicy = ours.program('spicy', 'SPICY')
    desk.require()
    program.run('the viewer shows the pixels of qxl', pixels, spicy, 'qxl')
    program.run('the viewer shows the pixels of std', pixels, spicy, 'std')
    program.run('ESC opens the boot menu', keys, spicy)


tap.main(body)
