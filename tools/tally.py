#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tally LOG STATUS SKIPS - counts the cases in a log of `meson test`.

Prints "passed failed skipped", in TAP cases where a program speaks TAP and one for
any other, and appends "test: reason" for each skipped one to the file SKIPS. STATUS
is meson's own: what it calls failed is never counted as less than one failure.
"""
import json
import re
import sys

PLAN = re.compile(r'1\.\.\d+')
CASE = re.compile(r'(not )?ok\b[^#]*(?:# *(SKIP)\w* *(.*))?', re.I)
SKIP_ALL = re.compile(r'1\.\.0 *# *SKIP\w* *(.*)', re.I)
GOOD = ('OK', 'EXPECTEDFAIL', 'SKIP')


def count(test):
    """Passed and failed cases of one test program, and the reasons of its skips."""
    result, lines = test['result'], test.get('stdout', '').splitlines()
    cases = [m for m in map(CASE.match, lines) if m] if any(map(PLAN.match, lines)) else []
    skips = [m[3] for m in cases if m[2]]
    bad = sum(1 for m in cases if m[1] and not m[2])
    passed = len(cases) - len(skips) - bad
    if result == 'SKIP':
        whole = [m[1] for m in map(SKIP_ALL.match, lines) if m]
        return 0, 0, skips or whole or lines[-1:] or ['no reason given']
    if result not in GOOD:
        return passed, max(bad, 1), skips
    if result == 'EXPECTEDFAIL' or not cases:
        return 1, 0, []
    return passed, bad, skips


def main(log, status, skips_file):
    passed = failed = skipped = 0
    with open(log) as tests, open(skips_file, 'a') as skips:
        for test in map(json.loads, tests):
            good, bad, reasons = count(test)
            passed += good
            failed += bad
            skipped += len(reasons)
            for reason in reasons:
                print(f'{test["name"]}: {reason}', file=skips)
    if status != '0' and not failed:
        failed = 1
    print(passed, failed, skipped)


main(*sys.argv[1:])
