#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""test-layering.py SOURCE_ROOT: the rules of rules.py hold for this tree, and the rules can find a fault (TAP)."""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402

HEAD = '// SPDX-License-Identifier: LGPL-2.1-or-later\n'
ONCE = HEAD + '#pragma once\n'

# (what, path, text, words of the one expected fault; None: no fault)
CASES = [
    ('downward include', 'spice-client-glib/codec/a.cc', HEAD + '#include "wire/reader.hh"\n#include <vector>\n', None),
    ('own folder', 'spice-client-glib/link/a.cc', HEAD + '#include "link/b.hh"\n#include <gio/gio.h>\n', None),
    ('adapter uses GLib', 'spice-client-glib/base/glib/a.hh', ONCE + '#include <glib-object.h>\n', None),
    ('facade includes its public header', 'spice-client-glib/api/a.cc', HEAD + '#include "spice-a.h"\n', None),
    ('widget includes a public header', 'spice-client-gtk/display/a.cc', HEAD + '#include "spice-a.h"\n', None),
    ('upward include', 'spice-client-glib/wire/a.cc', HEAD + '#include "codec/lz.hh"\n', 'wire/ includes codec/lz.hh'),
    ('upward by far', 'spice-client-glib/base/a.cc', HEAD + '  #  include "session/session.hh"\n', 'base/ includes'),
    ('sideways include', 'spice-client-glib/codec/a.cc', HEAD + '#include "link/b.hh"\n', 'codec/ includes link'),
    ('sideways on level three', 'spice-client-glib/agent/a.cc', HEAD + '#include "display/b.hh"\n', 'agent/ includes'),
    ('core includes a public header', 'spice-client-glib/channel/a.cc', HEAD + '#include "spice-a.h"\n', 'channel/ inc'),
    ('GLib in wire', 'spice-client-glib/wire/a.hh', ONCE + '#include <glib.h>\n', 'GLib in wire/'),
    ('GIO in codec', 'spice-client-glib/codec/a.hh', ONCE + '#include <gio/gio.h>\n', 'GLib in codec/'),
    ('GLib in plain base', 'spice-client-glib/base/a.hh', ONCE + '#include <glib.h>\n', 'GLib in base/'),
    ('adapters in codec', 'spice-client-glib/codec/a.cc', HEAD + '#include "base/glib/outbox.hh"\n', 'GLib adapters'),
    ('unknown folder', 'spice-client-glib/misc/a.cc', HEAD + '#include "wire/b.hh"\n', 'has no level'),
    ('widget includes internals', 'spice-client-gtk/display/a.cc', HEAD + '#include "wire/reader.hh"\n', 'internals'),
    ('801 lines', 'tools/long.cc', HEAD + '\n' * 800, 'more than 800'),
    ('800 lines', 'tools/long.cc', HEAD + '\n' * 799, None),
    ('no licence', 'tools/a.cc', 'int main() {}\n', 'no SPDX'),
    ('no licence in Python', 'tests/a.py', 'pass\n', 'no SPDX'),
    ('a path of the machine', 'tests/a.cc', HEAD + 'auto p = "/tm' + 'p/x";\n', 'path of one machine'),
    ('X sockets are no such path', 'tests/a.py', '#' + HEAD + 'p = "/tm' + 'p/.X11-unix"\n', None),
    ('unfinished work', 'tests/a.cc', HEAD + '// FIX' + 'ME\n', 'unfinished'),
    ('something that throws', 'tools/a.cc', HEAD + 'int i = std::sto' + 'i("1");\n', 'throws'),
    ('header without pragma', 'tests/a.hh', HEAD, 'pragma once'),
    ('file name', 'tests/a_b.cc', HEAD, 'kebab-case'),
]


def self_test(case):
    what, path, text, expected = case
    with tempfile.TemporaryDirectory() as root:
        present = {'spice-client-glib/wire/reader.hh': ONCE, 'spice-client-glib/spice-a.h': HEAD, path: text}
        for name, body in present.items():
            os.makedirs(os.path.join(root, os.path.dirname(name)), exist_ok=True)
            with open(os.path.join(root, name), 'w', encoding='utf-8') as f:
                f.write(body)
        faults, count = rules.check(root)
    if count != len(present):
        return ['%d files were looked at instead of %d' % (count, len(present))]
    if expected is None:
        return faults
    if len(faults) == 1 and faults[0].startswith(path + ': ') and expected in faults[0]:
        return []
    return ['expected one fault with "%s", got %s' % (expected, faults)]


def main(root):
    print('1..%d' % (len(CASES) + 1))
    bad = 0
    faults, count = rules.check(root)
    if count < 20:
        faults.append('only %d files found under %s' % (count, root))
    results = [('this tree (%d files)' % count, faults)]
    results += [(('finds: ' if c[3] else 'allows: ') + c[0], self_test(c)) for c in CASES]
    for i, (what, faults) in enumerate(results, 1):
        print('%s %d %s' % ('not ok' if faults else 'ok', i, what))
        for fault in faults:
            print('# ' + fault)
        bad += bool(faults)
    return 1 if bad else 0


sys.exit(main(sys.argv[1]))
