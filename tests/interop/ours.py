# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Finds what this build tree made and proves that a process runs on it.

The library has the soname of the distribution's, so a wrong search path would quietly test the wrong one. Every test
therefore looks into /proc/PID/maps.

  SPICE_BUILD_DIR        the build tree (meson sets it)
  SPICY_SCREENSHOT       another spicy-screenshot than the build tree's
  SPICE_TEST_REFERENCE   1: do not insist on our library. For finding out whose fault a difference is.
"""
import glob
import os
import socket
import subprocess
import sys

import processes
from tap import Failure, Skip

LIBRARY = 'libspice-client-glib-2.0.so.8'
TYPELIB = 'SpiceClientGLib-2.0.typelib'
reference_allowed = os.environ.get('SPICE_TEST_REFERENCE') == '1'


def build_dir():
    return os.path.realpath(os.environ.get('SPICE_BUILD_DIR', '.'))


def _folder_of(name, *patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(build_dir(), pattern, name))):
            return os.path.dirname(path)
    return None


def environment():
    """The environment for programs that are to use the build tree's library and typelibs."""
    env = dict(os.environ)
    if reference_allowed:
        return env
    libs = [_folder_of(LIBRARY, 'spice-client-glib', 'spice-client-glib/*'),
            _folder_of('libspice-client-gtk-4.0.so*', 'spice-client-gtk', 'spice-client-gtk/*')]
    typelibs = [_folder_of(TYPELIB, 'introspection', 'introspection/*', 'spice-client-glib', 'spice-client-glib/*'),
                _folder_of('SpiceClientGtk-4.0.typelib', 'introspection', 'introspection/*', 'spice-client-gtk')]
    for name, folders in (('LD_LIBRARY_PATH', libs), ('GI_TYPELIB_PATH', typelibs)):
        env[name] = ':'.join(dict.fromkeys(f for f in folders + env.get(name, '').split(':') if f))
    env['GIO_USE_PROXY_RESOLVER'] = 'dummy'
    if 'ASAN_OPTIONS' in env:
        # slow unwinding sees through OpenSSL, which has no frame pointers, to the functions that lsan.supp names
        env['ASAN_OPTIONS'] += ':fast_unwind_on_malloc=0'
    return env


def program(name, variable=None):
    """Path of one of our tools; Skip when it was not built."""
    path = os.environ.get(variable or '') or os.path.join(build_dir(), 'tools', name, name)
    if os.path.isdir(path) or not os.access(path, os.X_OK):
        path = os.path.join(build_dir(), 'tools', name)
    if os.path.isdir(path) or not os.access(path, os.X_OK):
        raise Skip('%s is not built' % name)
    return path


def mapped_libraries(pid='self'):
    with open('/proc/%s/maps' % pid, encoding='utf-8', errors='replace') as f:
        return {line.split(None, 5)[5].strip() for line in f if LIBRARY in line}


def prove(pid='self'):
    """Fails unless the process has exactly our library in memory."""
    found = mapped_libraries(pid)
    if reference_allowed:
        return found
    prefix = build_dir() + os.sep
    if not found or not all(os.path.realpath(p).startswith(prefix) for p in found):
        raise Failure('process %s does not run on our library but on %s' % (pid, sorted(found) or 'none'))
    return found


def prove_program(argv):
    """Starts a client on a server that never answers, and looks at its memory meanwhile.

    argv has '{uri}' where the address belongs."""
    with socket.socket() as silent:
        silent.bind(('127.0.0.1', 0))
        silent.listen()
        silent.settimeout(30)
        uri = 'spice://127.0.0.1:%d' % silent.getsockname()[1]
        child = processes.start([w.replace('{uri}', uri) for w in argv], env=environment(),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection, _ = silent.accept()
            with connection:
                return prove(child.pid)
        except socket.timeout:
            raise Failure('%s did not connect within 30 s' % argv[0]) from None
        finally:
            processes.end(child)


def become():
    """Starts this Python program again on our library when the environment does not say so yet."""
    env = environment()
    if any(env.get(n) != os.environ.get(n) for n in ('LD_LIBRARY_PATH', 'GI_TYPELIB_PATH')):
        if os.environ.get('SPICE_TEST_BECAME'):
            raise Failure('the search paths cannot be set')
        os.execve(sys.executable, [sys.executable] + sys.argv, {**env, 'SPICE_TEST_BECAME': '1'})


def introspected():
    """The SpiceClientGLib namespace, proven to be ours; Skip when introspection was not built."""
    if not reference_allowed and not _folder_of(TYPELIB, 'introspection', 'introspection/*', 'spice-client-glib',
                                                'spice-client-glib/*'):
        raise Skip('the typelib is not built')
    become()
    try:
        import gi
    except ImportError:
        raise Skip('Python has no gi') from None
    gi.require_version('SpiceClientGLib', '2.0')
    from gi.repository import SpiceClientGLib
    SpiceClientGLib.Session.new()
    prove()
    return SpiceClientGLib
