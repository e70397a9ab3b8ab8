#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds VMware masks of all pairs of recorded machines against a second merge: pairs.py BUILD.

What a mask hides is exactly what VMware shows to a VM of its version on one host and cannot promise
on both. Its options hide what they say. mask-explain warns of none of them, with the pair's pool or
without, but does of a mask that hides a feature without one that needs it. The merge here is
written from the first lines of feature.def and from docs/design.md, and shares no code with that in
common/compare.
"""

import functools
import itertools
import operator
import pathlib
import re
import subprocess
import sys
import tempfile

import report_reader
import tables

RECORDED = pathlib.Path("tests/data/recorded")
# Dumps of whole processors, of real machines.
REAL = [pathlib.Path("tests/data/cases") / f"{name}.r"
        for name in ("amd-ibpb", "amd-no-ibpb", "avoton-cpuid-r-echo", "genoa", "milan", "phys46",
                     "shimada-4cpu", "turin-1cpu")]
VERSIONS = (4, 8, 9, 11, 13, 14, 17, 19, 20, 22)
XSAVE = 0xd
STATES = range(2, 63)

FEATURES = [f for f in tables.features() if not f.anywhere]
BY_NAME = {f.name: f for f in FEATURES}
SHOWN = tables.vmware()


def value(machine, feature):
    """What one kind of processors answers."""
    answer = machine.get((feature.leaf, feature.subleaf), (0, 0, 0, 0))
    return (answer[tables.REGISTERS.index(feature.register)] & feature.mask) >> feature.low


def other_layouts(kinds):
    """The extended states that are not in one place, of one size, wherever a processor has them."""
    places = {n: {k[XSAVE, n][:2] for k in kinds if (XSAVE, n) in k} for n in STATES}
    return {n for n, found in places.items() if len(found) > 1}


def in_state(feature, states):
    """True for the bit of a state in XCR0 and IA32_XSS."""
    bits = {(0, "EAX"): 0, (0, "EDX"): 32, (1, "ECX"): 0, (1, "EDX"): 32}
    start = bits.get((feature.subleaf, feature.register)) if feature.leaf == XSAVE else None
    return start is not None and start + feature.low in states


def merged(feature, values):
    """A row of the baseline by its rule."""
    if feature.rule == "NEVER":
        return 0
    if feature.rule in ("ANY", "FIXED"):
        return max(values)
    if feature.rule == "SAME":
        return values[0] if len(set(values)) == 1 else 0
    if feature.rule == "MIN" or feature.single:
        return min(values)
    return functools.reduce(operator.and_, values)


def promised(kinds):
    """The names of the rows that are not 0 on what all of them have together."""
    states = other_layouts(kinds)
    have = {f.name for f in FEATURES
            if merged(f, [value(k, f) for k in kinds]) and not in_state(f, states)}
    while True:
        lost = {n for n in have if not set(BY_NAME[n].needs) <= have}
        if not lost:
            return have
        have -= lost


def visible(feature, version):
    """True for a feature that VMware passes on to a VM of this version."""
    shows, since = SHOWN.get(feature.name, ("NA", 0))
    since = 255 if since == "HW_FUTURE" else int(since)
    return (feature.kind == "FEATURE" and feature.single and feature.rule != "FIXED" and
            shows == "HOST" and since <= version)


def to_hide(kinds, own, version):
    """The places that a mask hides of what the processors in own have."""
    have = promised(kinds)
    return {f.place for f in FEATURES if visible(f, version) and any(value(k, f) for k in own) and
            not (f.name in have and all(value(k, f) for k in kinds))}


def run(tool, *words):
    return subprocess.run([tool, *map(str, words)], check=True, capture_output=True,
                          text=True).stdout


def diff(tool, pair):
    """What diff says; its exit status is 1 where there is a difference."""
    return subprocess.run([tool, "diff", "-u", *map(str, pair)], check=False, capture_output=True,
                          text=True).stdout


def load(path):
    """The kinds of a report's processors, each as {(leaf, subleaf): registers}."""
    report = report_reader.read(pathlib.Path(path).read_bytes())
    return [{answer[:2]: answer[2:] for answer in kind.answers} for kind in report.kinds]


