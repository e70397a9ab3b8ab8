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

import hypervisor

# words: (leaf, subleaf, register) to value; unknown: what QEMU said of names; bits: address width
Guest = collections.namedtuple("Guest", "words vendor bits unknown")


@functools.lru_cache(maxsize=None)
def cpu_help():
    return subprocess.run([hypervisor.NOW["qemu"], "-cpu", "help"], stdout=subprocess.PIPE,
                          text=True, check=True).stdout


@functools.lru_cache(maxsize=None)
def names():
    """The names of features that this QEMU knows."""
    return set(re.split(r"Recognized CPUID flags:", cpu_help())[1].split())


@functools.lru_cache(maxsize=None)
def models():
    """The names of models that this QEMU knows."""
    known = re.split(r"Recognized CPUID flags:", cpu_help())[0]
    return set(re.findall("^(?:x86)? +([^ \n]+)", known, re.MULTILINE))


class Qmp:
    """A connection to a QEMU that waits to be started."""

    def __init__(self, option, *words):
        self.process = subprocess.Popen(
            [hypervisor.NOW["qemu"], "-M", "q35", "-accel", "tcg", "-S", "-nodefaults",
             "-display", "none", "-cpu", option + ",x-force-features=on", *words,
             "-qmp", "stdio"],
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


def default_words(option, defaults):
    """Words of QEMU's command line for properties that the option overrides, without a warning."""
    driver = option.split(",")[0] + "-x86_64-cpu"
    return [word for name, value in defaults for word in (
        "-global", f"driver={driver},property={name},value={value}")]


@functools.lru_cache(maxsize=None)
def guest(option, defaults=()):
    """Returns what a guest sees."""
    qmp = Qmp(option, *default_words(option, defaults))
    path = qmp.ask("query-cpus-fast")[0]["qom-path"]
    words = qmp.ask("qom-get", path=path, property="feature-words")
    vendor = qmp.ask("qom-get", path=path, property="vendor")
    bits = qmp.ask("qom-get", path=path, property="phys-bits")
    qmp.ask("quit")
    said = qmp.process.communicate()[1].splitlines()
    unknown = [line for line in said if "TCG doesn't support requested" not in line]
    return Guest({(w["cpuid-input-eax"], w.get("cpuid-input-ecx", 0), w["cpuid-register"]):
                  w["features"] for w in words}, vendor, bits, unknown)
