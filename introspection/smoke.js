// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// A JavaScript program with the library; writes TAP.
imports.gi.versions.SpiceClientGLib = '2.0';
const {GLib, SpiceClientGLib: Spice} = imports.gi;

let count = 0;
function check(good, what) {
    print(`${good ? 'ok' : 'not ok'} ${++count} ${what}`);
}

check(Spice.util_get_version_string() === '0.42', 'version');
const session = new Spice.Session({host: 'example', port: '5900'});
check(session.uri === 'spice://example:5900', 'properties');
let notified = '';
const GObject = imports.gi.GObject;
GObject.Object.prototype.connect.call(session, 'notify', (_session, spec) => { notified += spec.name; });
session.password = 'secret';
check(notified === 'password', 'notification');
check(session.get_channels().length === 0, 'no channels');
check(Spice.Channel.string_to_type('display') === 2, 'channel kinds');

// nobody listens there: the error arrives in the main loop
const loop = new GLib.MainLoop(null, false);
session.unix_path = '/nonexistent/socket';
let outcome = null;
GObject.Object.prototype.connect.call(session, 'channel-new', (_session, channel) => {
    GObject.Object.prototype.connect.call(channel, 'channel-event', (_channel, event) => {
        outcome = event;
        loop.quit();
    });
});
check(session.connect(), 'connecting begins');
const late = GLib.timeout_add(GLib.PRIORITY_DEFAULT, 10000, () => { loop.quit(); return GLib.SOURCE_REMOVE; });
loop.run();
if (outcome !== null) GLib.source_remove(late);
check(outcome === Spice.ChannelEvent.ERROR_CONNECT, 'the error of a missing socket');
print(`1..${count}`);
