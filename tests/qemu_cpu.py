# SPDX-License-Identifier: MIT
"""qemu_cpu.py - what a guest of QEMU sees for a -cpu option, asked over QMP.

The guest is not started.  TCG does not have all features that a host may have, so it is told to
show what it is asked for regardless.
"""

import collections
import functools
import json
import re
import subprocess
import sys

QEMU = "qemu-system-x86_64"

# words: (leaf, subleaf, register) to value; unknown: what QEMU said of names; bits: address width
Guest = collections.namedtuple("Guest", "words vendor bits unknown")


@functools.lru_cache(maxsize=None)
def names():
    """The names of features that this QEMU knows."""
    text = subprocess.run([QEMU, "-cpu", "help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return set(re.split(r"Recognized CPUID flags:", text)[1].split())


@functools.lru_cache(maxsize=None)
def models():
    """The names of models that this QEMU knows."""
    text = subprocess.run([QEMU, "-cpu", "help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return set(re.findall("^x86 ([^ ]+)", text, re.MULTILINE))


class Qmp:
    """A connection to a QEMU that waits to be started."""

    def __init__(self, option):
        self.process = subprocess.Popen(
            [QEMU, "-M", "q35", "-accel", "tcg", "-S", "-nodefaults", "-display", "none",
             "-cpu", option + ",x-force-features=on", "-qmp", "stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            sys.exit(self.process.stderr.read())
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.process.stdin.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                sys.exit(f"{command}: {answer['error']}")
        sys.exit(self.process.stderr.read())


@functools.lru_cache(maxsize=None)
def guest(option):
    """Returns what a guest sees."""
    qmp = Qmp(option)
    path = qmp.ask("query-cpus-fast")[0]["qom-path"]
    words = qmp.ask("qom-get", path=path, property="feature-words")
    vendor = qmp.ask("qom-get", path=path, property="vendor")
    bits = qmp.ask("qom-get", path=path, property="phys-bits")
    qmp.ask("quit")
    said = qmp.process.communicate()[1].splitlines()
    # Defaults are said once more with a sign where a mask needs it: QEMU takes the sign's.
    unknown = [line for line in said
               if "Ambiguous" not in line and "TCG doesn't support requested" not in line]
    return Guest({(w["cpuid-input-eax"], w.get("cpuid-input-ecx", 0), w["cpuid-register"]):
                  w["features"] for w in words}, vendor, bits, unknown)
