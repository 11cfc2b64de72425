# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""SASL with real servers: DIGEST-MD5 and its protection in clear, passwords inside TLS, and what fails how."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates  # noqa: E402
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import sasl  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

PASSWORD, USERNAME, BOTH = 3, 4, 5  # of SpiceClientError


class Server:
    """The test server on both kinds of port, for these mechanisms."""

    def __init__(self, folder, mechanisms):
        path = os.path.join(ours.build_dir(), 'tests', 'server', 'spice-test-server')
        if not os.access(path, os.X_OK):
            raise tap.Skip('the test server is not built')
        self.home = tempfile.mkdtemp(dir=folder)
        self.env = dict(os.environ, **sasl.configure(self.home, 'spice-test-server', mechanisms))
        self.path, self.x509 = path, folder
        self.start()

    def start(self):
        self.child = processes.start([self.path, '--port', '0', '--tls-port', '0', '--x509-dir', self.x509, '--sasl', '--still', '--size',
                                      '1024x768'], env=self.env, stdout=subprocess.PIPE, text=True)
        words = dict(w.split('=') for w in self.child.stdout.readline().split()[1:])
        self.uri = {'clear': 'spice://127.0.0.1:' + words['port'], 'TLS': 'spice+tls://127.0.0.1:' + words['tls-port']}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        processes.end(self.child)


def outcome(spice, server, how, username, password):
    """What becomes of the main channel. libspice-server 0.15 can die of a client that leaves while channels are being
    connected, which is not the next client's fault."""
    for _ in range(5):
        result = attempt(spice, server.x509, server.uri[how], username, password)
        try:
            server.child.wait(0.2)
        except subprocess.TimeoutExpired:
            return result
        tap.note('the server died')
        server.start()
    return result


def attempt(spice, folder, uri, username, password):
    """What becomes of the main channel: 'opened', or the event and the code of its error."""
    from client import Client
    from gi.repository import GObject
    from tap import Failure

    class Known(Client):
        def _channel_new(self, session, channel):
            if isinstance(channel, spice.MainChannel):
                session.props.username, session.props.ca_file = username, os.path.join(folder, 'ca-cert.pem')
                self.on(channel, 'channel-event', self._main)
            Client._channel_new(self, session, channel)

        def _main(self, channel, event):
            error = channel.get_error()
            self.result = (int(event), error.code if error else None)
    client = Known(spice, uri, password)
    client.result = None
    try:
        client.wait('an event', lambda: client.result)
        if client.result[0] == int(spice.ChannelEvent.OPENED):
            client.wait('a picture', lambda: client.opened(spice.DisplayChannel))
            client.wait_inputs()
            client.disconnect()
            return 'opened'
        return client.result
    finally:
        GObject.Object.run_dispose(client.session)


def expect(spice, server, how, username, password, wanted):
    got = outcome(spice, server, how, username, password)
    tap.check(got == wanted, 'got %r instead of %r' % (got, wanted))


def credentials(spice, run, folder):
    refused = lambda code: (int(spice.ChannelEvent.ERROR_AUTH), code)
    with Server(folder, 'DIGEST-MD5 PLAIN SCRAM-SHA-1 SCRAM-SHA-256') as server:
        for how in server.uri:
            run('right password, ' + how, expect, spice, server, how, 'user', 'secret', 'opened')
            run('wrong password, ' + how, expect, spice, server, how, 'user', 'wrong', refused(BOTH))
            run('no such user, ' + how, expect, spice, server, how, 'nobody', 'secret', refused(BOTH))
    for mechanism in ('PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'DIGEST-MD5'):
        with Server(folder, mechanism) as server:
            run('%s, TLS' % mechanism, expect, spice, server, 'TLS', 'user', 'secret', 'opened')
            run('%s, no password' % mechanism, expect, spice, server, 'TLS', 'user', None, refused(BOTH))
            if mechanism != 'DIGEST-MD5':  # the server has nothing to offer in clear
                got = outcome(spice, server, 'clear', 'user', 'secret')
                run('%s, clear' % mechanism, tap.check, got != 'opened', 'it was used in clear')


def protected(program, folder):
    """All of a picture through the protection of DIGEST-MD5."""
    home = tempfile.mkdtemp(dir=folder)
    os.environ.update(sasl.configure(home, 'qemu', 'DIGEST-MD5'))
    with Qemu(vga='std', compression='off', spice=['sasl=on', 'password-secret=x'], more=['-object', 'secret,id=x,data=y']) as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        path = os.path.join(home, 'shot.ppm')
        uri = vm.uri.replace('spice://', 'spice://user@')
        for password, wanted in (('secret', 0), ('wrong', 1)):
            run = subprocess.run([program, '--uri', uri, '--password', password, '--out-file', path], env=ours.environment(),
                                 timeout=60, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            tap.check(run.returncode == wanted, 'ended with %d: %s' % (run.returncode, run.stderr[-800:]))
        fault = images.difference(images.read_ppm(path), truth)
        tap.check(fault is None, fault)


def body(program):
    spice = ours.introspected()
    with tempfile.TemporaryDirectory(prefix='spice-sasl-') as folder:
        certificates.make_authority(folder)
        certificates.make_server(folder)
        credentials(spice, program.run, folder)
        program.run('QEMU, DIGEST-MD5 in clear', protected, ours.program('spicy-screenshot', 'SPICY_SCREENSHOT'), folder)


tap.main(body)
