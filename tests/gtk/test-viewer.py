#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer against a real server: pixels of its window, keys and mouse at the guest."""

import argparse
import os
import re
import subprocess

import harness
from harness import eventually

parser = argparse.ArgumentParser()
parser.add_argument("--spicy", required=True)
parser.add_argument("--server", required=True)
parser.add_argument("--library-root", help="where the SPICE libraries of the viewer must come from")
parser.add_argument("--renderer", default="cairo")
parser.add_argument("--scale", type=int, default=1)
options = parser.parse_args()


class Fixture:
    """One server with a desktop of 800x600, and a viewer that shows it."""

    width, height = 800, 600

    def __init__(self):
        self.bench = harness.Bench(options.server)
        self.bench.env["GSK_RENDERER"] = options.renderer
        if options.scale != 1:
            self.bench.env["GDK_SCALE"] = str(options.scale)
        self.server = self.bench.server("--size", "%dx%d" % (self.width, self.height), "--name", "Guest")
        self.bench.env["G_MESSAGES_DEBUG"] = "SpiceGtk"
        self.viewer = self.bench.start([options.spicy, "spice://127.0.0.1:%d" % self.server.port], "spicy",
                                       stdout=subprocess.PIPE)
        del self.bench.env["G_MESSAGES_DEBUG"]
        self.window = self.bench.window("^Guest")
        self.server.wait_channels("inputs", 1)
        self.origin = self.last_truth = None
        self.locate()

    def locate(self):
        """Waits until the window shows the desktop pixel by pixel, and finds out where."""
        def look():
            self.last_truth = self.server.truth(self.bench)
            self.origin = self.bench.picture(self.window).find(self.last_truth)
            return self.origin is not None
        eventually("the guest's pixels in the window", look)
        text = self.bench.xdo("getwindowgeometry", "--shell", self.window)
        x, y = (int(re.search(r"%s=(-?\d+)" % k, text)[1]) for k in "XY")
        self.origin = (x + self.origin[0], y + self.origin[1])

    def point(self, x, y):
        self.bench.xdo("mousemove", self.origin[0] + x, self.origin[1] + y)

    def focus(self):
        """The pointer in the display, keyboard focus there, nothing left of what was sent before."""
        self.point(self.width // 2 + 3, self.height // 2)
        self.point(self.width // 2, self.height // 2)
        self.bench.xdo("windowfocus", "--sync", self.window)
        eventually("the pointer at the guest", lambda: "position %d %d 0" % (self.width // 2, self.height // 2)
                   in self.server.do("mouse"))
        self.server.do("clear")

    def dump(self):
        for process in (self.viewer,):
            with open(process.log, encoding="utf-8", errors="replace") as log:
                print("# " + "# ".join(log.readlines()[-20:]))

    def close(self):
        self.bench.close()


def own_library(f):
    """The viewer runs on the library of this build."""
    with open("/proc/%d/maps" % f.viewer.popen.pid, encoding="utf-8") as maps:
        used = {line.split()[-1] for line in maps if "libspice-client" in line}
    assert used, "no SPICE library is loaded"
    if options.library_root:
        root = os.path.realpath(options.library_root)
        for path in used:
            assert path.startswith(root + "/"), path


def presenter(f):
    """The renderer is the one that was asked for, and not what GTK falls back to."""
    for line in iter(f.viewer.popen.stdout.readline, b""):
        if b"presenter" in line:
            assert b"the %s presenter" % options.renderer.encode() in line, line
            return
    raise harness.Failure("the viewer ended")


def pixels(f):
    """What the server draws later is seen, too."""
    f.server.do("fill 10 20 300 200 ff8000")
    f.locate()
    f.server.do("fill 0 0 1 1 00ff00")
    f.server.do("fill %d %d 1 1 0000ff" % (f.width - 1, f.height - 1))
    f.locate()


def letters(f):
    f.focus()
    f.bench.xdo("key", "a")
    assert f.server.keys(2) == "1e 9e"
    f.bench.xdo("key", "shift+z")
    assert f.server.keys(4) == "2a 2c aa ac"


def special_keys(f):
    f.focus()
    for name, sent in (("Tab", "0f 8f"), ("Escape", "01 81"), ("F10", "44 c4"), ("F12", "58 d8"), ("Up", "e0 48 e0 c8"),
                       ("Delete", "e0 53 e0 d3"), ("KP_Enter", "e0 1c e0 9c"), ("Super_L", "e0 5b e0 db")):
        f.bench.xdo("key", name)
        got = f.server.keys(len(sent.split()))
        assert got == sent, "%s: %s" % (name, got)


def pause(f):
    """The one key of three bytes. The server takes its last one for Num Lock, which the host has not on: it is set right."""
    f.focus()
    f.bench.xdo("key", "Pause")
    got = f.server.keys(8)
    assert got == "e1 1d 45 e1 9d c5 45 c5", got


def held_key(f):
    """Repeats reach the guest as further presses, and there is one release."""
    f.focus()
    f.bench.xdo("keydown", "b")
    f.server.do("wait keys 4 20000")
    f.bench.xdo("keyup", "b")
    eventually("the release", lambda: f.server.do("keys").endswith("b0"))
    got = f.server.do("keys").split()
    f.server.do("clear")
    assert got[-1] == "b0" and set(got[:-1]) == {"30"}, got


def focus_loss(f):
    """A key that is down when the window loses the focus is released."""
    f.focus()
    f.bench.xdo("keydown", "Control_L")
    assert f.server.keys(1) == "1d"
    f.bench.xdo("windowminimize", f.window)
    assert f.server.keys(1) == "9d"
    f.bench.xdo("keyup", "Control_L")
    f.bench.xdo("windowmap", f.window, "windowactivate", "--sync", f.window)
    f.locate()


def positions(f):
    f.focus()
    # Under a title bar GTK gives the topmost row of pixels to the bar (rounding), so begin one below.
    right, bottom, top = f.width - options.scale, f.height - options.scale, options.scale
    for x, y in ((0, top), (right, top), (0, bottom), (right, bottom), (124, 248)):
        f.point(x, y)
        want = "position %d %d 0" % (x, y)
        eventually(want, lambda: want in f.server.do("mouse"))
        f.server.do("clear")


def buttons(f):
    f.focus()
    for button, mask in ((1, 1), (2, 4), (3, 2)):
        f.bench.xdo("click", button)
        got = [e for e in f.server.mouse(2) if not e.startswith("position")]
        assert [e.split()[-1] for e in got] == [str(mask), "0"], got
    for button in (8, 9):  # the server has its own idea of their bits, but they must be different ones
        f.bench.xdo("click", button)
        got = f.server.mouse(2)
        assert got[0].split()[-1] not in ("0", "1", "2", "4") and got[1].split()[-1] == "0", got


def wheel(f):
    f.focus()
    f.bench.xdo("click", "--repeat", 3, "--delay", 20, 4)
    got = [e for e in f.server.mouse(3) if e.startswith("wheel")]
    assert got and all(e.startswith("wheel -1") for e in got), got
    f.server.do("clear")
    f.bench.xdo("click", 5)
    eventually("wheel down", lambda: "wheel 1" in f.server.do("mouse"))
    f.server.do("clear")


def dragging(f):
    """A drag that leaves the display goes on at its edge."""
    f.focus()
    f.point(20, 30)
    f.bench.xdo("mousedown", 1)
    eventually("the press", lambda: re.search(r"(wheel 0|buttons|position 20 30) 1", f.server.do("mouse")))
    f.point(-15, 30)
    eventually("the edge", lambda: "position 0 30 1" in f.server.do("mouse"))
    f.bench.xdo("mouseup", 1)
    eventually("the release", lambda: f.server.do("mouse").endswith(" 0;"))
    f.server.do("clear")


def guest_resizes(f):
    """A smaller picture is enlarged to fill the window, and the way back is exact again."""
    f.server.do("resize 400 300")
    f.point(f.width - options.scale, f.height - options.scale)
    eventually("the last pixel", lambda: re.search(r"position 39[89] 29[89] 0", f.server.do("mouse")) or f.point(f.width - 10, 10)
               or f.point(f.width - options.scale, f.height - options.scale))
    f.server.do("resize %d %d" % (f.width, f.height))
    f.locate()
    f.server.do("clear")


def relative_mouse(f):
    """Server mode: the first click takes the pointer, motion is exact beyond the edges, Ctrl+Alt gives it back."""
    f.focus()
    f.server.do("mode server")
    f.point(300, 300)
    eventually("a grab after a click", lambda: "release the pointer" in (f.bench.xdo("click", 1) and "" or
               f.bench.xdo("getwindowname", f.window)))
    f.server.do("clear")
    moved = ((5, -3), (-900, 900), (-3000, -3000), (300, 200))  # the last two: the guest's pointer ends at 300, 200
    for dx, dy in moved:
        f.bench.xdo("mousemove_relative", "--", dx, dy)

    def total():
        moves = [e.split() for e in f.server.do("mouse").split(";") if "motion" in e]
        return (sum(int(m[1]) for m in moves), sum(int(m[2]) for m in moves)) == tuple(map(sum, zip(*moved)))
    eventually("all of the motion", total)
    f.server.do("clear")
    f.bench.xdo("click", 3)
    got = f.server.mouse(2)
    assert [e.split()[-1] for e in got] == ["2", "0"], got
    f.bench.xdo("keydown", "Control_L", "keydown", "Alt_L")
    eventually("the pointer back", lambda: "release" not in f.bench.xdo("getwindowname", f.window))
    f.bench.xdo("keyup", "Alt_L", "keyup", "Control_L")
    assert f.server.keys(4) == "1d 38 b8 9d"
    f.bench.xdo("mousemove_relative", 7, 7)
    assert "motion" not in f.server.do("mouse")
    f.server.do("mode client")


def server_dies(f):
    """The window stays, says so, and connects again when asked."""
    port = f.server.port
    f.server.stop()
    f.bench.started.remove(f.server)
    truth = f.last_truth
    eventually("another page", lambda: f.bench.picture(f.window).find(truth) is None)
    assert f.viewer.popen.poll() is None, "the viewer ended"
    f.server = f.bench.server("--size", "%dx%d" % (f.width, f.height), "--name", "Guest", port=port)
    f.bench.xdo("windowfocus", "--sync", f.window)

    f.bench.xdo("key", "Return")
    f.server.wait_channels("inputs", 1)
    f.locate()
    f.focus()
    f.bench.xdo("key", "c")
    assert f.server.keys(2).endswith("2e ae")


tests = [own_library, presenter, pixels, positions, buttons, wheel, dragging, letters, special_keys, pause, held_key, focus_loss, guest_resizes,
         relative_mouse, server_dies]
if options.scale != 1:
    tests = [own_library, presenter, pixels, positions, letters]
elif options.renderer != "cairo":
    tests = [own_library, presenter, pixels, guest_resizes]
harness.run(tests, Fixture)
