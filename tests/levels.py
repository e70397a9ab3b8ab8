#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The x86-64 levels, computed again: levels.py BUILD.

From the table of the System V psABI for AMD64 (version 1.0, section 3.1.1, table 3.1) and, for the
places of its features, Intel's SDM volume 2A (CPUID) and AMD's APM volume 3 (appendix E).  It
shares nothing with common/table/level.def.  OSFXSR, OSXSAVE and SCE are an operating system's: the
processor must have FXSR, XSAVE and, for SCE, long mode.
"""

import collections
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import machines
import report_reader
import results

A, B, C, D = range(4)
# The features that each level adds: leaf, register, bits.
LEVELS = (
    (1, 1, D, (0, 8, 15, 23, 24, 25, 26)),             # FPU CX8 CMOV MMX FXSR SSE SSE2
    (1, 0x80000001, D, (29,)),                      # SCE, by long mode
    (2, 1, C, (0, 9, 13, 19, 20, 23)),                 # SSE3 SSSE3 CMPXCHG16B SSE4_1 SSE4_2 POPCNT
    (2, 0x80000001, C, (0,)),                       # LAHF-SAHF
    (3, 1, C, (12, 22, 26, 28, 29)),                   # FMA MOVBE OSXSAVE AVX F16C
    (3, 7, B, (3, 5, 8)),                           # BMI1 AVX2 BMI2
    (3, 0x80000001, C, (5,)),                       # LZCNT
    (4, 7, B, (16, 17, 28, 30, 31)),                # AVX512F DQ CD BW VL
)


def level_of(registers):
    """The level of a processor; registers(leaf, register) returns what subleaf 0 says."""
    lacks = {level for level, leaf, register, bits in LEVELS for bit in bits
             if not registers(leaf, register) >> bit & 1}
    return min(lacks, default=5) - 1


def level_of_report(path):
    """The level that all processors of a report reach."""
    report = report_reader.read(pathlib.Path(path).read_bytes())
    levels = []
    for kind in report.kinds:
        words = collections.defaultdict(lambda: (0, 0, 0, 0))
        words.update({answer[0]: answer[2:6] for answer in kind.answers if answer[1] == 0})
        levels.append(level_of(lambda leaf, register, words=words: words[leaf][register]))
    return min(levels)


def ours(tool, *reports):
    """What the tool says of hosts together; None if a report does not say enough."""
    said = json.loads(subprocess.run([tool, "level", "-u", "--json", *reports], check=True,
                                     capture_output=True, text=True).stdout)
    if any(level["unknown"] for level in said["levels"]):
        return None
    return int(said["level"][-1]) if said["level"] else 0


def check(said, tool, levels, groups):
    """Groups of hosts; returns for how many of them the tool has said a level."""
    facts = 0
    for hosts in groups:
        found, wanted = ours(tool, *hosts), min(levels[host] for host in hosts)
        facts += found is not None
        said.say([f"{found}, the psABI's is {wanted}"] if found not in (None, wanted) else [],
                 f"level of {' and '.join(host.stem for host in hosts)}")
    return facts


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    said = results.Results()
    who = "the psABI's table of levels"
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        levels = {report: level_of_report(report) for report in machines.recorded(tool, work)}
        pairs = itertools.combinations([r for r in levels if "recorded" in r.parts], 2)
        said.judged(check(said, tool, levels, [*zip(levels), *pairs]), f"{who}: recorded machines")
        said.say([] if len(set(levels.values())) >= 4 else [f"{set(levels.values())}"],
                 "machines of all levels")
        levels = {report: level_of_report(report)
                  for report in machines.gathered(tool, build, work)}
        facts = check(said, tool, levels, zip(levels))
        if levels:
            said.judged(facts, f"{who}: {machines.GATHERED}")
        else:
            said.not_judged(f"{who}: {machines.GATHERED}", machines.NOT_FETCHED)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
