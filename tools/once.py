#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""once BUILD DIR - writes DIR/compile_commands.json with each source of ours once.

A source that is compiled several times (per optimisation level, per library) would
otherwise be checked as often. Seeded faults are left out, and what the build itself writes.
"""
import json
import os
import sys

build, folder = sys.argv[1:]
with open(os.path.join(build, 'compile_commands.json')) as file:
    commands = json.load(file)
root = os.path.abspath(build) + os.sep
once = {}
for command in commands:
    path = os.path.normpath(os.path.join(command['directory'], command['file']))
    if not path.startswith(root) and '/faults/' not in path and os.path.basename(path)[:7] != 'faulty_':
        once.setdefault(path, dict(command, file=path))
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, 'compile_commands.json'), 'w') as file:
    json.dump(list(once.values()), file, indent=1)
print('\n'.join(sorted(once)))
