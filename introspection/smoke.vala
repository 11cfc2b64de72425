// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 The spice-client authors
//
// A Vala program with the library; writes TAP.
int count = 0;

void check (bool good, string what) {
    stdout.printf ("%s %d %s\n", good ? "ok" : "not ok", ++count, what);
}

int main () {
    check (Spice.util_get_version_string () == "0.42", "version");
    var session = new Spice.Session ();
    session.host = "example";
    session.tls_port = "1";
    check (session.uri == "spice+tls://example:1", "properties");
    check (session.get_channels ().length () == 0, "no channels");

    var loop = new MainLoop ();
    var outcome = Spice.ChannelEvent.NONE;
    session.channel_new.connect ((channel) => {
        channel.channel_event.connect ((event) => {
            outcome = event;
            loop.quit ();
        });
    });
    session.unix_path = "/nonexistent/socket";
    check (session.connect (), "connecting begins");
    var late = Timeout.add_seconds (10, () => {
        loop.quit ();
        return Source.REMOVE;
    });
    loop.run ();
    if (outcome != Spice.ChannelEvent.NONE)
        Source.remove (late);
    check (outcome == Spice.ChannelEvent.ERROR_CONNECT, "the error of a missing socket");
    stdout.printf ("1..%d\n", count);
    return 0;
}
