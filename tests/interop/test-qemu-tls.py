# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""QEMU's TLS port: the right server is shown, any other one is refused, and the log says why."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates  # noqa: E402
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

SUBJECT = 'C=FR,O=Lab\\, Inc,CN=vm.test'


class SecureQemu(Qemu):
    """A QEMU with a TLS port; `channels` are those that it wants encrypted."""

    def __init__(self, folder, channels=('default',)):
        self.tls_port = processes.free_port()
        super().__init__(vga='std', compression='quic', spice=['tls-port=%d' % self.tls_port, 'x509-dir=' + folder]
                         + ['tls-channel=' + name for name in channels])
        self.both = 'spice://127.0.0.1?port=%d&tls-port=%d' % (self.port, self.tls_port)
        self.tls = 'spice+tls://127.0.0.1:%d' % self.tls_port


def shoot(program, uri, *options):
    """Status, picture and what was said."""
    folder = tempfile.mkdtemp(prefix='spice-tls-')
    path = os.path.join(folder, 'shot.ppm')
    env = dict(ours.environment(), HOME=folder)  # no truststore of somebody's
    run = subprocess.run([program, '--uri', uri, '--out-file', path, *options], env=env, timeout=60, check=False,
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace')
    picture = images.read_ppm(path) if run.returncode == 0 else None
    shutil.rmtree(folder)
    return run.returncode, picture, run.stdout + run.stderr


def shows(program, vm, truth, uri, *options):
    status, picture, said = shoot(program, uri, *options)
    tap.check(status == 0, 'ended with %d: %s' % (status, said[-800:]))
    fault = images.difference(picture, truth)
    tap.check(fault is None, fault)


def refused(program, uri, cause, *options):
    status, _, said = shoot(program, uri, *options)
    tap.check(status != 0, 'a screenshot was made')
    tap.check(cause in said, '"%s" is not in: %s' % (cause, said[-800:]))


def good_server(program, run, folder):
    ca = ('--spice-ca-file', os.path.join(folder, 'ca-cert.pem'))
    stranger = certificates.make_authority(os.path.join(folder, 'stranger'), 'Somebody Else')
    with SecureQemu(folder) as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        run('only the TLS port', shows, program, vm, truth, vm.tls, *ca)
        run('the server demands it', shows, program, vm, truth, vm.both, *ca)
        run('secure-channels=all', shows, program, vm, truth, vm.both, '--spice-secure-channels', 'all', *ca)
        run('by subject', shows, program, vm, truth, vm.tls, '--spice-host-subject', SUBJECT, *ca)
        run('wrong authority', refused, program, vm.tls, 'not trusted', '--spice-ca-file', stranger)
        run('authorities of the system', refused, program, vm.tls, 'not trusted')
        run('no such file', refused, program, vm.tls, 'no certificate', '--spice-ca-file', '/nowhere.pem')
        run('wrong name', refused, program, vm.tls.replace('127.0.0.1', 'localhost'), 'not for the host "localhost"', *ca)
        run('wrong subject', refused, program, vm.tls, 'has the subject', '--spice-host-subject', 'CN=vm.test', *ca)
        run('TLS where there is none', refused, program, 'spice+tls://127.0.0.1:%d' % vm.port, 'TLS: ', *ca)
        run('secure-channels=all without a TLS port', refused, program, vm.uri, 'port', '--spice-secure-channels', 'all', *ca)


def old_server(program, run, folder):
    certificates.make_server(folder, days=-1)
    with SecureQemu(folder) as vm:
        run('expired', refused, program, vm.tls, 'expired', '--spice-ca-file', os.path.join(folder, 'ca-cert.pem'))


def one_channel(program, run, folder):
    certificates.make_server(folder)
    with SecureQemu(folder, channels=('display',)) as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        run('one channel encrypted', shows, program, vm, truth, vm.both, '--spice-ca-file', os.path.join(folder, 'ca-cert.pem'))


def body(program):
    client = ours.program('spicy-screenshot', 'SPICY_SCREENSHOT')
    with tempfile.TemporaryDirectory(prefix='spice-x509-') as folder:
        certificates.make_authority(folder)
        certificates.make_server(folder)
        for part in (good_server, one_channel, old_server):
            part(client, program.run, folder)


tap.main(body)
