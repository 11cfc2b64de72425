#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Runs a program on an X server of its own: with-display.py PROGRAM [ARGUMENT...]"""

import subprocess
import sys

import harness

bench = harness.Bench(None)
try:
    bench.env["GSK_RENDERER"] = "cairo"
    # no GL driver is loaded and unloaded again: what that leaks belongs to no module that could be named
    bench.env["GDK_DEBUG"] = "gl-disable"
    status = subprocess.run(sys.argv[1:], env=bench.env, check=False).returncode
finally:
    bench.close()
sys.exit(status)
