# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer at work: an X server, a window manager for the keyboard focus, and a viewer, spicy mostly."""
import os
import shutil
import subprocess
import tempfile

import images
import ours
import processes
import tap
from xvfb import Xvfb



def require():
    for tool in ('Xvfb', 'openbox', 'xdotool', 'xprop'):
        if not shutil.which(tool):
            raise tap.Skip('%s is missing' % tool)


class Desk:
    def __init__(self, viewer, *arguments, width=1100, height=800):
        self.x = Xvfb(width, height)
        self.home = tempfile.TemporaryDirectory(prefix='spice-viewer-')
        env = self.x.environment(ours.environment())
        env.update(HOME=self.home.name, XDG_CONFIG_HOME=self.home.name, XDG_CACHE_HOME=self.home.name)
        self.env, self.children = env, []
        self.log = os.path.join(self.home.name, 'log')
        self.start('openbox', '--sm-disable')
        tap.wait_for('the window manager', 20, lambda: b'_OB_' in self.root_properties())
        # Xvfb draws the pointer into its frame buffer
        self.run('xdotool', 'mousemove', str(width - 1), str(height - 1))
        self.viewer = self.start(viewer, *arguments)

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
