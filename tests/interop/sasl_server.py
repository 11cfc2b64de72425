# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A server that wants SASL, and what becomes of a client there."""
import os
import subprocess
import tempfile

import ours
import processes
import tap


class Server:
    """The test server on both kinds of port. `configure` writes into the folder it is given, and returns environment."""

    def __init__(self, folder, configure):
        path = os.path.join(ours.build_dir(), 'tests', 'server', 'spice-test-server')
        if not os.access(path, os.X_OK):
            raise tap.Skip('the test server is not built')
        self.home = tempfile.mkdtemp(dir=folder)
        self.env = dict(os.environ, **configure(self.home))
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
