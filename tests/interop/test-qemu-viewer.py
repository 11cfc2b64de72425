#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer's window shows the guest's pixels, and keys typed into it arrive (TAP).

The window takes the guest's size by itself, so somewhere on the X server's screen there must be exactly the picture
that QEMU's screendump has. A window manager is there for the keyboard focus."""
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

SIZE = (1100, 800)  # of the X server's screen


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
        # Xvfb draws the pointer into its frame buffer
        self.run('xdotool', 'mousemove', str(SIZE[0] - 1), str(SIZE[1] - 1))
        self.viewer = self.start(spicy, uri)

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

    def run(self, *argv):
        subprocess.run(argv, env=self.env, check=True, timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for child in reversed(self.children):
            processes.end(child)
        self.x.close()
        self.home.cleanup()


def find(desk, truth):
    """Where the picture that truth() gives lies on the screen."""
    try:
        return tap.wait_for('the guest\'s picture', 20, lambda: images.find(truth(), desk.screen()), pause=0.2)
    except tap.Failure:
        images.write_png(os.path.join(ours.build_dir(), 'viewer-last.png'), desk.screen())
        raise


def pixels(spicy, vga):
    with Qemu(vga=vga, compression='auto_glz') as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        tap.check(images.colours(truth) > 1, 'the boot screen is blank')
        with Desk(spicy, vm.uri) as desk:
            find(desk, lambda: truth)
            ours.prove(desk.viewer.pid)


def keys(spicy):
    with Qemu(vga='std', more=['-boot', 'menu=on,splash-time=60000']) as vm:
        before = vm.wait_quiet(quiet=1.0)
        with Desk(spicy, vm.uri) as desk:
            x, y = find(desk, vm.screen)  # several times: the text cursor blinks
            desk.run('xdotool', 'key', 'Escape')
            vm.wait_screen('the boot menu', lambda now: not similar(before, now), limit=20)
            menu = vm.wait_quiet(quiet=1.0)
            tap.wait_for('the boot menu in the window', 20, lambda: similar(
                images.crop(desk.screen(), x, y, menu.width, menu.height), menu), pause=0.2)


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
