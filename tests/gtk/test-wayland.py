#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""The viewer on a Wayland compositor, which is a window of an X server, so that xdotool can drive it."""

import argparse
import os

import harness
from harness import eventually

parser = argparse.ArgumentParser()
parser.add_argument("--spicy", required=True)
parser.add_argument("--server", required=True)
parser.add_argument("--library-root")
options = parser.parse_args()
harness.need("weston")


class Fixture:
    """A compositor of 800x600 that is filled by the viewer."""

    width, height = 800, 600

    def __init__(self):
        self.bench = harness.Bench(options.server)
        self.server = self.bench.server("--size", "%dx%d" % (self.width, self.height), "--name", "Guest")
        self.bench.start(["weston", "--backend=x11-backend.so", "--use-pixman", "--socket=spice-test", "--no-config",
                          "--width=%d" % self.width, "--height=%d" % self.height, "--idle-time=0"], "weston")
        eventually("the compositor", lambda: os.path.exists(os.path.join(self.bench.folder, "spice-test")))
        self.output = self.bench.window("Weston Compositor", "--class")
        self.bench.env.update(GDK_BACKEND="wayland", WAYLAND_DISPLAY="spice-test", GSK_RENDERER="cairo")
        self.viewer = self.bench.start([options.spicy, "--fullscreen", "spice://127.0.0.1:%d" % self.server.port], "spicy")
        self.server.wait_channels("inputs", 1)
        self.bench.xdo("windowfocus", "--sync", self.output)

    def point(self, x, y):
        """Weston may miss the pointer's first moves and then follows by distances: the corners set it right."""
        for at in ((self.width - 1, self.height - 1), (0, 0), (x, y)):
            self.bench.xdo("mousemove", "--window", self.output, *at)

    def dump(self):
        with open(self.viewer.log, encoding="utf-8", errors="replace") as log:
            print("# " + "# ".join(log.readlines()[-20:]))

    def close(self):
        self.bench.close()


def pixels(f):
    """All but the place of the compositor's pointer."""
    def same():
        f.point(f.width - 100, f.height - 100)
        shown, truth = f.bench.picture(f.output), f.server.truth(f.bench)
        return shown.find(truth.crop(0, 0, f.width, 200)) is not None
    eventually("the guest's pixels", same)


def absolute(f):
    eventually("the position", lambda: f.point(300, 200) or "position 300 200 0" in f.server.do("mouse"))
    f.bench.xdo("key", "Shift_L")  # has been sent after every position
    assert f.server.keys(2) == "2a aa"
    f.bench.xdo("key", "a")
    assert f.server.keys(2) == "1e 9e"
    f.bench.xdo("click", 1)
    assert [e.split()[-1] for e in f.server.mouse(2)] == ["1", "0"]


def relative(f):
    """A locked pointer: motion is exact and keeps coming when the host's pointer would be at an edge."""
    f.server.do("mode server")

    def moving():
        f.bench.xdo("click", 1)
        f.bench.xdo("mousemove_relative", "--", 1, 0)
        return "motion" in f.server.do("mouse")
    eventually("relative motion after a click", moving)
    f.bench.xdo("click", 3)
    eventually("a button", lambda: " 2;" in f.server.do("mouse"))
    eventually("its release", lambda: f.server.do("mouse").endswith(" 0;"))
    f.server.do("clear")
    for dx, dy in ((5, -3), (20, 30), (-25, -27)):
        f.bench.xdo("mousemove_relative", "--", dx, dy)

    def total():
        moves = [e.split() for e in f.server.do("mouse").split(";") if "motion" in e]
        return len(moves) >= 3 and (sum(int(m[1]) for m in moves), sum(int(m[2]) for m in moves)) == (0, 0)
    eventually("all of the motion", total)
    f.bench.xdo("keydown", "Control_L", "keydown", "Alt_L")
    f.bench.xdo("keyup", "Alt_L", "keyup", "Control_L")
    assert f.server.keys(4).split()[:2] == ["1d", "38"]
    f.server.do("clear")
    f.bench.xdo("mousemove_relative", 7, 7)
    f.server.do("mode client")
    f.point(310, 210)
    eventually("positions again", lambda: "position" in f.server.do("mouse"))
    assert "motion" not in f.server.do("mouse"), f.server.do("mouse")


harness.run([pixels, absolute, relative], Fixture)