def hidden(text):
    """The places of a mask's zeros."""
    found = set()
    for leaf, sub, register, bits in re.findall(
            r'^cpuid\.([0-9a-f]+)(?:\.([0-9a-f]+))?\.(e[a-d]x) = "([-0]{32})"$', text,
            re.MULTILINE):
        found |= {(int(leaf, 16), int(sub or "0", 16), register.upper(), 31 - i)
                  for i, c in enumerate(bits) if c == "0"}
    return found


def some(places):
    """The first of the places, for a message."""
    return ", ".join(f"{leaf:x}.{sub:x}.{register}[{low}]"
                     for leaf, sub, register, low in sorted(places)[:8]) or "nothing"


def in_diff(text):
    """The places of what diff says that only one host has, or that is hidden all the same."""
    found = set()
    for part in text.split("\n\n"):
        if re.match(r"Only on |On both, ", part):
            for word in re.findall(r"^  \w+ +(\S+)", part, re.MULTILINE):
                leaf, sub, register, low = re.fullmatch(
                    r"([0-9a-f]+)(?:\.([0-9a-f]+))?\.(E[A-D]X)\[(\d+)\]", word).groups()
                found.add((int(leaf, 16), int(sub or "0", 16), register, int(low)))
    return found


def differences(tool, machines, pair, version):
    """What is wrong with the masks of a pair, in words."""
    kinds = [k for path in pair for k in machines[path]]
    options = ["mask", "--for", "vmx", "-u", "-w", version]
    wrong = []
    for what, more, own in (("the mask", [], kinds),
                            ("--host", ["--host", pair[0].stem], machines[pair[0]])):
        said = hidden(run(tool, *options, *more, *pair))
        right = to_hide(kinds, own, version)
        if said != right:
            wrong.append(f"{what} hides {some(said - right)} too, and not {some(right - said)}")
    # diff calls a feature a host's if all its processors have it; masks hide what any has.  What
    # neither host's guests can use is no difference.
    if len(kinds) == 2:
        alone = [to_hide([k], [k], max(VERSIONS)) for k in kinds]
        said = in_diff(diff(tool, pair))
        right = to_hide(kinds, kinds, max(VERSIONS)) - (alone[0] & alone[1])
        if said != right:
            wrong.append(f"diff names {some(said - right)} too, and not {some(right - said)}")
    return wrong


def without(text, place):
    """A mask's lines with '-' for one of its zeros, where that leaves any."""
    leaf, sub, register, low = place
    key = f"cpuid.{leaf:x}{f'.{sub:x}' if sub else ''}.{register.lower()}"
    text = re.sub(rf'^({re.escape(key)} = "[-0]{{{31 - low}}})0', r"\1-", text, flags=re.MULTILINE)
    return re.sub(r'^.* = "-*"\n', "", text, flags=re.MULTILINE)


def half_hidden(text, kinds):
    """A mask that leaves a feature which needs a hidden one, and the names of both; or None."""
    zeros = hidden(text)
    for f in FEATURES:
        if f.place in zeros and any(value(k, f) for k in kinds):
            for need in f.needs:
                if BY_NAME[need].place in zeros:
                    return without(text, f.place), need, f.name
    return None


def explain(tool, options, masks):
    """What mask-explain says of files: its exit status, and the warnings and notes of each."""
    done = subprocess.run([tool, "mask-explain", *map(str, options), *masks], check=False,
                          capture_output=True, text=True)
    said, file = {}, None
    for row in done.stdout.splitlines():
        file = next((m for m in [pathlib.Path(row.split(":")[0])] if m in masks), file)
        if row.startswith(("  warning: ", "  note: ")):
            said.setdefault(file, []).append(row)
    return done.returncode, said


