# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A guest without a virtual machine: spice-test-server, and the real agent (spice-vdagentd and spice-vdagent) at its
agent port, with an X server as the guest's desktop."""
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile

import processes
import tap
from xvfb import Xvfb

DAEMON, AGENT = '/usr/sbin/spice-vdagentd', '/usr/bin/spice-vdagent'


def require():
    for program in (DAEMON, AGENT, 'Xvfb', 'xclip', 'xrandr'):
        if not shutil.which(program):
            raise tap.Skip('%s is missing' % program)


class AgentGuest:
    def __init__(self, server, *options):
        self.folder = tempfile.mkdtemp(prefix='spice-agent-')  # short: it has sockets
        self.x = self.server = self.control = None
        self.agents = []
        self.saved = self._folder('save')
        try:
            self.x = Xvfb(1920, 1200)
            self.env = self.x.environment()
            self.env.update(HOME=self._folder('home'), XDG_RUNTIME_DIR=self._folder('run'),
                            DBUS_SESSION_BUS_ADDRESS='unix:path=' + self.path('run/no-bus'))
            self._start_server(server, options)
            self.start_agent()
        except BaseException:
            self.close()
            raise

    def path(self, name):
        return os.path.join(self.folder, name)

    def _folder(self, name):
        os.mkdir(self.path(name), 0o700)
        return self.path(name)

    def _start_server(self, program, options):
        self.server = processes.start(
            [program, '--port', '0', '--agent', self.path('port'), '--control', self.path('control'), '--still', *options],
            stdout=subprocess.PIPE, text=True)
        ready = self.server.stdout.readline()
        tap.check(ready.startswith('ready port='), 'the server says: ' + ready)
        self.uri = 'spice://127.0.0.1:' + ready.split()[1].split('=')[1]
        self.control = socket.socket(socket.AF_UNIX)
        self.control.settimeout(20)
        self.control.connect(self.path('control'))

    def start_agent(self):
        for name in ('session', 'uinput'):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        with open(self.path('uinput'), 'wb'):
            pass
        self._agent('daemon', DAEMON, '-x', '-X', '-f', '-d', '-s', self.path('port'), '-S', self.path('session'), '-u',
                    self.path('uinput'))
        tap.wait_for('the agent\'s daemon', 20, lambda: os.path.exists(self.path('session')))
        self._agent('agent', AGENT, '-x', '-d', '-s', self.path('port'), '-S', self.path('session'), '-f', self.saved,
                    '-o', '0')

    def _agent(self, name, *argv):
        with open(self.path(name + '.log'), 'wb') as log:
            self.agents.append(processes.start(argv, env=self.env, stdout=log, stderr=subprocess.STDOUT))

    def stop_agent(self):
        while self.agents:
            processes.end(self.agents.pop())

    def logs(self):
        return processes.tail(self.path('daemon.log')) + processes.tail(self.path('agent.log'))

    # --- the guest's desktop

    def own(self, selection, target, data):
        """A program of the guest puts data into a selection; xclip stays in the background until it loses it."""
        # Its output must not be a pipe of ours: what stays would keep it open.
        with tempfile.TemporaryFile(dir=self.folder) as content:
            content.write(data)
            content.seek(0)
            subprocess.run(['xclip', '-selection', selection, '-t', target, '-i'], env=self.env, stdin=content,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=20)

    def paste(self, selection, target):
        return subprocess.run(['xclip', '-selection', selection, '-t', target, '-o'], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=60).stdout

    def digest(self, name):
        """Of a file that the agent has saved; None when there is none."""
        path = os.path.join(self.saved, name)
        if not os.path.exists(path):
            return None
        with open(path, 'rb') as f:
            return hashlib.file_digest(f, 'sha256').hexdigest()

    def screen_size(self):
        text = subprocess.run(['xrandr'], env=self.env, capture_output=True, text=True, check=True, timeout=20).stdout
        words = text.split('current ')[1].split(',')[0].split()
        return int(words[0]), int(words[2])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stop_agent()
        if self.control:
            self.control.close()
        if self.server:
            processes.end(self.server)
            self.server.stdout.close()
        if self.x:
            self.x.close()
        shutil.rmtree(self.folder, ignore_errors=True)
