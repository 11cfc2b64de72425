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
import sasl  # noqa: E402
import sasl_server  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

BOTH = 5  # of SpiceClientError: the name and the password are wanted


def offering(folder, mechanisms):
    return sasl_server.Server(folder, lambda home: sasl.configure(home, 'spice-test-server', mechanisms))


def credentials(spice, run, folder):
    refused = lambda code: (int(spice.ChannelEvent.ERROR_AUTH), code)
    with offering(folder, 'DIGEST-MD5 PLAIN SCRAM-SHA-1 SCRAM-SHA-256') as server:
        for how in server.uri:
            run('right password, ' + how, sasl_server.expect, spice, server, how, 'user', 'secret', 'opened')
            run('wrong password, ' + how, sasl_server.expect, spice, server, how, 'user', 'wrong', refused(BOTH))
            run('no such user, ' + how, sasl_server.expect, spice, server, how, 'nobody', 'secret', refused(BOTH))
    for mechanism in ('PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'DIGEST-MD5'):
        with offering(folder, mechanism) as server:
            run('%s, TLS' % mechanism, sasl_server.expect, spice, server, 'TLS', 'user', 'secret', 'opened')
            run('%s, no password' % mechanism, sasl_server.expect, spice, server, 'TLS', 'user', None, refused(BOTH))
            if mechanism != 'DIGEST-MD5':  # the server has nothing to offer in clear
                got = sasl_server.outcome(spice, server, 'clear', 'user', 'secret')
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
