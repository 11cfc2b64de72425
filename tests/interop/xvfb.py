# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""An X server of the test's own, whose frame buffer is a file: screenshots need no further program."""
import os
import secrets
import select
import shutil
import struct
import subprocess
import tempfile

import images
import processes
from tap import Failure, Skip

FAMILY_WILD = 65535
COOKIE = b'MIT-MAGIC-COOKIE-1'


class Xvfb:
    def __init__(self, width=1280, height=800):
        if not shutil.which('Xvfb'):
            raise Skip('Xvfb is missing')
        self.folder = tempfile.mkdtemp(prefix='spice-xvfb-')
        self.log = os.path.join(self.folder, 'log')
        self.authority = os.path.join(self.folder, 'authority')
        self.child = None
        try:
            self._start(width, height)
        except BaseException:
            self.close()
            raise

    def _start(self, width, height):
        self._write_authority(b'')
        reader, writer = os.pipe()
        with open(self.log, 'wb') as log:
            self.child = processes.start(
                ['Xvfb', '-displayfd', str(writer), '-screen', '0', '%dx%dx24' % (width, height), '-nolisten', 'tcp',
                 '-auth', self.authority, '-fbdir', self.folder, '-noreset'],
                pass_fds=(writer,), stdout=log, stderr=subprocess.STDOUT)
        os.close(writer)
        number = b''
        while not number.endswith(b'\n'):
            ready = select.select([reader], [], [], 20)[0]
            part = os.read(reader, 16) if ready else b''
            if not part:
                os.close(reader)
                raise Failure('Xvfb did not start: ' + processes.tail(self.log))
            number += part
        os.close(reader)
        self.display = ':%d' % int(number)

    def _write_authority(self, display):
        def field(data):
            return struct.pack('>H', len(data)) + data
        old = os.umask(0o077)
        with open(self.authority, 'wb') as f:
            f.write(struct.pack('>H', FAMILY_WILD) + field(b'') + field(display) + field(COOKIE)
                    + field(secrets.token_bytes(16)))
        os.umask(old)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.child:
            processes.end(self.child)
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self, base=None):
        """For GTK programs: this X server, software rendering, nothing of the user's desktop."""
        env = dict(os.environ if base is None else base)
        for name in ('WAYLAND_DISPLAY', 'XDG_SESSION_TYPE', 'DBUS_SESSION_BUS_ADDRESS'):
            env.pop(name, None)
        env.update(DISPLAY=self.display, XAUTHORITY=self.authority, GDK_BACKEND='x11', GTK_A11Y='none',
                   LIBGL_ALWAYS_SOFTWARE='1', GSETTINGS_BACKEND='memory', NO_AT_BRIDGE='1')
        env.setdefault('GSK_RENDERER', 'cairo')
        return env

    def screen(self):
        return images.read_xwd(os.path.join(self.folder, 'Xvfb_screen0'))
