#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""How the viewer starts: options, mistakes, the dialogs for an address and a password, servers that are not there."""

import argparse
import subprocess

import harness
from harness import eventually

parser = argparse.ArgumentParser()
parser.add_argument("--spicy", required=True)
parser.add_argument("--server", required=True)
parser.add_argument("--library-root")
options = parser.parse_args()


class Fixture:
    def __init__(self):
        self.bench = harness.Bench(options.server)
        self.bench.env["GSK_RENDERER"] = "cairo"
        self.viewer = None

    def run(self, *arguments):
        return subprocess.run([options.spicy, *arguments], env=self.bench.env, capture_output=True, text=True, timeout=60,
                              check=False)

    def view(self, *arguments):
        self.viewer = self.bench.start([options.spicy, *arguments], "spicy")

    def end_viewer(self):
        assert self.viewer.popen.poll() is None, "the viewer ended by itself: %d" % self.viewer.popen.poll()
        self.viewer.stop()

    def dump(self):
        if self.viewer:
            with open(self.viewer.log, encoding="utf-8", errors="replace") as log:
                print("# " + "# ".join(log.readlines()[-20:]))

    def close(self):
        self.bench.close()


def version(f):
    done = f.run("--version")
    assert done.returncode == 0 and done.stdout.startswith("spicy "), done


def mistakes(f):
    """Each is one clear line and exit code 2."""
    for arguments in (["nonsense"], ["spice://127.0.0.1"], ["spice://127.0.0.1:"], ["http://127.0.0.1:1"],
                      ["spice://a:1", "spice://b:2"], ["--no-such-option"]):
        done = f.run(*arguments)
        assert done.returncode == 2, (arguments, done)
        own = [line for line in done.stderr.splitlines() if line.startswith("spicy: ")]
        assert len(own) == 1, (arguments, done.stderr)


def password(f):
    """A wrong password is asked for again, in the same window; the right one shows the display."""
    server = f.bench.server("--password", "right", "--name", "Locked")
    f.view("spice://127.0.0.1:%d" % server.port)
    first = f.bench.window("^Authentication$")
    f.bench.xdo("windowfocus", "--sync", first, "type", "wrong")
    f.bench.xdo("key", "Return")

    def another():
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Authentication$"], env=f.bench.env,
                               capture_output=True, text=True, check=False).stdout.split()
        return found and found[-1] != first and found[-1]
    second = eventually("the dialog again", another)
    f.bench.xdo("windowfocus", "--sync", second, "type", "right")
    f.bench.xdo("key", "Return")
    server.wait_channels("display", 1)
    f.bench.window("^Locked")
    f.end_viewer()


def connect_dialog(f):
    """Without a URI the viewer asks for host and port."""
    server = f.bench.server("--name", "Asked for")
    f.view()
    dialog = f.bench.window("^Connect$")
    f.bench.xdo("windowfocus", "--sync", dialog, "type", "127.0.0.1")
    f.bench.xdo("key", "Tab")
    f.bench.xdo("type", "99999")
    f.bench.xdo("key", "Return")  # refused, the dialog stays
    f.bench.xdo("key", "ctrl+a")
    f.bench.xdo("type", str(server.port))
    f.bench.xdo("key", "Return")
    server.wait_channels("display", 1)
    f.bench.window("^Asked for")
    f.end_viewer()


def title(f):
    server = f.bench.server("--name", "Guest")
    f.view("--title", "My own title", "spice://127.0.0.1:%d" % server.port)
    server.wait_channels("display", 1)
    f.bench.window("^My own title")
    f.end_viewer()


def nobody_there(f):
    """A window with the error, and a connection when somebody is there and the user asks."""
    server = f.bench.server()
    port = server.port
    server.stop()
    f.bench.started.remove(server)
    f.view("spice://127.0.0.1:%d" % port)
    window = f.bench.window("127.0.0.1:%d" % port)
    f.bench.xdo("windowfocus", "--sync", window)
    server = f.bench.server("--name", "Late", port=port)

    def retry():
        f.bench.xdo("key", "Return")
        return "2:1" in server.do("channels")
    eventually("a connection", retry)
    f.bench.window("^Late")
    f.end_viewer()


def two_displays(f):
    """Each display channel has a window of its own."""
    server = f.bench.server("--displays", "2", "--name", "Twins")
    f.view("spice://127.0.0.1:%d" % server.port)
    f.bench.window("^Twins$")
    second = f.bench.window(r"^Twins \(2\)$")
    truth_of = lambda: (server.do("@1 dump %s/second.ppm" % f.bench.folder) or True) and harness.Picture.from_ppm(
        f.bench.folder + "/second.ppm")
    eventually("the second display's pixels", lambda: f.bench.picture(second).find(truth_of()))
    f.end_viewer()


harness.run([version, mistakes, title, password, connect_dialog, nobody_there, two_displays], Fixture)
