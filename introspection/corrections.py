# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Calls that need what doc/gir-corrections.txt lists, and spice_display_channel_list_monitors():
corrections.py [TEST-SERVER]. Writes TAP.

Each runs in a process of its own with our typelib, where it must work, and with the distribution's where that is
installed, which must not know how: a correction that nothing needs is to go.
"""
import ctypes
import glob
import os
import re
import subprocess
import sys

# where the members are in memory, which is part of the library's interface
FIELDS = {'DisplayPrimary': {'width': (4, ctypes.c_int32, 640), 'height': (8, ctypes.c_int32, 480),
                             'stride': (12, ctypes.c_int32, 2560), 'shmid': (16, ctypes.c_int32, -1)},
          'CursorShape': {'width': (4, ctypes.c_uint16, 64), 'height': (6, ctypes.c_uint16, 65),
                          'hot_spot_x': (8, ctypes.c_uint16, 3), 'hot_spot_y': (10, ctypes.c_uint16, 4)}}
SIGNALS = ('reader-added', 'reader-removed', 'card-inserted', 'card-removed')
DATA = ('port-data', 'playback-data')
CASES = [' '.join((how, kind, field)) for kind in FIELDS for field in FIELDS[kind] for how in ('read', 'write')] + \
        ['signal ' + name for name in SIGNALS] + ['list get_devices', 'list get_devices_with_filter'] + ['data ' + name for name in DATA]


def field_works(spice, how, kind, field):
    offset, ctype, value = FIELDS[kind][field]
    struct = getattr(spice, kind)()
    place = ctype.from_address(hash(struct) + offset)
    if how == 'read':
        place.value = value
        return getattr(struct, field) == value
    setattr(struct, field, value)
    return place.value == value


def signal_works(spice, name):
    manager = spice.SmartcardManager.get()
    heard = []
    manager.connect(name, lambda _manager, reader: heard.append(reader.is_software()))
    cards, objects = ctypes.CDLL('libcacard.so.0'), ctypes.CDLL('libgobject-2.0.so.0')
    cards.vreader_init()
    cards.vreader_new.restype = ctypes.c_void_p
    cards.vreader_new.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
    objects.g_signal_emit_by_name.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    objects.g_signal_emit_by_name(hash(manager), name.encode(),
                                  cards.vreader_new(b'Spice Software Smartcard', None, None))
    return heard == [True]


# Without a length there is only an address, which Python cannot look behind.
def data_works(spice, name):
    kind, number = (spice.PortChannel, 10) if name == 'port-data' else (spice.PlaybackChannel, 5)
    session = spice.Session(enable_audio=True)
    channel = kind(spice_session=session, channel_type=number, channel_id=0)
    heard = []
    channel.connect_after(name, lambda _channel, data, size: heard.append((data, size)))
    objects = ctypes.CDLL('libgobject-2.0.so.0')
    objects.g_signal_emit_by_name.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    objects.g_signal_emit_by_name(hash(channel), name.encode(), b'a\0bcdef', 4)
    # what programs had to write for the address goes on working
    return heard == [(b'a\0bc', 4)] and ctypes.string_at(*heard[0]) == b'a\0bc'


def display_works(spice, what):
    from gi.repository import GLib, GObject
    server = subprocess.Popen([os.environ['TEST_SERVER'], '--port=0', '--still', '--size=640x480'],
                              stdout=subprocess.PIPE, text=True)
    try:
        port = re.search(r'port=(\d+)', server.stdout.readline()).group(1)
        session = spice.Session(uri='spice://127.0.0.1:' + port)
        displays, marks = [], []

        def channel_new(_session, channel):
            if isinstance(channel, spice.DisplayChannel):
                displays.append(channel)
                GObject.Object.connect(channel, 'notify::monitors', lambda *_: marks.append(1))
                GObject.Object.connect(channel, 'display-mark', lambda *_: marks.append(1))
                spice.Channel.connect(channel)
        GObject.Object.connect(session, 'channel-new', channel_new)
        spice.Session.connect(session)
        late = GLib.timeout_add(10000, marks.extend, [1, 1, 1])
        while len(marks) < 3:
            GLib.MainContext.default().iteration(True)
        GLib.source_remove(late)
        if what == 'primary':
            primary = spice.DisplayPrimary()
            found = displays[0].display_channel_get_primary(0, primary)
            return found and [int(primary.format), primary.width, primary.height, primary.stride] == [32, 640, 480, 2560]
        monitors = displays[0].list_monitors()
        return [(m.id, m.surface_id, m.x, m.y, m.width, m.height) for m in monitors] == [(0, 0, 0, 0, 640, 480)]
    finally:
        server.kill()
        server.wait()


# What each call returns has to outlive the list, and the manager's own has to outlive both.
def list_works(spice, name):
    from gi.repository import GLib
    manager = spice.UsbDeviceManager.get(spice.Session.new())
    manager.create_shared_cd_device(__file__)
    arguments = [None] if name.endswith('filter') else []
    context = GLib.MainContext.default()
    while not manager.get_property('free-channels') and not getattr(manager, name)(*arguments):
        context.iteration(True)
    kept = [getattr(manager, name)(*arguments)[0] for _ in range(10)]
    texts = {device.get_description(None) for device in kept}
    del kept
    return len(texts) == 1 and len(getattr(manager, name)(*arguments)) == 1


def run_case(words):
    import gi
    gi.require_version('SpiceClientGLib', '2.0')
    from gi.repository import SpiceClientGLib as spice
    kinds = {'list': list_works, 'signal': signal_works, 'data': data_works, 'display': display_works}
    works = kinds[words[0]](spice, words[1]) if words[0] in kinds else field_works(spice, *words)
    sys.exit(0 if works else 3)


def works(case, environment):
    done = subprocess.run([sys.executable, __file__, '--case'] + case.split(), env=environment, timeout=30,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


def main():
    ours = dict(os.environ)
    theirs = {k: v for k, v in ours.items() if k not in ('GI_TYPELIB_PATH', 'LD_LIBRARY_PATH')}
    cases = list(CASES)
    if len(sys.argv) > 1:
        ours['TEST_SERVER'] = theirs['TEST_SERVER'] = sys.argv[1]
        cases += ['display primary', 'display monitors']
    installed = glob.glob('/usr/lib/*/girepository-1.0/SpiceClientGLib-2.0.typelib')
    print('1..%d' % len(cases))
    for number, case in enumerate(cases, 1):
        good = works(case, ours) and not (installed and works(case, theirs))
        print('%s %d %s' % ('ok' if good else 'not ok', number, case), flush=True)


if sys.argv[1:2] == ['--case']:
    run_case(sys.argv[2:])
else:
    try:
        import gi  # noqa: F401
    except ImportError:
        print('1..0 # SKIP python3-gi is missing')
        sys.exit(0)
    main()
