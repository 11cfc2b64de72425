# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Guests without a virtual machine, with the real agent (spice-vdagentd and spice-vdagent): AgentGuest is
spice-test-server with the agent at its agent port, and an X server of its own as the guest's desktop. XspiceGuest is an X
server whose screen is what the client sees."""
import hashlib
import os
import select
import shutil
import socket
import subprocess
import tempfile

import processes
import tap
from xvfb import Xvfb

DAEMON, AGENT = '/usr/sbin/spice-vdagentd', '/usr/bin/spice-vdagent'


def require(*more):
    for program in (DAEMON, AGENT, 'xclip', 'xrandr', *more):
        if not shutil.which(program):
            raise tap.Skip('%s is missing' % program)


class Guest:
    """What both have in common: the agent, and a desktop for it. `uri` is where the client connects."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='spice-agent-')  # short: it has sockets
        self.agents, self.env, self.uri = [], None, None
        self.saved = self._folder('save')
        try:
            self.start()
            self.start_agent()
        except BaseException:
            self.close()
            raise

    def start(self):
        raise NotImplementedError

    def stop(self):
        raise NotImplementedError

    def private(self, env):
        """An environment in which nothing of the user's session is found."""
        env.update(HOME=self._folder('home'), XDG_RUNTIME_DIR=self._folder('run'), NO_AT_BRIDGE='1',
                   DBUS_SESSION_BUS_ADDRESS='unix:path=' + self.path('run/no-bus'))
        return env

    def path(self, name):
        return os.path.join(self.folder, name)

    def _folder(self, name):
        os.mkdir(self.path(name), 0o700)
        return self.path(name)

    def start_agent(self):
        if os.path.exists(self.path('session')):
            os.unlink(self.path('session'))
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
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class AgentGuest(Guest):
    def __init__(self, server, *options):
        self.x = self.server = self.control = None
        self.command = [server, *options]
        super().__init__()

    def start(self):
        self.x = Xvfb(1920, 1200)
        self.env = self.private(self.x.environment())
        with open(self.path('uinput'), 'wb'):
            pass  # the mouse that the agent's daemon moves
        self.server = processes.start(
            self.command + ['--port', '0', '--agent', self.path('port'), '--control', self.path('control'), '--still'],
            stdout=subprocess.PIPE, text=True)
        ready = self.server.stdout.readline()
        tap.check(ready.startswith('ready port='), 'the server says: ' + ready)
        self.uri = 'spice://127.0.0.1:' + ready.split()[1].split('=')[1]
        self.control = socket.socket(socket.AF_UNIX)
        self.control.settimeout(20)
        self.control.connect(self.path('control'))

    def stop(self):
        if self.control:
            self.control.close()
        if self.server:
            processes.end(self.server)
            self.server.stdout.close()
        if self.x:
            self.x.close()


XORG, DRIVER = '/usr/lib/xorg/Xorg', '/usr/lib/xorg/modules/drivers/spiceqxl_drv.so'
XORG_CONF = """
Section "Device"
    Identifier "card"
    Driver "spiceqxl"
    Option "SpiceAddr" "127.0.0.1"
    Option "SpicePort" "%(port)d"
    Option "SpiceDisableTicketing" "True"
    Option "SurfaceBufferSize" "128"
    Option "CommandBufferSize" "128"
    Option "FrameBufferSize" "32"
    Option "NumHeads" "1"
    Option "EnableImageCache" "True"
    Option "EnableFallbackCache" "True"
    Option "EnableSurfaces" "True"
    Option "SpiceVdagentEnabled" "True"
    Option "SpiceVdagentVirtioPath" "%(folder)s/port"
    Option "SpiceVdagentUinputPath" "%(folder)s/uinput"
EndSection
Section "InputDevice"
    Identifier "pointer"
    Driver "xspice pointer"
EndSection
Section "InputDevice"
    Identifier "keyboard"
    Driver "xspice keyboard"
EndSection
Section "Monitor"
    Identifier "monitor"
EndSection
Section "Screen"
    Identifier "screen"
    Monitor "monitor"
    Device "card"
    DefaultDepth 24
EndSection
Section "ServerLayout"
    Identifier "layout"
    Screen "screen"
    InputDevice "pointer"
    InputDevice "keyboard"
EndSection
Section "ServerFlags"
    Option "AutoAddDevices" "False"
EndSection
"""


class XspiceGuest(Guest):
    """Xorg with the driver that is a SPICE server; it listens at the agent's port, and makes the FIFO of the mouse."""

    def __init__(self):
        self.x = self.manager = None
        super().__init__()

    def start(self):
        port = processes.free_port()
        with open(self.path('xorg.conf'), 'w', encoding='ascii') as conf:
            conf.write(XORG_CONF % {'port': port, 'folder': self.folder})
        number, written = os.pipe()
        with open(self.path('xorg.log'), 'wb') as log:
            # -noreset: the driver does not survive the end of its last client
            self.x = processes.start([XORG, '-config', self.path('xorg.conf'), '-noreset', '-nolisten', 'tcp', '-logfile',
                                      self.path('xorg-server.log'), '-displayfd', str(written)],
                                     pass_fds=(written,), stdout=log, stderr=subprocess.STDOUT)
        os.close(written)
        with os.fdopen(number, 'rb') as answer:
            text = answer.readline() if select.select([answer], [], [], 30)[0] else b''
        tap.check(text.strip().isdigit(), 'Xorg does not start: ' + processes.tail(self.path('xorg.log')))
        self.uri = 'spice://127.0.0.1:%d' % port
        self.env = self.private(dict(os.environ, DISPLAY=':%d' % int(text), GDK_BACKEND='x11', LIBGL_ALWAYS_SOFTWARE='1'))
        for name in ('WAYLAND_DISPLAY', 'XAUTHORITY'):
            self.env.pop(name, None)
        self.manager = processes.start(['openbox'], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        for child in (self.manager, self.x):
            if child:
                processes.end(child)
