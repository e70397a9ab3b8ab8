#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives explain and features every name that the tool prints: names.py BUILD.

A name must mean the row for which it was printed, or be answered with a list that has this row.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import tables

RECORDED = sorted(pathlib.Path("tests/data/recorded").glob("*.txt"))

# Leaf 0 alone: of several rows with a name, hardly any is the only one that is there.
EMPTY = "CPU 0:\n   0x00000000 0x00: eax=0x00000001 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69\n"

ROW = re.compile(r"^(\S+) +((?:\S+\.E[ABCD]X|MSR\.[0-9a-f]+)\[[0-9:]+\])")
SEVERAL = re.compile(r"^cpulevel: (.*): more than one feature has this name: (.*); give ")
TAKEN = re.compile(r"^cpulevel: (.*): taken as (\S+) .*; nothing else of this name is on these")
# How a list goes on that is too long for a line.
MORE = re.compile(r" and \d+ more$")
REGISTER = r"[0-9a-f]+\.(?:[0-9a-f]+\.)?E[ABCD]X"


def run(tool, *words):
    done = subprocess.run([tool, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2):
        sys.exit(f"{words}: status {done.returncode}: {done.stderr}")
    return done


def blocks(text):
    """The rows that features prints, each with its other lines, those that were wrapped as one."""
    rows = []
    for line in text.splitlines():
        if row := ROW.match(line):
            rows.append((row[1], row[2], []))
        elif line.startswith("        "):
            rows[-1][2][-1] += " " + line.strip()
        else:
            rows[-1][2].append(line.strip())
    return rows


def words_of(line):
    """The names in a line of features."""
    for begin in ("in vCenter: ", "in setup: "):
        if line.startswith(begin):
            phrases = line[len(begin):].split(";")
            return [p.strip() for p in phrases if p.strip()]
    if line.startswith("needs ") or re.match("Linux (takes|adds|does) ", line):
        return []
    if re.match(r"(VMware|Linux|QEMU|libvirt|Xen|also) ", line) and "(" not in line:
        if re.match(r"VMware (shows|hides)", line):
            return []
        return [w for part in line.split(", ") for w in re.split(r"[ |]", part)[1:] if w]
    return []


def from_features(tool):
    """Every name that features prints, and the row for which it does so."""
    for name, place, lines in blocks(run(tool, "features").stdout):
        yield name, name
        yield place, name
        for line in lines:
            for word in words_of(line):
                yield word, name


def from_masks(tool):
    """Names in masks: keys with a capability, options of VirtualBox, of libxl."""
    for row, namers in tables.names().items():
        for capability in filter(None, namers["capability"].split("|")):
            for name in (f"cpuid.{capability}", f"cpuid.{capability.lower()}",
                         f'featMask.vm.cpuid.{capability} = "Max:0"',
                         f"Feature 'cpuid.{capability}' was absent, but must be present."):
                yield name, row
    for table in ("xen", "virtualbox"):
        for macro, words in tables.rows(table):
            if macro in ("XEN", "VIRTUALBOX"):
                yield words[1], words[0]
    for _, (row, phrases) in tables.rows("vmware_words"):
        for phrase in phrases.split("; "):
            yield f"  * {phrase}", row
            yield phrase.upper(), row


def from_show(tool):
    """Names that show, diff and drift print of recorded machines: a row's name means the row."""
    rows = {f.name for f in tables.features()}
    text = "".join(run(tool, "show", "-u", "--all", r).stdout for r in RECORDED)
    text += run(tool, "diff", "-u", "--all", *RECORDED[:2]).stdout
    text += run(tool, "drift", "-u", *RECORDED).stdout
    text += "".join(run(tool, "evc", mode).stdout for mode in
                    re.findall(r"^[a-z]+-\S+", run(tool, "evc").stdout, re.MULTILINE))
    for word in sorted(set(re.findall(r"[A-Za-z0-9_]+", text)) & rows):
        yield word, word
    registers = set(re.findall(rf"^    ({REGISTER}) ", text, re.MULTILINE))
    named = {(f.leaf, f.subleaf, f.register): f.name for f in tables.features() if not f.anywhere}
    for register in sorted(registers):
        numbers = [int(n, 16) for n in register.split(".")[:-1]]
        row = named.get((numbers[0], (numbers + [0])[1], register.split(".")[-1]))
        if row:
            yield register, row
            yield f"cpuid.{register.lower()}", row


def listed(tool, name):
    return [m[1] for m in map(ROW.match, run(tool, "features", name).stdout.splitlines()) if m]


def explained(tool, pool, names):
    """What explain makes of each name: a list of rows; None if there is none."""
    done = run(tool, "explain", "-u", pool, *names)
    answers, troubles, chosen = {}, {}, {}
    for line in done.stderr.splitlines():
        if several := SEVERAL.match(line):
            troubles[several[1]] = several[2]
        elif unknown := re.match(r"^cpulevel: (.*): unknown feature", line):
            troubles[unknown[1]] = ""
        elif taken := TAKEN.match(line):
            chosen[taken[1]] = taken[2]
    shown = [m[1] for m in map(ROW.match, done.stdout.splitlines()) if m]
    for name in names:
        if name not in troubles:
            answers[name] = [shown.pop(0)] if shown else None
            if name in chosen and answers[name] == [chosen[name]]:
                answers[name] = listed(tool, name)
            continue
        text = troubles[name]
        if MORE.search(text):
            answers[name] = listed(tool, name)
        else:
            answers[name] = re.findall(r"(?:^|, )(\S+) \(", text) or None
    if shown:
        sys.exit(f"more rows than names: {shown}")
    return answers


def judge(tool, pool, pairs):
    pairs = sorted(set(pairs))
    names = sorted({name for name, _ in pairs})
    answers = {}
    for at in range(0, len(names), 200):
        answers |= explained(tool, pool, names[at:at + 200])
    wrong = [f"{name!r} of {row}: {answers[name]}" for name, row in pairs
             if not answers[name] or row not in answers[name]]
    return len(pairs), wrong


def main():
    tool = str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel")
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "empty.dump").write_text(EMPTY, encoding="ascii")
        run(tool, "import", "--from", "cpuid-r", "-o", work / "empty.txt", work / "empty.dump")
        run(tool, "merge", "-u", "-o", work / "empty.pool", work / "empty.txt")
        for number, (source, least, title) in enumerate((
                (from_features, 4300, "every name, place and phrase that features prints"),
                (from_masks, 900, "every name in masks and in vCenter's messages"),
                (from_show, 300, "every name and register that other commands print")), 1):
            count, wrong = judge(tool, work / "empty.pool", source(tool))
            bad = wrong or count < least
            failed += bool(bad)
            print(f"{'not ok' if bad else 'ok'} {number} - {title} means its row ({count})")
            for line in wrong[:40]:
                print(f"# {line}")
    print("1..3")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
