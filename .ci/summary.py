#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""summary.py [--no-skips] [--broken] [--fuzzed=N] LABEL=BUILD_DIR...

Reads the logs of `meson test --logbase LABEL` runs, prints what failed, what was skipped and why, and as its last
line `N passed, F failed, S skipped`. Each case of a TAP program counts as one, any other program as one.
--no-skips: a skip is a failure.  --broken: something failed before its tests could run.  --fuzzed: so many fuzz targets
ran without a finding.
"""
import json
import re
import subprocess
import sys

CASE = re.compile(r'^(not )?ok\b[ \t]*(\d*)[ \t]*(?:- )?([^#\n]*)(?:#[ \t]*(SKIP|TODO)\b[ \t]*(.*))?', re.I)
PLAN = re.compile(r'^1\.\.(\d+)[ \t]*(?:#[ \t]*SKIP\S*[ \t]*(.*))?', re.I)
LOG_LINES = 60


def tap_names(build_dir):
    out = subprocess.run(['meson', 'introspect', '--tests', build_dir], capture_output=True, text=True, check=True)
    return {t['name'] for t in json.loads(out.stdout) if t['protocol'] == 'tap'}


class Count:
    def __init__(self):
        self.passed = self.failed = 0
        self.skips = []
        self.bad = []

    def add_tap(self, test):
        passed, failed, skips = 0, 0, []
        for line in test.get('stdout', '').splitlines():
            case, plan = CASE.match(line), PLAN.match(line)
            if case and (case.group(4) or '').upper() == 'SKIP' and not case.group(1):
                skips.append('%s: %s' % (case.group(3).strip() or case.group(2), case.group(5) or ''))
            elif case and case.group(1) and not case.group(4):
                failed += 1
            elif case:
                passed += 1
            elif plan and plan.group(1) == '0':
                skips.append(plan.group(2) or 'no reason given')
        return passed, failed, skips

    def add(self, label, test, is_tap):
        result = test['result']
        passed, failed, skips = self.add_tap(test) if is_tap else (0, 0, [])
        good = result in ('OK', 'EXPECTEDFAIL', 'SKIP')
        if is_tap and result == 'ERROR' and test.get('returncode') == 77 and skips and not passed and not failed:
            good = True  # said why in TAP and once more by its status, which Meson takes for a failure
        if result == 'EXPECTEDFAIL':
            passed, failed = 1, 0
        elif not is_tap and result == 'SKIP' or is_tap and good and not passed and not failed and not skips:
            skips = skips or ['exit status %s' % test.get('returncode')]
        elif not is_tap and good:
            passed = 1
        if not good and not failed:
            failed = 1  # died, timed out or planned more than it ran
        self.passed += passed
        self.failed += failed
        self.skips += ['%s: %s: %s' % (label, test['name'], s) for s in skips]
        if failed:
            self.bad.append((label, test))


def show_failure(label, test):
    print('\n==== FAILED %s: %s (%s, status %s, %.1f s)' % (
        label, test['name'], test['result'], test.get('returncode'), test.get('duration', 0)))
    text = (test.get('stdout') or '').rstrip().splitlines()
    bad = [t for t in text if re.match(r'not ok|Bail out|.*\bERROR\b|.*runtime error:', t)]
    if len(text) > LOG_LINES and bad:
        print('\n'.join(bad[:20]))
    for name in ('stdout', 'stderr'):
        text = (test.get(name) or '').rstrip().splitlines()
        if text:
            print('---- %s%s' % (name, ' (last %d lines)' % LOG_LINES if len(text) > LOG_LINES else ''))
            print('\n'.join(text[-LOG_LINES:]))


def main(words):
    flags = {w for w in words if w.startswith('--')}
    count, seconds = Count(), 0.0
    for word in words:
        if word in flags:
            continue
        label, build_dir = word.split('=', 1)
        taps = tap_names(build_dir)
        with open('%s/meson-logs/%s.json' % (build_dir, label), encoding='utf-8', errors='replace') as log:
            for line in log:
                test = json.loads(line)
                seconds += test.get('duration', 0)
                # with several suites the log says `project:suite / name`, the introspection data only `name`
                name = test['name']
                count.add(label, test, name in taps or name.split(' / ', 1)[-1] in taps)
    for label, test in count.bad:
        show_failure(label, test)
    if count.skips:
        print('\nskipped:\n  ' + '\n  '.join(count.skips))
    broken = '--broken' in flags
    count.passed += sum(int(flag.partition('=')[2]) for flag in flags if flag.startswith('--fuzzed='))
    failed = count.failed + (1 if broken else 0)
    if '--no-skips' in flags and count.skips:
        print('a skip counts as a failure here')
        failed += len(count.skips)
    if not count.passed and not failed:
        print('no test ran')
        failed = 1
    print('%d passed, %d failed, %d skipped' % (count.passed, failed, len(count.skips)))
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
