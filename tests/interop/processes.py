# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Child processes that end with the test: by their own id, whatever happens to the test."""
import atexit
import ctypes
import os
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
_children = []


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(argv, **options):
    """subprocess.Popen of a program that is ended with us."""
    options.setdefault('stdin', subprocess.DEVNULL)
    child = subprocess.Popen(argv, preexec_fn=_die_with_parent, **options)
    _children.append(child)
    return child


def end(child, limit=5):
    """Ends one child; its exit status."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(limit)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child in _children:
        _children.remove(child)
    return child.returncode


@atexit.register
def _end_all():
    for child in list(_children):
        end(child, 2)


def _terminated(number, _frame):
    raise SystemExit(128 + number)


signal.signal(signal.SIGTERM, _terminated)


def free_port():
    """A TCP port that was free a moment ago; the caller tries again when somebody was faster."""
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def tail(path, size=1500):
    try:
        with open(path, 'rb') as f:
            f.seek(0, os.SEEK_END)
            f.seek(max(0, f.tell() - size))
            return f.read().decode(errors='replace')
    except OSError:
        return ''
