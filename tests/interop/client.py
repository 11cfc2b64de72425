# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A client made of introspected objects, with blocking waits for tests."""
from gi.repository import GLib, GObject
from tap import Failure


class Client:
    """Connects every channel; `session.connect` is the protocol's, signals go through GObject."""

    def __init__(self, spice, uri, password=None):
        self.spice, self.events, self.handlers = spice, [], []
        self.session = spice.Session.new()
        self.session.props.uri = uri
        if password is not None:
            self.session.props.password = password
        self.on(self.session, 'channel-new', self._channel_new)
        if not self.session.connect():
            raise Failure('the session does not connect to ' + uri)

    def on(self, source, signal, handler):
        self.handlers.append((source, GObject.GObject.connect(source, signal, handler)))

    def _channel_new(self, _session, channel):
        self.on(channel, 'channel-event', self._event)
        channel.connect()

    def _event(self, channel, event):
        self.events.append((channel, event))

    def wait(self, what, test, limit=20):
        """Runs the main context until test() is true; its value."""
        context, late = GLib.MainContext.default(), []
        source = GLib.timeout_source_new(int(limit * 1000))
        source.set_callback(lambda *_: late.append(True))
        source.attach(context)
        try:
            while not late:
                value = test()
                if value:
                    return value
                context.iteration(True)
        finally:
            source.destroy()
        raise Failure('%s did not happen within %g s; events: %s' % (
            what, limit, [(c.__class__.__name__, int(e)) for c, e in self.events]))

    def opened(self, kind):
        for channel, event in self.events:
            if isinstance(channel, kind) and event == self.spice.ChannelEvent.OPENED:
                return channel
        return None

    def wait_inputs(self):
        return self.wait('an open inputs channel', lambda: self.opened(self.spice.InputsChannel))

    def flush(self, channel):
        """Returns when everything sent so far has left."""
        done = []
        channel.flush_async(None, lambda source, result, *_: done.append(source.flush_finish(result)))
        self.wait('the flush', lambda: done)

    def disconnect(self):
        """Ends the session; `disconnected` would need every reference to a channel to be dropped first."""
        opened = [c for c, e in self.events if e == self.spice.ChannelEvent.OPENED]
        self.session.disconnect()
        self.wait('the end of every channel', lambda: all(
            (c, self.spice.ChannelEvent.CLOSED) in self.events for c in opened))
