#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts the lines of mask in QEMU with "enforce": enforce.py BUILD.

QEMU then refuses a feature that its accelerator does not have, and names it with its place.  It is
TCG here, which lacks many features of real processors.  Each that it refuses must be one of all
hosts, at the place that our table has; without these QEMU starts, so that it knows all others and
has them.  What QEMU sets under KVM alone is set here too.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import dialect_check
import hypervisor
import lines
import qemu_cpu
import results
import tables

REFUSED = re.compile(r"TCG doesn't support requested feature: "
                     r"(?:CPUID\.(\w+)H:(E[A-D]X)|MSR\((\w+)H\))\.([\w.-]+) \[bit (\d+)\]")
# Every how many pairs of machines are asked.
STEP = 2


def start(option):
    """What QEMU refuses under TCG: {its name: (leaf, register, bit)}; and why it ended."""
    defaults = qemu_cpu.default_words(option, dialect_check.kvm_defaults(option))
    done = subprocess.run(
        qemu_cpu.bounded(hypervisor.NOW["qemu"], "-M", "q35", "-accel", "tcg", "-S", "-nodefaults",
                         "-display", "none", "-monitor", "stdio", *defaults, "-cpu",
                         f"{option},enforce"),
        input="quit\n", text=True, capture_output=True, check=False)
    refused = {}
    for leaf, register, msr, name, bit in REFUSED.findall(done.stderr):
        number = tables.MSR | int(msr, 16) if msr else int(leaf, 16)
        refused[name] = number, register or "EAX", int(bit)
    return refused, [] if done.returncode == 0 else done.stderr.splitlines()[-3:] or ["no word"]


def enforced(option):
    """What QEMU refuses of a line, and what is wrong if it refuses the rest of it, too."""
    refused, why = start(option)
    if not refused:
        return refused, why
    more, why = start(option + "".join(f",-{name}" for name in refused))
    return refused | more, why


def misplaced(refused):
    """Features that our table has elsewhere, or not at all.  QEMU does not name the subleaf."""
    there = {(row["qemu"], row["leaf"], row["reg"], row["low"]) for row in dialect_check.ROWS}
    return [f"{name} is {leaf:X}H {register} bit {bit}"
            for name, (leaf, register, bit) in refused.items()
            if (name, leaf, register, bit) not in there]


def beyond(case, refused):
    """Features that a line asks for and not all hosts have."""
    names = {row["qemu"]: row["name"] for row in dialect_check.ROWS if row["qemu"]}
    return [f"it asks for {name}, which a host lacks" for name in refused
            if names.get(name) not in case.everywhere]


def check(case, option):
    """What is wrong with a line for hosts, and how many facts were held."""
    refused, wrong = enforced(option)
    wrong = wrong + misplaced(refused) + beyond(case, refused)
    return wrong, 2 * len(refused) + len(option.split(","))


def main(build):
    tool = pathlib.Path(build).resolve() / "cpulevel"
    said, facts, seen = results.Results(), 0, set()
    with tempfile.TemporaryDirectory() as folder:
        machines = lines.Machines(tool, pathlib.Path(folder))
        for pair in machines.alike[::STEP]:
            option = lines.run(tool, "mask", "-u", "--for", "qemu",
                               *lines.version_options()["qemu"], *pair)[len("-cpu "):-1]
            if option in seen:
                continue
            seen.add(option)
            wrong, held = check(machines.case(pair), option)
            facts += held
            said.say(wrong, f"QEMU takes the line of {lines.names_of(pair)}")
    said.judged(facts, "enforce of QEMU {}.{}".format(*hypervisor.versions()[0]))
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
