# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A script that exits in the middle of a session exits with its own status, 100 times; in clear and with TLS."""
import os
import subprocess
import sys
import tempfile

import certificates
import ours
import processes
import tap
from tap import Skip, check, note

TIMES = 100
SERVER_IS_GONE = 9

CHILD = r'''
import os, sys
if sys.argv[4]:
    import ssl   # OpenSSL belongs to the script before it belongs to the library
import gi
gi.require_version('SpiceClientGLib', '2.0')
from gi.repository import GLib, GObject, SpiceClientGLib as Spice
loop, left = GLib.MainLoop(), [int(sys.argv[2])]
session = Spice.Session()
session.props.uri = sys.argv[1]
if sys.argv[4]:
    session.props.ca_file = sys.argv[4]

def count(*_):
    left[0] -= 1
    if left[0] < 0:
        assert any('libspice-client-glib-2.0.so.8' in line and line.split()[-1].startswith(sys.argv[3])
                   for line in open('/proc/self/maps'))
        if int(sys.argv[2]) % 2:
            loop.quit()   # the interpreter takes everything apart, with the session still connected
        else:
            # In the middle of the signal; an exception would only be printed by the binding.
            import ctypes
            ctypes.CDLL(None).exit(0)

def event(channel, event):
    if event == Spice.ChannelEvent.ERROR_CONNECT:
        os._exit(9)
    count()

def channel_new(session, channel):
    GObject.Object.connect(channel, 'channel-event', event)
    if isinstance(channel, Spice.DisplayChannel):
        GObject.Object.connect(channel, 'display-invalidate', count)
    if not isinstance(channel, Spice.MainChannel):
        channel.connect()

GObject.Object.connect(session, 'channel-new', channel_new)
GLib.timeout_add_seconds(5, lambda: os._exit(9))   # a server busy with the child before
session.connect()
loop.run()
sys.exit(0)
'''


def start_server(x509=None):
    path = os.path.join(ours.build_dir(), 'tests', 'server', 'spice-test-server')
    if not os.access(path, os.X_OK):
        raise Skip('the test server is not built')
    where = ['--tls-port', '0', '--x509-dir', x509] if x509 else ['--port', '0']
    server = processes.start([path, *where, '--size', '640x480', '--fps', '50'], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    check(line.startswith('ready tls-port=' if x509 else 'ready port='), 'the server says ' + repr(line))
    return server, ('spice+tls' if x509 else 'spice') + '://127.0.0.1:' + line.split('=')[1].strip()


def exits(x509=None):
    server, uri = start_server(x509)
    ca = os.path.join(x509, 'ca-cert.pem') if x509 else ''
    done = restarts = 0
    while done < TIMES and restarts < TIMES:
        status = subprocess.run([sys.executable, '-c', CHILD, uri, str(done % 20), ours.build_dir(), ca],
                                env=ours.environment(), timeout=60).returncode
        if status == SERVER_IS_GONE:  # libspice-server can die of a client that vanishes while it is being connected
            processes.end(server)
            server, uri = start_server(x509)
            restarts += 1
            continue
        check(status == 0, 'exit %d: status %d' % (done, status))
        done += 1
    processes.end(server)
    check(done == TIMES, 'only %d of %d' % (done, TIMES))
    note('%d exits, %d other servers' % (done, restarts))


def body(program):
    program.run('exit in mid-session, %d times' % TIMES, exits)
    with tempfile.TemporaryDirectory(prefix='spice-x509-') as folder:
        certificates.make_authority(folder)
        certificates.make_server(folder)
        program.run('the same over TLS', exits, folder)


tap.main(body)
