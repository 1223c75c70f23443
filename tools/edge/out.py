# SPDX-License-Identifier: Apache-2.0
"""Writing sets of cases: Wycheproof's JSON shape, and our text form (tests/vec.h)."""
import json
import textwrap


def rename(o):
    return o.hex() if isinstance(o, bytes) else o


class Set:
    """Groups of cases under shared fields; every case has result, flag and comment."""

    def __init__(self, algorithm, schema, header, notes):
        self.algorithm, self.schema, self.header, self.notes = algorithm, schema, header, notes
        self.groups, self.used = [], set()

    def group(self, **fields):
        self.groups.append((fields, []))

    def case(self, flag, comment, good, **fields):
        assert flag in self.notes, flag
        self.used.add(flag)
        self.groups[-1][1].append((flag, comment, good, fields))

    def cases(self):
        return [c for _, cases in self.groups for c in cases]

    def json(self, describe):
        n, groups = 0, []
        for fields, cases in self.groups:
            tests = []
            for flag, comment, good, own in cases:
                n += 1
                tests.append({"tcId": n, "comment": comment, "flags": [flag],
                              **{k: rename(v) for k, v in own.items()},
                              "result": "valid" if good else "invalid"})
            groups.append({**describe(fields), "tests": tests})
        notes = {k: {"bugType": v[0], "description": v[1]} for k, v in sorted(self.notes.items())
                 if k in self.used}
        return json.dumps({"algorithm": self.algorithm, "schema": self.schema, "numberOfTests": n,
                           "header": textwrap.wrap(self.header, 90), "notes": notes,
                           "testGroups": groups}, indent=1, ensure_ascii=True) + "\n"

    def text(self, about):
        n = len(self.cases())
        out = ["# SPDX-License-Identifier: Apache-2.0"]
        for part in (self.header, *about, f"{n} records."):
            out += ["# " + line for line in textwrap.wrap(part, 96, break_on_hyphens=False)] + ["#"]
        out[-1] = ""
        n, held = 0, {}
        for fields, cases in self.groups:
            for k, v in fields.items():
                if held.get(k) != v:
                    out.append(f"[{k} = {rename(v)}]")
                    held[k] = v
            if out[-1]:
                out.append("")
            for flag, comment, good, own in cases:
                n += 1
                out += [f"tcid = {n}"] + [f"{k} = {rename(v)}".rstrip() for k, v in own.items()]
                out += [f"result = {'valid' if good else 'invalid'}", f"flag = {flag}",
                        f"comment = {comment}", ""]
        return "\n".join(out[:-1]) + "\n"


def emit(folder, files, check):
    """Write the files, or with check compare; the names of those that differ."""
    wrong = []
    for name, text in files.items():
        path = folder / name
        if check:
            if not path.is_file() or path.read_text() != text:
                wrong.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return wrong
