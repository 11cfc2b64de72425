#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer at 1:1 shows the guest's pixels, and keys typed into its window arrive (TAP).

Runs under an X server that is exactly as large as the guest's screen, with a window manager for full screen."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402
from xvfb import Xvfb  # noqa: E402

SIZE = (720, 400)  # of the BIOS' text screen


class Desk:
    """Xvfb, window manager and viewer."""

    def __init__(self, spicy, uri):
        self.x = Xvfb(*SIZE)
        self.home = tempfile.TemporaryDirectory(prefix='spice-viewer-')
        env = self.x.environment(ours.environment())
        env.update(HOME=self.home.name, XDG_CONFIG_HOME=self.home.name, XDG_CACHE_HOME=self.home.name)
        self.env, self.children = env, []
        self.log = os.path.join(self.home.name, 'log')
        self.start('openbox', '--sm-disable')
        tap.wait_for('the window manager', 20, lambda: b'_OB_' in self.root_properties())
        self.viewer = self.start(spicy, '--fullscreen', uri)

    def root_properties(self):
        return subprocess.run(['xprop', '-root'], env=self.env, capture_output=True, check=False).stdout

    def start(self, *argv):
        with open(self.log, 'ab') as log:
            child = processes.start(list(argv), env=self.env, stdout=log, stderr=log)
        self.children.append(child)
        return child

    def screen(self):
        tap.check(self.viewer.poll() is None, 'the viewer ended: ' + processes.tail(self.log))
        return self.x.screen()

    def key(self, name):
        subprocess.run(['xdotool', 'key', name], env=self.env, check=True, timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            processes.end(child)
        self.x.close()
        self.home.cleanup()


def shows(desk, truth):
    # the pointer of the X server is not part of its frame buffer, and the guest hides its own in text mode
    last = [None]

    def same():
        last[0] = images.difference(desk.screen(), truth)
        return last[0] is None
    try:
        tap.wait_for('the guest\'s picture', 20, same, pause=0.2)
    except tap.Failure as late:
        raise tap.Failure('%s: %s' % (late, last[0])) from None


def pixels(spicy, vga):
    with Qemu(vga=vga, compression='auto_glz') as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        with Desk(spicy, vm.uri) as desk:
            shows(desk, truth)
            ours.prove(desk.viewer.pid)


def keys(spicy):
    with Qemu(vga='std', more=['-boot', 'menu=on,splash-time=60000']) as vm:
        before = vm.wait_quiet(quiet=1.0)
        with Desk(spicy, vm.uri) as desk:
            tap.wait_for('the guest\'s picture', 20, lambda: images.colours(desk.screen()) == images.colours(before)
                         and similar(desk.screen(), before), pause=0.2)
            desk.key('Escape')
            vm.wait_screen('the boot menu', lambda now: not similar(before, now), limit=20)
            menu = vm.wait_quiet(quiet=1.0)
            tap.wait_for('the boot menu in the window', 20, lambda: similar(desk.screen(), menu), pause=0.2)


def similar(a, b):
    """Equal but for a blinking text cursor."""
    if (a.width, a.height) != (b.width, b.height):
        return False
    return a == b or sum(a.rgb[i:i + 3] != b.rgb[i:i + 3] for i in range(0, len(a.rgb), 3)) <= 9 * 16


def body(program):
    spicy = ours.program('spicy', 'SPICY')
    for tool in ('Xvfb', 'openbox', 'xdotool', 'xprop'):
        if not shutil.which(tool):
            raise tap.Skip('%s is missing' % tool)
    program.run('the viewer shows the pixels of qxl', pixels, spicy, 'qxl')
    program.run('the viewer shows the pixels of std', pixels, spicy, 'std')
    program.run('ESC opens the boot menu', keys, spicy)


tap.main(body)