def masks_of(tool, work, pair, version, pool):
    """Files with the masks of a pair, in the dialects for the version, and with --baseline."""
    wanted = [("vmx", ()), ("vmx", ("--baseline",))]
    if version >= 9:
        wanted.append(("vmx-featmask", ()))
    files = []
    for dialect, more in wanted:
        text = run(tool, "mask", "--for", dialect, "-u", "-w", version, *more, pool)
        if text:
            files.append(work / "-".join((pair[0].stem, pair[1].stem, dialect, *more)))
            files[-1].write_text(f'virtualHW.version = "{version}"\n{text}')
    return files


def explained(tool, work, machines):
    """Results for mask-explain, as (name, list of what is wrong)."""
    ours, halves, wrong = [], [], []
    pool = work / "pair.pool"
    for number, pair in enumerate(itertools.combinations(sorted(machines), 2)):
        version = VERSIONS[number % len(VERSIONS)]
        kinds = machines[pair[0]] + machines[pair[1]]
        run(tool, "merge", "-u", "-f", "-o", pool, *pair)
        files = masks_of(tool, work, pair, version, pool)
        half = files and half_hidden(files[0].read_text(), kinds)
        if half:
            halves.append((work / "-".join((pair[0].stem, pair[1].stem, "half")), *half[1:]))
            halves[-1][0].write_text(half[0])
            warned = explain(tool, ("-u", "--pool", pool), [halves[-1][0]])
            wrong += unsaid(*warned, "warning", 1, halves[-1:])
        if files and explain(tool, ("-u", "--pool", pool), files) != (0, {}):
            wrong.append(f"a warning or a note of one of {files}")
        ours += files
    yield "no warning of a mask of ours with its hosts, but of one that lacks a line", wrong
    status, said = explain(tool, (), ours)
    warned = [(m, rows) for m, rows in said.items() if any("warning" in row for row in rows)]
    yield f"no warning of {len(ours)} without them", warned + ([status] if status else [])
    yield "notes of some", [] if said else ["no note"]
    yield "and none with --baseline", [m for m in said if m.name.endswith("--baseline")]
    yield f"a note of {len(halves)} that lack a line", unsaid(
        *explain(tool, (), [h[0] for h in halves]), "note", 0, halves)


def unsaid(status, said, word, wanted, halves):
    """The masks of which it is not said that a feature which needs a hidden one is not hidden."""
    wrong = [] if status == wanted and halves else [f"status {status} of {len(halves)}"]
    return wrong + [f"{file}: {needed} without {name}" for file, needed, name in halves
                    if not any(re.match(rf"  {word}: {needed} is hidden.*: .*\b{name}\b", row)
                               for row in said.get(file, []))]


def main():
    tool = str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel")
    with tempfile.TemporaryDirectory() as work:
        paths = sorted(RECORDED.glob("*.txt"))
        for dump in REAL:
            path = pathlib.Path(work) / f"real-{dump.stem}.txt"
            run(tool, "import", "--from", "cpuid-r", "-o", path, dump)
            paths.append(path)
        machines = {path: load(path) for path in paths}
        failed = number = 0
        # Every pair in both orders, for --host; each time with another version.
        for number, pair in enumerate(itertools.permutations(paths, 2), 1):
            version = VERSIONS[number % len(VERSIONS)]
            wrong = differences(tool, machines, pair, version)
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {pair[0].stem} and {pair[1].stem}, "
                  f"hardware {version}")
            for words in wrong:
                print(f"# {words}")
        recorded = {path: kinds for path, kinds in machines.items() if path.parent == RECORDED}
        for name, wrong in explained(tool, pathlib.Path(work), recorded):
            number += 1
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - mask-explain: {name}")
            for words in wrong:
                print(f"# {words}")
        print(f"1..{number}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
