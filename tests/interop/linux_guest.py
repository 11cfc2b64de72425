# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A Linux desktop with the SPICE agent, in QEMU.

It is built once by guest/make-guest (as root, from the package mirror) and kept in
${XDG_CACHE_HOME:-~/.cache}/spice-client/guest."""
import fcntl
import os
import shutil
import subprocess
import tempfile

import processes
import tap
from qemu import Qmp, Screen

HERE = os.path.dirname(os.path.abspath(__file__))
MAKE, RUN = (os.path.join(HERE, 'guest', name) for name in ('make-guest', 'run-guest'))


def guest_folder():
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    folder = os.path.join(cache, 'spice-client', 'guest')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'lock'), 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.getuid() == 0:
            made = subprocess.run([MAKE, folder], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors='replace', timeout=900, check=False)
            tap.note(made.stderr[-600:])
            tap.check(made.returncode == 0, 'make-guest ended with %d' % made.returncode)
        elif not os.path.exists(os.path.join(folder, 'guest.facts')):
            raise tap.Skip('no guest in the cache, and only root can build one')
    return folder


class LinuxGuest(Screen):
    """with LinuxGuest(guest_folder(), '--vga', 'qxl') as guest: ... — options are those of run-guest."""

    def __init__(self, folder, *options):
        self.folder = tempfile.mkdtemp(prefix='spice-guest-')
        self.qmp = None
        self.port = processes.free_port()
        self.uri = 'spice://127.0.0.1:%d' % self.port
        try:
            self.call('start', '--dir', folder, '--port', str(self.port), '--limit', '120', *options, limit=150)
            self.qmp = Qmp(os.path.join(self.folder, 'qmp.sock'))
        except BaseException:
            self.close()
            raise

    def call(self, what, *words, limit=60):
        run = subprocess.run([RUN, what, '--state', self.folder, *words], stdin=subprocess.DEVNULL, text=True,
                             errors='replace', capture_output=True, timeout=limit, check=False)
        tap.check(run.returncode == 0, 'run-guest %s: %s' % (what, run.stderr[-800:]))
        return run.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.qmp:
            self.qmp.close()
        try:
            self.call('stop')
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- for AgentClient

    def own(self, selection, target, data):
        local = os.path.join(self.folder, 'clip')
        with open(local, 'wb') as f:
            f.write(data)
        self.call('put', local, '/run/clip')
        self.call('exec', 'xclip -selection %s -t %s -i /run/clip >/dev/null 2>&1 </dev/null' % (selection, target))

    def paste(self, selection, target):
        local = os.path.join(self.folder, 'pasted')
        self.call('exec', 'timeout 20 xclip -selection %s -t %s -o >/run/pasted 2>/dev/null </dev/null; true'
                  % (selection, target))
        self.call('get', '/run/pasted', local)
        with open(local, 'rb') as f:
            return f.read()

    def digest(self, name):
        return self.call('exec', 'sha256sum "/root/Downloads/%s" 2>/dev/null | cut -c 1-64; true' % name).strip() or None
