# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Certificates for real servers, made with the openssl program."""
import os
import shutil
import subprocess

from tap import Skip


def _openssl(*words, **options):
    if not shutil.which('openssl'):
        raise Skip('the program openssl is missing')
    subprocess.run(['openssl', *words], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, **options)


def make_authority(folder, name='Test Authority'):
    """ca-cert.pem and ca-key.pem in `folder`; the path of the certificate."""
    os.makedirs(folder, exist_ok=True)
    cert = os.path.join(folder, 'ca-cert.pem')
    _openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', os.path.join(folder, 'ca-key.pem'), '-out', cert,
             '-days', '2', '-subj', '/CN=' + name, '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
    return cert


def make_server(folder, subject='/C=FR/O=Lab, Inc/CN=vm.test', names='IP:127.0.0.1', days=2):
    """server-cert.pem and server-key.pem next to the authority that signs; a negative number of days has passed."""
    path = lambda name: os.path.join(folder, name)
    _openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', path('server-key.pem'), '-out', path('server.csr'),
             '-subj', subject)
    with open(path('extensions'), 'w', encoding='ascii') as f:
        f.write('basicConstraints=CA:FALSE\nsubjectAltName=%s\n' % names)
    _openssl('x509', '-req', '-in', path('server.csr'), '-CA', path('ca-cert.pem'), '-CAkey', path('ca-key.pem'),
             '-CAcreateserial', '-days', str(days), '-extfile', path('extensions'), '-out', path('server-cert.pem'))
