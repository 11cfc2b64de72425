# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A Kerberos realm of the test's own: a KDC on the loopback interface, everything else in one folder."""
import glob
import os
import shutil
import subprocess

import processes
from tap import Failure, Skip, wait_for

REALM = 'SPICE.TEST'
TOOLS = ('krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit', 'kdestroy')
CONF = """
[libdefaults]
    default_realm = %(realm)s
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    # the server calls itself by the machine's name, whatever name the client uses for it
    ignore_acceptor_hostname = true
[realms]
    %(realm)s = {
        kdc = 127.0.0.1:%(port)d
    }
"""
KDC_CONF = """
[kdcdefaults]
    kdc_listen = 127.0.0.1:%(port)d
    kdc_tcp_listen = 127.0.0.1:%(port)d
[realms]
    %(realm)s = {
        database_name = %(folder)s/principal
        key_stash_file = %(folder)s/stash
        acl_file = %(folder)s/acl
        max_life = 1h
    }
"""


def tool(name):
    return shutil.which(name) or shutil.which(name, path='/usr/sbin:/sbin')


class Realm:
    def __init__(self, folder, user='user', password='secret', host='127.0.0.1'):
        for name in TOOLS:
            if not tool(name):
                raise Skip('%s is missing' % name)
        if not glob.glob('/usr/lib/*/sasl2/libgssapiv2.so'):
            raise Skip('the SASL plugin for GSSAPI is missing')
        self.folder, self.user, self.password = folder, user, password
        words = {'realm': REALM, 'port': processes.free_port(), 'folder': folder}
        for name, text in (('krb5.conf', CONF), ('kdc.conf', KDC_CONF), ('acl', '')):
            with open(os.path.join(folder, name), 'w', encoding='ascii') as f:
                f.write(text % words)
        self.env = {'KRB5_CONFIG': self.path('krb5.conf'), 'KRB5_KDC_PROFILE': self.path('kdc.conf'),
                    'KRB5CCNAME': 'FILE:' + self.path('tickets'), 'KRB5_KTNAME': 'FILE:' + self.path('keytab'),
                    'KRB5RCACHENAME': 'none:'}
        self.run('kdb5_util', 'create', '-s', '-r', REALM, '-P', 'master')
        for query in ('addprinc -pw %s %s' % (password, user), 'addprinc -randkey spice/' + host,
                      'ktadd -k %s spice/%s' % (self.path('keytab'), host)):
            self.run('kadmin.local', '-r', REALM, '-q', query)
        with open(self.path('kdc.log'), 'wb') as log:
            self.kdc = processes.start([tool('krb5kdc'), '-n', '-r', REALM], env={**os.environ, **self.env}, stdout=log,
                                       stderr=subprocess.STDOUT)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, name, *arguments, text=''):
        done = subprocess.run([tool(name), *arguments], env={**os.environ, **self.env}, input=text, capture_output=True,
                              text=True, check=False, timeout=60)
        if done.returncode != 0:
            raise Failure('%s: %s%s' % (name, done.stderr, processes.tail(self.path('kdc.log'))))

    def log_in(self):
        def ticket():
            try:
                self.run('kinit', self.user, text=self.password + '\n')
                return True
            except Failure:
                return False
        wait_for('a ticket', 20, ticket, 0.2)  # the KDC does not say when it is ready

    def log_out(self):
        self.run('kdestroy')

    def close(self):
        processes.end(self.kdc)
