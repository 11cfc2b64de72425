#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Programs of the distribution, as they are, on our library (TAP).

They were built with its headers and find ours by its soname. What they show is compared with QEMU's own screendump."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk  # noqa: E402
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from qemu import Qemu  # noqa: E402
from xvfb import Xvfb  # noqa: E402

SESSION = r'''
import gi, sys
gi.require_version('SpiceClientGLib', '2.0')
from gi.repository import GLib, GObject, SpiceClientGLib as Spice
loop, opened, seen = GLib.MainLoop(), set(), []
session = Spice.Session()
session.props.uri = sys.argv[1]

def event(channel, event):
    if event == Spice.ChannelEvent.OPENED:
        opened.add(Spice.Channel.type_to_string(channel.props.channel_type))
        if {'main', 'display', 'cursor', 'inputs', 'webdav'} <= opened:
            GLib.timeout_add(100, leave)

def leave():
    seen.append(session.props.name)
    seen.append(any(line.split()[-1].startswith(sys.argv[2]) for line in open('/proc/self/maps') if 'spice-client-glib' in line))
    Spice.Session.disconnect(session)
    return False

def channel_new(session, channel):
    GObject.Object.connect(channel, 'channel-event', event)
    Spice.Channel.connect(channel)

GObject.Object.connect(session, 'channel-new', channel_new)
GObject.Object.connect(session, 'disconnected', lambda *_: loop.quit())
GLib.timeout_add_seconds(20, loop.quit)
Spice.Session.connect(session)
loop.run()
print(sorted(opened), seen)
'''

WIDGET = r'''
import gi, sys
gi.require_version('Gtk', '3.0')
gi.require_version('SpiceClientGLib', '2.0')
gi.require_version('SpiceClientGtk', '3.0')
from gi.repository import Gtk, GLib, SpiceClientGLib as Spice, SpiceClientGtk
session = Spice.Session()
assert any(line.split()[-1].startswith(sys.argv[2]) for line in open('/proc/self/maps') if 'spice-client-glib' in line)
session.props.uri = sys.argv[1]
window = Gtk.Window()
window.set_default_size(1000, 700)
display = SpiceClientGtk.Display.new(session, 0)
display.props.scaling = False
window.add(display)
window.show_all()

def save():
    picture = display.get_pixbuf()
    if not picture:
        return True
    size, stride, pixels = picture.get_width() * 3, picture.get_rowstride(), picture.get_pixels()
    with open(sys.argv[3] + '.part', 'wb') as f:
        f.write(b'P6 %d %d 255\n' % (picture.get_width(), picture.get_height()))
        f.write(b''.join(pixels[y * stride:y * stride + size] for y in range(picture.get_height())))
    import os
    os.rename(sys.argv[3] + '.part', sys.argv[3])
    return True

GLib.timeout_add(200, save)
Spice.Session.connect(session)
Gtk.main()
'''


def installed(path):
    if not os.access(path, os.X_OK):
        raise tap.Skip('%s is not installed' % path)
    return path


def environment():
    """Our library, their introspection data."""
    env = ours.environment()
    env.pop('GI_TYPELIB_PATH', None)
    return env


def screenshot():
    program = installed('/usr/bin/spicy-screenshot')
    ours.prove_program([program, '--uri={uri}'])
    with Qemu(vga='qxl', compression='auto_glz') as vm, tempfile.TemporaryDirectory() as folder:
        vm.wait_quiet()
        truth, out = vm.freeze(), os.path.join(folder, 'shot.ppm')
        subprocess.run([program, '--uri=' + vm.uri, '-o', out], env=environment(), check=True, timeout=30,
                       stdout=subprocess.DEVNULL)
        tap.check(images.read_ppm(out) == truth, 'the screenshot is another picture')


def viewer(*argv):
    program = installed(argv[0])
    desk.require()
    with Qemu(vga='qxl', compression='auto_glz') as vm:
        vm.wait_quiet()
        truth = vm.freeze()
        with desk.Desk(program, *(word.replace('{uri}', vm.uri) for word in argv[1:])) as seat:
            desk.find(seat, lambda: truth)
            ours.prove(seat.viewer.pid)


def needs_typelib(name):
    code = 'import gi; gi.require_version(*%r)' % (name,)
    if subprocess.run([sys.executable, '-c', code], env=environment(), stderr=subprocess.DEVNULL).returncode:
        raise tap.Skip('%s-%s is not installed' % name)


def session():
    needs_typelib(('SpiceClientGLib', '2.0'))
    with Qemu(vga='qxl', more=['-name', 'a machine', '-device', 'virtio-serial', '-chardev',
                               'spiceport,id=dav,name=org.spice-space.webdav.0', '-device',
                               'virtserialport,chardev=dav,name=org.spice-space.webdav.0']) as vm:
        done = subprocess.run([sys.executable, '-c', SESSION, vm.uri, ours.build_dir()], env=environment(), timeout=40,
                              capture_output=True, text=True, check=False)
        wanted = "['cursor', 'display', 'inputs', 'main', 'webdav'] ['a machine', True]"
        tap.check(done.returncode == 0 and done.stdout.strip() == wanted,
                  '%d: %s %s' % (done.returncode, done.stdout, done.stderr))


def widget():
    needs_typelib(('SpiceClientGtk', '3.0'))
    with Qemu(vga='qxl', compression='auto_glz') as vm, Xvfb() as x, tempfile.TemporaryDirectory() as folder:
        vm.wait_quiet()
        truth, out = vm.freeze(), os.path.join(folder, 'widget.ppm')
        child = processes.start([sys.executable, '-c', WIDGET, vm.uri, ours.build_dir(), out],
                                     env=x.environment(environment()))
        try:
            tap.wait_for('the picture in the widget', 30, lambda: child.poll() is not None or (
                os.path.exists(out) and images.read_ppm(out) == truth), pause=0.2)
            tap.check(child.poll() is None, 'the program ended')
            ours.prove(child.pid)
        finally:
            processes.end(child)


def body(program):
    if ours.reference_allowed:
        raise tap.Skip('this is about our library')
    program.run('spicy-screenshot of the distribution', screenshot)
    program.run('remote-viewer', viewer, '/usr/bin/remote-viewer', '{uri}')
    program.run('Python with introspection data of the distribution', session)
    program.run('the GTK 3 widget of the distribution', widget)


tap.main(body)
