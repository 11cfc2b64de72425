# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A QEMU with a SPICE server, driven over QMP: what is on its screen is known without any SPICE client."""
import json
import os
import shutil
import socket
import tempfile
import time

import images
import processes
from tap import Failure, Skip

PROGRAM = 'qemu-system-x86_64'


class Qmp:
    """One QMP connection; events are put aside."""

    def __init__(self, path, limit=20):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(limit)
        self.socket.connect(path)
        self.file = self.socket.makefile('rwb', buffering=0)
        self.events = []
        json.loads(self.file.readline())
        self.call('qmp_capabilities')

    def call(self, command, **arguments):
        self.file.write(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')
        while True:
            line = self.file.readline()
            if not line:
                raise Failure('QEMU closed its control socket during %s' % command)
            answer = json.loads(line)
            if 'event' in answer:
                self.events.append(answer)
            elif 'error' in answer:
                raise Failure('%s: %s' % (command, answer['error']['desc']))
            else:
                return answer['return']

    def close(self):
        self.file.close()
        self.socket.close()


class Screen:
    """What a virtual machine shows; for classes that have a `qmp` and a `folder`."""

    def screen(self):
        """What the device shows at this moment."""
        path = os.path.join(self.folder, 'screen.ppm')
        self.qmp.call('screendump', filename=path)
        return images.read_ppm(path)

    def wait_screen(self, what, test, limit=60):
        """Waits until test(screen) is true; that screen."""
        end = time.monotonic() + limit
        while True:
            picture = self.screen()
            if test(picture):
                return picture
            if time.monotonic() > end:
                images.write_png(os.path.join(os.environ.get('SPICE_BUILD_DIR', '.'), 'qemu-last.png'), picture)
                raise Failure('%s did not show up within %g s' % (what, limit))
            time.sleep(0.1)

    def wait_quiet(self, quiet=1.5, limit=60, min_colours=2):
        """Waits until the screen has a picture that no longer changes, but for a blinking cursor (two states)."""
        seen, since = set(), time.monotonic()

        def still(picture):
            nonlocal seen, since
            key = hash(picture)
            if key not in seen:
                seen = {key} if len(seen) >= 2 else seen | {key}
                since = time.monotonic()
            return time.monotonic() - since >= quiet and images.colours(picture) >= min_colours
        return self.wait_screen('a quiet screen', still, limit)

    def freeze(self):
        """Stops the processor; the screen as it stays from now on.

        A stopped qxl device does not render what its driver has queued since the last dump: dump once before."""
        self.screen()
        self.qmp.call('stop')
        return self.screen()


class Qemu(Screen):
    """with Qemu(vga='qxl', compression='quic') as vm: ... — `compression=None` leaves QEMU's default."""

    def __init__(self, vga='qxl', compression=None, unix=False, spice=(), more=()):
        if not shutil.which(PROGRAM):
            raise Skip('%s is missing' % PROGRAM)
        self.folder = tempfile.mkdtemp(prefix='spice-qemu-')
        self.log = os.path.join(self.folder, 'log')
        self.qmp = self.child = None
        self.vga, self.compression, self.unix = vga, compression, unix
        self.spice, self.more, self.dumps = list(spice), list(more), 0
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _spice_option(self):
        words = ['disable-ticketing=on'] if not any('password' in w for w in self.spice) else []
        if self.compression:
            words += ['image-compression=' + self.compression, 'jpeg-wan-compression=never',
                      'zlib-glz-wan-compression=never', 'streaming-video=off']
        if self.unix:
            self.path = os.path.join(self.folder, 'spice')
            self.uri = 'spice+unix://' + self.path
            words += ['unix=on', 'addr=' + self.path]
        else:
            self.port = processes.free_port()
            self.uri = 'spice://127.0.0.1:%d' % self.port
            words += ['addr=127.0.0.1', 'port=%d' % self.port]
        return ','.join(words + self.spice)

    def _start(self):
        control = os.path.join(self.folder, 'qmp')
        for _ in range(5):  # the free port may be taken by then
            argv = [PROGRAM, '-M', 'q35,accel=tcg', '-m', '256', '-display', 'none', '-vga', self.vga, '-nic', 'none',
                    '-spice', self._spice_option(), '-qmp', 'unix:%s,server=on,wait=off' % control] + self.more
            with open(self.log, 'wb') as log:
                self.child = processes.start(argv, stdout=log, stderr=log)
            end = time.monotonic() + 20
            while self.child.poll() is None and time.monotonic() < end:
                try:
                    self.qmp = Qmp(control)
                    return
                except (FileNotFoundError, ConnectionRefusedError):
                    time.sleep(0.02)
            processes.end(self.child)
            if 'failed to initialize spice server' not in processes.tail(self.log):
                break
        text = processes.tail(self.log)
        if 'qemu-system' in text and ('not a valid' in text or 'invalid option' in text or 'not available' in text):
            raise Skip('this QEMU cannot do it: ' + text.strip().splitlines()[-1])
        raise Failure('QEMU did not start: ' + text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.qmp:
            self.qmp.close()
        if self.child:
            processes.end(self.child)
        shutil.rmtree(self.folder, ignore_errors=True)
