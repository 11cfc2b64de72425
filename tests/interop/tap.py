# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A very small TAP writer: cases that run one after another, each with its own verdict."""
import sys
import time
import traceback


class Skip(Exception):
    """The case (or, outside a case, the whole program) cannot run here."""


class Failure(Exception):
    """The case ran and what it saw is wrong."""


def note(text):
    for line in str(text).splitlines():
        print('# ' + line, flush=True)


def check(good, text):
    if not good:
        raise Failure(text)


def wait_for(what, limit, test, pause=0.05):
    """Polls until test() returns something true; its value. A Failure after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        value = test()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure('%s did not happen within %g s' % (what, limit))
        time.sleep(pause)


class Program:
    def __init__(self):
        self.number = self.failed = 0

    def run(self, name, function, *args):
        """Runs one case; True when it passed."""
        self.number += 1
        start = time.monotonic()
        try:
            function(*args)
        except Skip as why:
            print('ok %d %s # SKIP %s' % (self.number, name, why), flush=True)
            return False
        except Exception as fault:  # noqa: BLE001: any fault is a verdict, the next case still runs
            self.failed += 1
            print('not ok %d %s' % (self.number, name), flush=True)
            note(fault if isinstance(fault, Failure) else traceback.format_exc())
            return False
        print('ok %d %s' % (self.number, name), flush=True)
        note('%.1f s' % (time.monotonic() - start))
        return True


def main(body):
    """body(program) runs the cases; a Skip outside of them skips the whole program."""
    program = Program()
    try:
        body(program)
    except Skip as why:
        if program.number == 0:
            print('1..0 # SKIP %s' % why, flush=True)
            sys.exit(0)
        note('the rest was skipped: %s' % why)
        program.failed += 1
    except Exception:  # noqa: BLE001
        program.number += 1
        program.failed += 1
        print('not ok %d outside of a case' % program.number, flush=True)
        note(traceback.format_exc())
    print('1..%d' % program.number, flush=True)
    sys.exit(1 if program.failed else 0)
