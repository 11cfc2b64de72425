# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A Python program with the library: smoke.py FOLDER-OF-THE-LIBRARY [TEST-SERVER]. Writes TAP."""
import os
import re
import subprocess
import sys

try:
    import gi
except ImportError:
    print('1..0 # SKIP python3-gi is missing')
    sys.exit(0)
gi.require_version('SpiceClientGLib', '2.0')
from gi.repository import GLib, GObject, SpiceClientGLib as Spice  # noqa: E402

PATIENCE_MS = 10000
count = 0


def check(good, what):
    global count
    count += 1
    print('%s %d %s' % ('ok' if good else 'not ok', count, what), flush=True)
    return good


class Client:
    """Connects every channel and keeps what it hears, without holding on to channels."""

    def __init__(self, uri):
        self.lines = []
        self.damage = 0
        self.session = Spice.Session(uri=uri)
        # Session.connect() is the method that connects; signals need the one of GObject
        GObject.Object.connect(self.session, 'channel-new', self.channel_new)
        GObject.Object.connect(self.session, 'disconnected', lambda _session: self.lines.append('disconnected'))

    def channel_new(self, _session, channel):
        kind = Spice.Channel.type_to_string(channel.get_property('channel-type'))
        self.lines.append('new ' + kind)
        GObject.Object.connect(channel, 'channel-event', self.channel_event, kind)
        if kind == 'display':
            GObject.Object.connect(channel, 'display-primary-create', self.primary_create)
            GObject.Object.connect(channel, 'display-invalidate', self.invalidate)
        if kind == 'main':
            GObject.Object.connect(channel, 'notify::mouse-mode', self.mouse_mode)
        else:
            Spice.Channel.connect(channel)

    def channel_event(self, channel, event, kind):
        error = Spice.Channel.get_error(channel)
        self.lines.append(' '.join([kind, event.value_nick] + ([str(error.code)] if error else [])))

    def primary_create(self, _channel, picture_format, width, height, stride, _shmid, _data):
        self.lines.append('picture %d %dx%d %d' % (picture_format, width, height, stride))

    def invalidate(self, _channel, _x, _y, width, height):
        self.damage += width * height

    def mouse_mode(self, channel, _spec):
        self.lines.append('mouse-mode %d' % channel.get_property('mouse-mode'))

    def wait(self, done):
        """Runs the main loop until done() or out of patience."""
        late = []
        timeout = GLib.timeout_add(PATIENCE_MS, late.append, True)
        while not done() and not late:
            GLib.MainContext.default().iteration(True)
        if not late:
            GLib.source_remove(timeout)
        else:
            print('# ' + '; '.join(self.lines))
        return not late

    def wait_line(self, line, times=1):
        return self.wait(lambda: self.lines.count(line) >= times)

    def inputs(self):
        return [c for c in self.session.get_channels() if isinstance(c, Spice.InputsChannel)]


def check_without_server(folder):
    check(Spice.util_get_version_string() == '0.42', 'version')
    check(Spice.ChannelEvent.ERROR_AUTH.value_nick == 'error-auth', 'enumeration')
    check(int(Spice.InputsLock.CAPS_LOCK) == 4, 'flags')
    check(Spice.uuid_to_string(bytes(range(16))) == '00010203-0405-0607-0809-0a0b0c0d0e0f', 'array argument')
    check(GLib.quark_to_string(Spice.client_error_quark()) == 'spice-client-error-quark', 'error domain')

    session = Spice.Session(uri='spice://example?port=1&tls-port=2', proxy='http://proxy:8080')
    check(session.props.tls_port == '2' and session.props.host == 'example', 'properties')
    check(session.get_proxy_uri().props.port == 8080, 'proxy')
    session.props.secure_channels = ['main', 'inputs']
    check(list(session.props.secure_channels) == ['main', 'inputs'], 'list property')
    check(session.get_channels() == [], 'no channels')
    with open('/proc/self/maps', encoding='ascii') as maps:
        loaded = {line.split()[-1] for line in maps if 'libspice-client-glib' in line}
    check(loaded and all(os.path.realpath(path).startswith(os.path.realpath(folder) + '/') for path in loaded),
          'the library of this build is in use')


def check_with_server(port):
    client = Client('spice://127.0.0.1:%d' % port)
    check(Spice.Session.connect(client.session), 'connecting begins')
    check(client.wait_line('main error-auth 3'), 'without a password')
    client.session.props.password = 'secret'
    check(Spice.Session.connect(client.session), 'connecting begins again')
    check(client.wait_line('main opened'), 'with the password')
    check(client.lines.count('new main') == 1, 'on the same channel object')
    check(client.wait_line('picture 32 640x480 2560'), 'a picture appears')
    check(client.wait(lambda: client.damage >= 640 * 480), 'and is painted')
    check(client.wait_line('mouse-mode 2'), 'client mouse mode')
    check(client.wait_line('inputs opened') and client.wait_line('cursor opened'), 'inputs and cursor')
    check(client.session.props.name == 'snake', 'name of the machine')
    for channel in client.inputs():
        channel.key_press_and_release(30)
        channel.position(10, 10, 0, 0)
    check(len(client.inputs()) == 1, 'inputs channel')
    Spice.Session.disconnect(client.session)
    channel = None  # a reference to a channel delays the end
    check(client.wait_line('disconnected'), 'disconnected')
    check(client.lines[-1] == 'disconnected' and client.session.get_channels() == [], 'and nothing after it')


def main():
    check_without_server(sys.argv[1])
    if len(sys.argv) > 2:
        server = subprocess.Popen([sys.argv[2], '--port=0', '--password=secret', '--size=640x480', '--name=snake'],
                                  stdout=subprocess.PIPE, text=True)
        try:
            ready = re.search(r'port=(\d+)', server.stdout.readline())
            if check(ready is not None, 'test server'):
                check_with_server(int(ready.group(1)))
        finally:
            server.kill()
            server.wait()
    print('1..%d' % count)


main()
