#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""demo.py --build DIR: the demo server and the viewer on it.

On a desktop the viewer stays until its window is closed. Without one it runs under Xvfb, a screenshot is taken after
the first frames and its path is printed as the last line; the exit status tells whether there was a picture."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'tests', 'interop'))
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from xvfb import Xvfb  # noqa: E402

LIMIT = 50  # seconds for everything after the build
MIN_COLOURS = 800  # the demo desktop has thousands, an error page or a blank window a few dozen


def say(text):
    print('demo: ' + text, file=sys.stderr, flush=True)


def start_server(build):
    program = os.path.join(build, 'tests', 'server', 'spice-test-server')
    if not os.access(program, os.X_OK):
        raise tap.Failure('the demo server was not built (libspice-server-dev is missing?)')
    # the server itself is the distribution's and needs no path of ours
    server = processes.start([program, '--port', '0'], stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    match = re.match(r'ready port=(\d+)', line)
    if not match:
        raise tap.Failure('the demo server did not start: %r' % line)
    return server, 'spice://127.0.0.1:' + match.group(1)


def window_of(screen):
    """The part of the screen that is not the black root window."""
    stride = screen.width * 3
    rows = [y for y in range(screen.height) if any(screen.rgb[y * stride:(y + 1) * stride])]
    if not rows:
        return screen
    columns = [x for x in range(screen.width)
               if any(screen.rgb[rows[0] * stride + x * 3:(rows[-1] + 1) * stride:stride])]
    x, y = (columns or [0])[0], rows[0]
    return images.crop(screen, x, y, (columns or [screen.width - 1])[-1] + 1 - x, rows[-1] + 1 - y)


def picture_of(window):
    """The middle of the window when it shows a real picture, else None."""
    middle = images.crop(window, window.width // 4, window.height // 4, window.width // 2, window.height // 2)
    return middle if images.colours(middle) >= MIN_COLOURS else None


def watch(x, viewer, end):
    """Waits for the first picture and for the animation to go on; the window's picture."""
    first, screen = None, None
    while time.monotonic() < end:
        if viewer.poll() is not None:
            raise tap.Failure('the viewer ended with status %d' % viewer.returncode)
        screen = window_of(x.screen())
        now = picture_of(screen)
        if first and now and now != first:
            ours.prove(viewer.pid)
            return screen, True
        first = first or now
        time.sleep(0.25)
    return screen, False


def headless(spicy, uri, folder):
    end = time.monotonic() + LIMIT
    say('no desktop here: using Xvfb')
    with Xvfb(1280, 800) as x:
        home = tempfile.TemporaryDirectory(prefix='spice-demo-')
        env = x.environment(ours.environment())
        env.update(HOME=home.name, XDG_CONFIG_HOME=home.name, XDG_CACHE_HOME=home.name, XDG_DATA_HOME=home.name)
        viewer = processes.start([spicy, uri], env=env, stdout=sys.stderr)
        try:
            screen, good = watch(x, viewer, end)
        finally:
            processes.end(viewer)
            home.cleanup()
    path = os.path.join(folder, 'demo.png')
    images.write_png(path, screen)
    if not good:
        say('the picture is blank or stands still')
    print(path, flush=True)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', required=True)
    parser.add_argument('--xvfb', action='store_true', help='even if there is a desktop')
    options = parser.parse_args()
    os.environ['SPICE_BUILD_DIR'] = options.build
    try:
        spicy = ours.program('spicy')
        server, uri = start_server(options.build)
        say('the demo server listens at ' + uri)
        if options.xvfb or not (os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY')):
            status = headless(spicy, uri, options.build)
        else:
            status = processes.start([spicy, uri], env=ours.environment()).wait()
        processes.end(server)
        return status
    except (tap.Failure, tap.Skip) as fault:
        say(str(fault))
        return 1


sys.exit(main())
