#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""A Linux desktop with the SPICE agent: its picture, and what keyboard and pointer do there (TAP).

The guest is built once by guest/make-guest (as root, from the package mirror) and kept in
${XDG_CACHE_HOME:-~/.cache}/spice-client/guest."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import desk  # noqa: E402
import images  # noqa: E402
import ours  # noqa: E402
import processes  # noqa: E402
import tap  # noqa: E402
from linux_guest import LinuxGuest, guest_folder  # noqa: E402
from qemu import PROGRAM  # noqa: E402

SHIFT = 0x2a
SCANCODES = {'h': 0x23, 'e': 0x12, 'l': 0x26, 'o': 0x18, 'w': 0x11, '1': 0x02, ' ': 0x39}
TEXT = 'hello 1W'
POINTER = (200, 200)  # inside the terminal: the keyboard follows the pointer there


def agent(guest, spice):
    from agent_client import PNG, UTF8, AgentClient, png
    peer = AgentClient(guest, spice)
    for selection, name in ((0, 'clipboard'), (1, 'primary')):
        for kind, data in ((UTF8, 'Grüße, 世界\nline 2'.encode()), (PNG, png(40, 30))):
            peer.to_client(selection, name, kind, data)
            peer.to_guest(selection, name, kind, data + b'.')
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ('empty', 'with blanks and ü', 'large')]
        for path, size in zip(paths, (0, 70000, 3000000)):
            with open(path, 'wb') as f:
                f.write(os.urandom(size))
        peer.copy(paths, 120)
    for width, height in ((1000, 700), (1280, 800)):
        peer.main.update_display_enabled(0, True, False)
        peer.main.update_display(0, 0, 0, width, height, True)
        tap.wait_for('%dx%d in the guest' % (width, height), 60, lambda: 'current %d x %d' % (width, height) in
                     peer.meanwhile(guest.call, 'exec', 'xrandr'), pause=0.3)
    peer.client.disconnect()


def desktop(guest, program):
    guest.wait_quiet(min_colours=3)  # background, terminal, its frame
    try:
        truth = guest.freeze()
        path = os.path.join(guest.folder, 'shot.ppm')
        run = subprocess.run([program, '--uri', guest.uri, '--out-file', path], env=ours.environment(), timeout=60,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace', check=False)
        tap.check(run.returncode == 0, 'spicy-screenshot ended with %d: %s' % (run.returncode, run.stderr[-800:]))
        fault = images.difference(images.read_ppm(path), truth)
        tap.check(fault is None, fault)
    finally:
        guest.qmp.call('cont')


def typed_text(guest, spice):
    from client import Client
    client = Client(spice, guest.uri)
    inputs = client.wait_inputs()
    main = client.opened(spice.MainChannel)
    # a position (and not a motion) is taken only after the agent has made the server switch
    client.wait('client mouse mode', lambda: main.props.mouse_mode == 2)
    inputs.position(*POINTER, 0, 0)
    client.flush(inputs)
    tap.wait_for('the pointer in the guest', 30, lambda: 'motion' in guest.call(
        'exec', 'grep -qi motion /run/input.log && echo motion || echo none'), pause=0.3)
    for letter in TEXT:
        if letter.isupper():
            inputs.key_press(SHIFT)
        inputs.key_press(SCANCODES[letter.lower()])
        inputs.key_release(SCANCODES[letter.lower()])
        if letter.isupper():
            inputs.key_release(SHIFT)
    client.flush(inputs)
    tap.wait_for('"%s" in the terminal' % TEXT, 30,
                 lambda: guest.call('exec', 'cat /run/typed.log').startswith(TEXT), pause=0.3)
    client.disconnect()


def widget(guest, spicy):
    """Text, pointer, buttons and wheel from the viewer's window."""
    guest.wait_quiet(min_colours=3)
    truth = guest.freeze()
    guest.qmp.call('cont')
    with desk.Desk(spicy, guest.uri, width=truth.width + 200, height=truth.height + 200) as seat:
        left, top = desk.find(seat, guest.screen)
        ours.prove(seat.viewer.pid)
        guest.call('exec', ': >/run/typed.log')
        # until the guest's pointer follows: before its driver is up the server takes motions only
        tap.wait_for('the pointer\'s place in the guest', 30, lambda: point(seat, guest, left, top), pause=0.5)
        seat.run('xdotool', 'type', '--delay', '60', TEXT)
        tap.wait_for('"%s" in the terminal' % TEXT, 30,
                     lambda: guest.call('exec', 'cat /run/typed.log').startswith(TEXT), pause=0.3)
        for button in ('1', '3', '4', '5'):  # 4 and 5 are the wheel
            seat.run('xdotool', 'click', button)
        tap.wait_for('buttons and wheel', 30, lambda: {'1', '3', '4', '5'} <= pressed(guest), pause=0.3)


def point(seat, guest, left, top):
    x, y = POINTER
    seat.run('xdotool', 'mousemove', str(left + x - 1), str(top + y))
    seat.run('xdotool', 'mousemove', str(left + x), str(top + y))
    log = guest.call('exec', 'grep root: /run/input.log | tail -n 1')
    found = re.search(r'root:\s*([\d.]+)/([\d.]+)', log)
    return found and all(abs(float(a) - b) < 1.5 for a, b in zip(found.groups(), POINTER))


def pressed(guest):
    log = guest.call('exec', 'grep -A 2 -E "RawButtonPress|ButtonPress" /run/input.log')
    return set(re.findall(r'detail: (\d+)', log))


def with_guest(program, client, compression, spice=None, spicy=None):
    options = 'image-compression=%s,jpeg-wan-compression=never,zlib-glz-wan-compression=never,streaming-video=off'
    folder = guest_folder()
    with LinuxGuest(folder, '--vga', 'qxl', '--spice', options % compression) as guest:
        program.run('desktop on qxl, %s' % compression, desktop, guest, client)
        if spice:
            program.run('typed text arrives', typed_text, guest, spice)
            program.run('clipboard, files and size with the agent', agent, guest, spice)
        if spicy:
            program.run('keyboard, pointer, buttons and wheel of the viewer arrive', widget, guest, spicy)


def body(program):
    if not shutil.which(PROGRAM):
        raise tap.Skip('%s is missing' % PROGRAM)
    spice = ours.introspected()
    client = ours.program('spicy-screenshot', 'SPICY_SCREENSHOT')
    program.run('Python runs on our library', ours.prove)
    program.run('spicy-screenshot runs on our library', ours.prove_program,
                [client, '--uri', '{uri}', '--out-file', os.devnull])
    spicy = ours.program('spicy', 'SPICY')
    desk.require()
    with_guest(program, client, 'auto_glz', spice=spice)
    with_guest(program, client, 'quic', spicy=spicy)
    for compression in ('lz', 'off'):
        with_guest(program, client, compression)


tap.main(body)
