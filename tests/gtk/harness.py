# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A private X server, a SPICE test server and the viewer, for tests that look at windows and press keys.

Everything is started by the test and ended by it; programs that are missing make the test skip (exit code 77)."""

import atexit
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

DEADLINE = 20  # seconds for one expectation; the machine may be busy


class Failure(Exception):
    pass


def need(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    if missing:
        print("1..0 # SKIP missing: " + " ".join(missing))
        sys.exit(77)


def eventually(what, condition):
    """Polls a condition of another process until it holds; its last value is returned."""
    end = time.monotonic() + DEADLINE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure("did not happen: " + what)
        time.sleep(0.02)


class Picture:
    """RGB pixels."""

    def __init__(self, width, height, rgb):
        self.width, self.height, self.rgb = width, height, rgb

    @classmethod
    def from_ppm(cls, path):
        with open(path, "rb") as f:
            data = f.read()
        match = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        return cls(int(match[1]), int(match[2]), data[match.end():])

    @classmethod
    def from_xwd(cls, data):
        if len(data) < 100:
            return None
        head = struct.unpack(">25I", data[:100])
        size, width, height, bits, stride, colors = head[0], head[4], head[5], head[11], head[12], head[19]
        if bits != 32 or head[7] != 0 or len(data) < size + colors * 12 + height * stride:  # bits per pixel, byte order
            return None
        start = size + colors * 12
        rows = []
        for y in range(height):
            row = data[start + y * stride:start + y * stride + width * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows.append(bytes(rgb))
        return cls(width, height, b"".join(rows))

    def row(self, x, y, width):
        at = (y * self.width + x) * 3
        return self.rgb[at:at + width * 3]

    def crop(self, x, y, width, height):
        return Picture(width, height, b"".join(self.row(x, y + j, width) for j in range(height)))

    def find(self, inner):
        """Where the other picture is, exactly; None when it is not."""
        first = inner.row(0, 0, inner.width)
        for y in range(self.height - inner.height + 1):
            line = self.row(0, y, self.width)
            at = line.find(first)
            while at >= 0:
                x = at // 3
                if at % 3 == 0 and self.crop(x, y, inner.width, inner.height).rgb == inner.rgb:
                    return x, y
                at = line.find(first, at + 1)
        return None


class Process:
    def __init__(self, command, env, log, **options):
        self.log = log
        options.setdefault("stdout", subprocess.DEVNULL)
        with open(log, "wb") as out:
            self.popen = subprocess.Popen(command, env=env, stderr=out, **options)

    def stop(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(5)
            except subprocess.TimeoutExpired:
                self.popen.kill()
        return self.popen.wait()


class Server:
    """The test server and its control connection."""

    def __init__(self, bench, *options, port=0):
        self.path = os.path.join(bench.folder, "control-%d" % bench.serial())
        command = [bench.server_program, "--still", "--port", str(port), "--control", self.path, *options]
        self.process = Process(command, bench.env, self.path + ".log", stdout=subprocess.PIPE)
        line = self.process.popen.stdout.readline().decode()
        match = re.match(r"ready.* port=(\d+)", line)
        if not match:
            self.process.stop()
            raise Failure("the server said: " + line)
        self.port = int(match[1])
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE + 10)
        self.socket.connect(self.path)
        self.stream = self.socket.makefile("rw")

    def do(self, command):
        self.stream.write(command + "\n")
        self.stream.flush()
        answer = self.stream.readline().strip()
        if not answer.startswith("ok"):
            raise Failure("%s: %s" % (command, answer))
        return answer[2:].strip()

    def keys(self, count):
        """The next scancode bytes that the guest gets, forgotten afterwards."""
        try:
            self.do("wait keys %d %d" % (count, DEADLINE * 1000))
        except Failure as e:
            raise Failure("%s; got: %s" % (e, self.do("keys"))) from e
        got = self.do("keys")
        self.do("clear")
        return got

    def mouse(self, count):
        try:
            self.do("wait mouse %d %d" % (count, DEADLINE * 1000))
        except Failure as e:
            raise Failure("%s; got: %s" % (e, self.do("mouse"))) from e
        got = [e.strip() for e in self.do("mouse").split(";") if e.strip()]
        self.do("clear")
        return got

    def wait_channels(self, name, count):
        self.do("wait %s %d %d" % (name, count, DEADLINE * 1000))

    def truth(self, bench):
        path = os.path.join(bench.folder, "truth.ppm")
        self.do("dump " + path)
        return Picture.from_ppm(path)

    def stop(self):
        self.stream.close()
        self.socket.close()
        self.process.stop()
        self.process.popen.stdout.close()


class Bench:
    """A folder, an X server with a window manager, and whatever a test starts in it."""

    def __init__(self, server_program, screen="1600x1200x24"):
        need("Xvfb", "openbox", "xdotool", "xwd", "xprop")
        self.server_program = server_program
        self.folder = tempfile.mkdtemp(prefix="spice-gtk-test-")
        self.count = 0
        self.started = []
        # Also when a test is stopped by its time limit, or this constructor fails half-way.
        atexit.register(self.close)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        self.env = dict(os.environ, HOME=self.folder, XDG_RUNTIME_DIR=self.folder, XDG_CONFIG_HOME=self.folder,
                        XDG_CACHE_HOME=self.folder, GDK_BACKEND="x11", GTK_A11Y="none", GSETTINGS_BACKEND="memory",
                        LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals", SPICE_KEYPRESS_DELAY="0")
        for name in ("WAYLAND_DISPLAY", "SPICE_NOGRAB", "GDK_SCALE", "SPICE_PROXY"):
            self.env.pop(name, None)
        read, write = os.pipe()
        x = self.start(["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "+extension", "GLX", "-nolisten", "tcp",
                        "-noreset"], "xvfb", pass_fds=(write,))
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failure("no X server: %s" % open(x.log).read())
        self.env["DISPLAY"] = ":" + number
        self.start(["openbox", "--sm-disable"], "openbox")
        eventually("a window manager", lambda: "window id" in self.x("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"))

    def serial(self):
        self.count += 1
        return self.count

    def start(self, command, name, **options):
        process = Process(command, self.env, os.path.join(self.folder, "%s-%d.log" % (name, self.serial())), **options)
        self.started.append(process)
        return process

    def server(self, *options, **more):
        server = Server(self, *options, **more)
        self.started.append(server)
        return server

    def x(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True, timeout=60).stdout

    def xdo(self, *arguments):
        return self.x("xdotool", *[str(a) for a in arguments])

    def window(self, title, by="--name"):
        """The id of the visible window whose title (or class) matches."""
        def search():
            found = subprocess.run(["xdotool", "search", "--onlyvisible", by, title], env=self.env,
                                   capture_output=True, text=True, check=False)
            return found.stdout.split()
        return eventually("window '%s'" % title, search)[-1]

    def picture(self, window):
        def shoot():  # fails while the window is being resized
            done = subprocess.run(["xwd", "-silent", "-id", window], env=self.env, capture_output=True, check=False)
            return done.returncode == 0 and Picture.from_xwd(done.stdout)
        return eventually("a picture of the window", shoot)

    def close(self):
        atexit.unregister(self.close)
        while self.started:
            self.started.pop().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(tests, make):
    """Runs functions as TAP; each gets what make() returned, made anew after a failure."""
    print("1..%d" % len(tests), flush=True)
    failed = 0
    fixture = None
    for number, test in enumerate(tests, 1):
        try:
            if fixture is None:
                fixture = make()
            test(fixture)
            print("ok %d %s" % (number, test.__name__), flush=True)
        except (Failure, AssertionError, OSError, subprocess.SubprocessError) as e:
            failed += 1
            print("not ok %d %s" % (number, test.__name__))
            print("# " + "\n# ".join(("%s: %s" % (type(e).__name__, e)).splitlines()), flush=True)
            if fixture is not None:
                fixture.dump()
                fixture.close()
            fixture = None
    if fixture is not None:
        fixture.close()
    sys.exit(1 if failed else 0)
