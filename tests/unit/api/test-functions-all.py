# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-functions-all.py LIBRARY PROGRAM...: the programs call every function that the library exports (TAP).

Programs that were compiled with the distribution's headers need not know what is only here, which has a symbol version
of its own.
"""
import subprocess
import sys

COMPATIBLE = 'SPICEGTK_1'


def symbols(path, kinds, *options):
    """{name: version} of the dynamic symbols of these kinds."""
    found = {}
    for line in subprocess.run(['nm', '-D', *options, path], check=True, capture_output=True, text=True).stdout.splitlines():
        words = line.split()
        if len(words) >= 2 and words[-2] in kinds:
            name, _, version = words[-1].partition('@')
            found[name] = version.lstrip('@')
    return found


def main(library, *programs):
    functions = symbols(library, 'T', '--defined-only')
    print('1..%d' % (len(programs) + 1))
    print('%s 1 the library exports functions' % ('ok' if len(functions) > 100 else 'not ok'))
    for number, program in enumerate(programs, 2):
        called = symbols(program, 'U', '--undefined-only')
        missing = [name for name, version in sorted(functions.items())
                   if name not in called and ('distribution' not in program or version == COMPATIBLE)]
        print('%s %d %s' % ('not ok' if missing else 'ok', number, program.rsplit('/', 1)[-1]))
        for name in missing:
            print('# not called: ' + name)


main(*sys.argv[1:])
