# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""SASL's GSSAPI with a real KDC: a ticket opens every channel, and protects them; without one nothing does (TAP)."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates  # noqa: E402
import kerberos  # noqa: E402
import ours  # noqa: E402
import sasl_server  # noqa: E402
import tap  # noqa: E402


def refused(spice, server, how):
    got = sasl_server.outcome(spice, server, how, None, None)
    tap.check(isinstance(got, tuple) and got[0] == int(spice.ChannelEvent.ERROR_AUTH), 'got %r' % (got,))


def body(program):
    spice = ours.introspected()
    with tempfile.TemporaryDirectory(prefix='spice-gssapi-') as folder:
        certificates.make_authority(folder)
        certificates.make_server(folder)
        realm = kerberos.Realm(folder)
        os.environ.update(realm.env)  # the client's part of it is read when a ticket is looked for

        def configure(home):
            with open(os.path.join(home, 'spice-test-server.conf'), 'w', encoding='ascii') as f:
                f.write('mech_list: GSSAPI\nkeytab: %s\n' % realm.path('keytab'))
            return {'SASL_CONF_PATH': home, **realm.env}
        try:
            with sasl_server.Server(folder, configure) as server:
                for how in server.uri:
                    program.run('no ticket, ' + how, refused, spice, server, how)
                realm.log_in()
                for how in server.uri:
                    program.run('a ticket, ' + how, sasl_server.expect, spice, server, how, None, None, 'opened')
                realm.log_out()
                for how in server.uri:
                    program.run('the ticket is gone, ' + how, refused, spice, server, how)
        finally:
            realm.close()


tap.main(body)
