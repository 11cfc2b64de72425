# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Users and configuration of SASL for a server, in a folder of its own."""
import os
import shutil
import socket
import subprocess

from tap import Failure, Skip

PLUGINS = ('/usr/lib/x86_64-linux-gnu/sasl2', '/usr/lib/aarch64-linux-gnu/sasl2', '/usr/lib/sasl2')


def configure(folder, application, mechanisms, user='user', password='secret'):
    """Writes APPLICATION.conf and a database with one user; the environment that the server needs."""
    tool = shutil.which('saslpasswd2') or shutil.which('saslpasswd2', path='/usr/sbin')
    if not tool:
        raise Skip('saslpasswd2 is missing')
    if not any(os.path.exists(os.path.join(d, 'libsasldb.so')) for d in PLUGINS):
        raise Skip("SASL's plugins are missing")
    database = os.path.join(folder, 'sasldb')
    # Servers look users up under the name of the machine.
    done = subprocess.run([tool, '-p', '-c', '-f', database, '-u', socket.gethostname(), user], input=password, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise Failure('saslpasswd2: ' + done.stderr)
    with open(os.path.join(folder, application + '.conf'), 'w', encoding='ascii') as f:
        f.write('mech_list: %s\npwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: %s\n' % (mechanisms, database))
    return {'SASL_CONF_PATH': folder}
