#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives changed files of hypervisors' users to the program: mutate_inputs.py [--count N] TOOL.

Whatever is changed, the program ends with 0, 1 or 2 and not by a signal; with 2 it has said why;
and it prints nothing that could drive a terminal.
"""

import argparse
import functools
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import spell

CASES = pathlib.Path("tests/data/cases")

# Before the name of a format in which tests/spell.py writes a dump.
SPELL = "spell"

# A file, and what reads it.
INPUTS = [
    ("featmask.vmx", ["mask-explain"]),
    ("featmask.vmx", ["mask-merge"]),
    ("vendor-spoof.vmx", ["mask-explain"]),
    ("vendor-spoof.vmx", ["mask-merge"]),
    ("esx-written.vmx", ["import"]),
    ("localcli-cpuid.json", ["import"]),
    ("localcli-cpuid.json", ["import", "--from", "esxcli"]),
    ("vm-runtime.json", ["fits", "--unsigned"]),
    ("guest.xml", ["mask", "--unsigned", "--check"]),
    ("guest.sh", ["mask", "--unsigned", "--check"]),
    ("guest.conf", ["mask", "--unsigned", "--check"]),
] + [(f"{SPELL}:{name}", ["import"]) for name in (
    "mail", "aida64", "aida64-old", "libcpuid", "kcpuid", "cpudata", "firecracker", "xen", "xapi",
    "vmware-log", "vmware-log-26", "vsphere-json", "vsphere-vim", "vsphere-text", "esxcli-text",
    "capability-json", "capability-vim", "capabilities", "domcapabilities")] + [
    (f"{SPELL}:requirements", ["fits", "--unsigned"]),
    (f"{SPELL}:xen", ["show", "--unsigned"]),
    (f"{SPELL}:cpudata", ["export", "--unsigned", "--to=csv"]),
]

PIECES = [b'"', b"'", b"=", b":", b".", b",", b"{", b"}", b"[", b"]", b"\\", b"\0", b"\n",
          b"\r\n", b"-", b"0", b"1", b"T", b"x", b"\x1b[31m", b"\xe2\x80\x9c", b"\xff\xfe",
          b"9" * 30, b"1e999", b"null", b"Val:", b"Max:0", b"Bool:", b"TRUE", b"#", b" " * 9,
          b"[" * 3000, b"a" * 300, b"featMask.vm.", b"cpuid.0.eax", b"hostCPUID.1",
          b"completeMasks", b"-cpu", b",+aes", b"</cpu>", b"&#1;", b"cpu-model: x", b"flags ",
          b'"Level"', b"\\u0000", b"CPUID ", b" [SL ", b"basic_cpuid[", b"level ", b" -> ",
          b"0x", b"(vim.", b" = ",
          b"<unset>", b"0b01x", b"CPU 0:", b"eax=", b">"]


def change(data, rng):
    """Replaces, removes, repeats or inserts something, a few times."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((0, 1, 1, 2, 8, 40)))
        how = rng.randrange(5)
        if how == 0:
            data[at:end] = rng.choice(PIECES)
        elif how == 1:
            del data[at:end]
        elif how == 2:
            data[at:at] = data[rng.randrange(len(data) + 1):][:rng.choice((1, 10, 100))]
        elif how == 3 and at < len(data):
            data[at] = rng.randrange(256)
        else:
            lines = bytes(data).split(b"\n")
            rng.shuffle(lines)
            data = bytearray(b"\n".join(lines))
    return bytes(data[:rng.randrange(len(data) + 1)] if rng.randrange(10) == 0 else data)


@functools.cache
def load(name):
    """The file of a case, or a dump in a format."""
    if not name.startswith(SPELL + ":"):
        return (CASES / name).read_bytes()
    with tempfile.NamedTemporaryFile() as file:
        spell.main([name.partition(":")[2], "tests/data/ivy.cpuid", file.name])
        return file.read()


def wrong(answer):
    """What is wrong with how the program ended, or None."""
    said = answer.stdout + answer.stderr
    if answer.returncode not in (0, 1, 2):
        return f"status {answer.returncode}"
    if re.search(rb"[^\n -~]", said):
        return "unprintable output"
    if answer.returncode == 2 and not re.match(rb"cpulevel: \S", answer.stderr):
        return "no message"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("tool")
    args = parser.parse_args()
    tool = str(pathlib.Path(args.tool).resolve())
    rng = random.Random(13)
    ends = [0, 0, 0]
    with tempfile.TemporaryDirectory() as work:
        host = pathlib.Path(work, "host.txt")
        subprocess.run([tool, "import", "-o", host, "tests/data/ivy.cpuid"], check=True,
                       capture_output=True)
        for number in range(args.count):
            name, command = INPUTS[number % len(INPUTS)]
            path = pathlib.Path(work, "input")
            path.write_bytes(change(load(name), rng))
            hosts = [host] if command[0] in ("fits", "mask") else []
            answer = subprocess.run([tool, *command, path, *hosts], capture_output=True, timeout=60,
                                    check=False)
            fault = wrong(answer)
            if fault:
                kept = pathlib.Path(tempfile.gettempdir(), "mutated-input")
                kept.write_bytes(path.read_bytes())
                print(f"{' '.join(command)}, change {number} of {name}: {fault}; see {kept}")
                print(answer.stderr.decode("ascii", "replace")[:2000])
                return 1
            ends[answer.returncode] += 1
    print(f"exit status 0, 1, 2: {ends}")
    return min(ends[0] + ends[1], ends[2]) < args.count // 20


if __name__ == "__main__":
    sys.exit(main())
