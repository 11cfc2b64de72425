#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-qemu-screenshot.py [--full]: spicy-screenshot shows, pixel for pixel, what QEMU's own screendump shows (TAP).

The processor is stopped at the quiet boot screen before the client connects, so both see the same picture."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import images  # noqa: E402
import ours  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402

# On a UNIX socket the server compresses nothing, hence TCP for the compressions.
SMOKE = [('qxl', 'auto_glz', False), ('std', 'quic', False), ('qxl', 'off', True)]
FULL = [(vga, how, False) for vga in ('qxl', 'std') for how in ('auto_glz', 'quic', 'glz', 'lz', 'off')] \
    + [(vga, 'off', True) for vga in ('qxl', 'std')]


def screenshot(program, uri, path):
    run = subprocess.run([program, '--uri', uri, '--out-file', path], env=ours.environment(), timeout=30,
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace', check=False)
    tap.check(run.returncode == 0, 'spicy-screenshot ended with %d: %s' % (run.returncode, run.stderr[-800:]))
    return images.read_ppm(path)


def compare(program, vga, compression, unix):
    with Qemu(vga=vga, compression=compression, unix=unix) as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        tap.check(images.colours(truth) > 1, 'the boot screen is blank')
        for attempt in ('first', 'second'):
            shot = screenshot(program, vm.uri, os.path.join(vm.folder, 'shot.ppm'))
            fault = images.difference(shot, truth)
            tap.check(fault is None, '%s screenshot: %s' % (attempt, fault))


def body(program):
    client = ours.program('spicy-screenshot', 'SPICY_SCREENSHOT')
    program.run('spicy-screenshot runs on our library', ours.prove_program,
                [client, '--uri', '{uri}', '--out-file', os.devnull])
    for vga, compression, unix in FULL if '--full' in sys.argv else SMOKE:
        name = '%s %s %s' % (vga, compression, 'UNIX socket' if unix else 'TCP')
        program.run(name, compare, client, vga, compression, unix)


tap.main(body)
