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

import hypervisor
import processes

# An answer takes milliseconds; on a busy machine, many times that.
QMP_SECONDS = 300

# words: (leaf, subleaf, register) to value; unknown: what QEMU said of names; bits: address width
Guest = collections.namedtuple("Guest", "words vendor bits unknown")


@functools.lru_cache(maxsize=None)
def cpu_help(qemu):
    return subprocess.run([qemu, "-cpu", "help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def names_of(qemu):
    """The names of features that a QEMU knows."""
    return set(re.split(r"Recognized CPUID flags:", cpu_help(qemu))[1].split())


def names():
    """The names of features that this QEMU knows."""
    return names_of(hypervisor.NOW["qemu"])


@functools.lru_cache(maxsize=None)
def models():
    """The names of models that this QEMU knows."""
    known = re.split(r"Recognized CPUID flags:", cpu_help(hypervisor.NOW["qemu"]))[0]
    return set(re.findall("^(?:x86)? +([^ \n]+)", known, re.MULTILINE))


def bounded(*command):
    """The command with a time-out: QEMU does not end with the program that asks it."""
    return ["timeout", "--foreground", "-k", "10", str(QMP_SECONDS), *command]


class Refused(SystemExit):
    """What QEMU said when it refused something.  Ends the program unless it is caught."""


class Qmp:
    """A connection to a QEMU that waits to be started; it ends with the block that uses it."""

    def __init__(self, option, *words, machine="q35", qemu=None):
        processes.go_on()
        self.process = subprocess.Popen(
            bounded(qemu or hypervisor.NOW["qemu"], "-M", machine, "-accel", "tcg", "-S",
                    "-nodefaults", "-no-user-config", "-display", "none", "-cpu",
                    option + ",x-force-features=on", *words, "-qmp", "stdio"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.begin(self.process)
        if not self.process.stdout.readline():
            raise self.refused()
        self.ask("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.end()

    def end(self):
        """Waits for its end.  Returns what it wrote besides answers."""
        said = self.process.communicate()[1]
        processes.end(self.process)
        return said

    def refused(self):
        return Refused(self.end().strip() or f"QEMU ended with {self.process.returncode}")

    def ask(self, command, **arguments):
        try:
            self.process.stdin.write(
                json.dumps({"execute": command, "arguments": arguments}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self.refused() from None
        for line in self.process.stdout:
            answer = json.loads(line)
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise Refused(f"{command}: {answer['error']['desc']}")
        raise self.refused()

    def get(self, path, name):
        return self.ask("qom-get", path=path, property=name)

    def words(self, path, name="feature-words"):
        """Registers of a processor, by leaf, subleaf and register."""
        return {(word["cpuid-input-eax"], word.get("cpuid-input-ecx", 0), word["cpuid-register"]):
                word["features"] for word in self.get(path, name)}

    def expand(self, kind, model, **properties):
        """The properties of a model, also those that TCG cannot execute."""
        asked = {"name": model, "props": {"x-force-features": True, **properties}}
        return self.ask("query-cpu-model-expansion", type=kind, model=asked)["model"]["props"]

    def quit(self):
        """Ends it.  Returns what it said, but for what TCG cannot execute: a line each."""
        self.ask("quit")
        return [line for line in self.end().splitlines()
                if "TCG doesn't support requested" not in line]


def default_words(option, defaults):
    """Words of QEMU's command line for properties that the option overrides, without a warning."""
    driver = option.split(",")[0] + "-x86_64-cpu"
    return [word for name, value in defaults for word in (
        "-global", f"driver={driver},property={name},value={value}")]


@functools.lru_cache(maxsize=None)
def guest(option, defaults=()):
    """Returns what a guest sees."""
    with Qmp(option, *default_words(option, defaults)) as qmp:
        path = qmp.ask("query-cpus-fast")[0]["qom-path"]
        return Guest(qmp.words(path), qmp.get(path, "vendor"), qmp.get(path, "phys-bits"),
                     qmp.quit())
