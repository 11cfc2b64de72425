# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""What the test suite checks about the source text itself (doc/architecture.md, HACKING.md)."""
import os
import re

# An include may go to the same folder or to a lower number.
LEVELS = {'base': 0, 'wire': 1, 'codec': 2, 'link': 2, 'agent': 3, 'display': 3, 'media': 3, 'device': 3,
          'channel': 4, 'session': 5, 'api': 6}
PUBLIC_LEVEL = LEVELS['api']
WITHOUT_GLIB = ('base', 'wire', 'codec')  # base/glib/ is where base meets GLib
GLIB_HEADER = re.compile(r'^(glib|glib-object|glib-unix|gmodule|gio)\b.*|^(gio|glib|gobject|gst|json-glib)/')
FOLDERS = ('spice-client-glib', 'spice-client-gtk', 'introspection', 'tools', 'tests')
CPP = ('.cc', '.hh', '.h', '.c')
TEXT = CPP + ('.py', '.sh', '.build')
MAX_LINES = 800

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
FILE_NAME = re.compile(r'^[a-z0-9]+([-.][a-z0-9]+)*$')
# in pieces, or this file would be its own first finding
PLACES = re.compile(r'(?<![\w.])/(wo' r'rk/|wo' r'rk\b"|tm' r'p/(?!\.(X11|ICE)-unix)|ho' r'me/)')
LATER = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X)\b')
BANNED = re.compile(r'\bstd::(reg' r'ex|sto(i|l|ul|ll|ull|f|d)\b)')


def sources(root):
    for folder in FOLDERS:
        for base, dirs, names in os.walk(os.path.join(root, folder)):
            dirs[:] = sorted(d for d in dirs if d not in ('__pycache__', 'data') and not d.startswith('.'))
            for name in sorted(names):
                if name.endswith(TEXT):
                    yield os.path.relpath(os.path.join(base, name), root)


def library_include(root, path, quote, target):
    """Faults of one include line in spice-client-glib/."""
    parts = path.split('/')[1:]
    own = parts[0] if len(parts) > 1 else 'api'  # the public headers belong to the API
    if own not in LEVELS:
        return ['folder %s/ has no level' % own]
    adapter = parts[:2] == ['base', 'glib']
    if own in WITHOUT_GLIB and not adapter:
        if GLIB_HEADER.match(target):
            return ['GLib in %s/: %s' % (own, target)]
        if target.startswith('base/glib/') or own == 'base' and target.startswith('glib/'):
            return ['%s/ includes GLib adapters: %s' % (own, target)]
    if quote != '"':
        return []
    here = os.path.dirname(path)
    if os.path.exists(os.path.join(root, here, target)):
        return ['relative include with ..: %s' % target] if '..' in target else []
    folder = target.split('/')[0]
    if '/' in target:
        level = LEVELS.get(folder)
    else:
        public = os.path.exists(os.path.join(root, 'spice-client-glib', target))
        level, folder = (PUBLIC_LEVEL, 'api') if public else (None, '')
    if level is None or folder == own or level < LEVELS[own]:
        return []
    return ['%s/ includes %s' % (own, target)]


def widget_include(root, path, quote, target):
    """The GTK library and the tools above it see what an application sees."""
    if quote != '"' or os.path.exists(os.path.join(root, os.path.dirname(path), target)) \
            or os.path.exists(os.path.join(root, 'spice-client-gtk', target)):
        return []
    inner = target.split('/')[0] in LEVELS and os.path.exists(os.path.join(root, 'spice-client-glib', target))
    if inner or 'spice-client-glib/' in target:
        return ['internals of the GLib library: %s' % target]
    return []


def file_faults(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as f:
        text = f.read()
    faults = []
    name = os.path.basename(path)
    if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in '\n'.join(text.split('\n', 3)[:3]):
        faults.append('no SPDX line at the top')
    for pattern, what in ((PLACES, 'a path of one machine'), (LATER, 'a word for unfinished work')):
        hit = pattern.search(text)
        if hit:
            faults.append('%s: %s' % (what, hit.group(0)))
    if not path.endswith(CPP):
        return faults
    if text.count('\n') > MAX_LINES:
        faults.append('%d lines, more than %d' % (text.count('\n'), MAX_LINES))
    if not FILE_NAME.match(name):
        faults.append('file name is not kebab-case')
    if name.endswith('.hh') and '#pragma once' not in text:
        faults.append('no #pragma once')
    if BANNED.search(text):
        faults.append('throws: %s' % BANNED.search(text).group(0))
    for quote, target in INCLUDE.findall(text):
        if path.startswith('spice-client-glib/'):
            faults += library_include(root, path, quote, target)
        elif path.startswith('spice-client-gtk/'):
            faults += widget_include(root, path, quote, target)
    return faults


def check(root):
    """All faults as `path: what`, and the number of files looked at."""
    faults, count = [], 0
    for path in sources(root):
        count += 1
        faults += ['%s: %s' % (path, what) for what in file_faults(root, path)]
    return faults, count
