#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is there an answer when memory is missing?  memory.py BUILD.

Each place that allocates, in each command, has nothing to give: the command says so, ends with 2
and leaves no file that is not complete; or it can do without and its answer is the same.

Not among the groups that run with something that watches memory: that has allocations of its own.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import results
from fault_cases import WRITERS, make, run
from fault_standard import forms

OUT = pathlib.Path("out")
MISSING = r"(?m)^cpulevel: (.*: )?(out of memory|Cannot allocate memory)$"
# The first ones only say what is there; the others start scripts.
LEFT_OUT = ("--help", "--version", "help", "complete", "image", "write")


def inventory():
    """The files that a command has written."""
    return {str(path): path.read_bytes() for path in OUT.rglob("*") if path.is_file()}


class Command:
    """A command, as it runs with all memory."""

    def __init__(self, tool, shim, words):
        self.tool, self.shim, self.words = tool, shim, words.replace("{}", "out/new")
        self.plain = self.run(0, FAULTS_PLACES="places")
        self.places = int(pathlib.Path("places").read_text())
        self.files = inventory()

    def run(self, place, **options):
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir()
        environment = dict(os.environ, LD_PRELOAD=self.shim, FAULTS_MEMORY=str(place), **options)
        return run(self.tool, *self.words.split(), env=environment)

    def wrong(self, place):
        """What is wrong when this place has no memory.  A file that is there is complete."""
        done, files = self.run(place), inventory()
        if done.returncode == self.plain.returncode and done.stdout == self.plain.stdout and \
                files.keys() == self.files.keys():
            return []
        said = done.stderr.decode()
        if done.returncode != 2 or not re.search(MISSING, said):
            return [f"place {place} of {self.places}: status {done.returncode}, {said!r}"]
        return [f"place {place} of {self.places}: {name} is left"
                for name in files if len(files[name]) != len(self.files.get(name, ""))]


def commands(tool):
    """All that write to standard output, in each form; and those that write files."""
    for words in [*forms(tool), *(" ".join(writer.words) for writer in WRITERS)]:
        if words.split()[0] not in LEFT_OUT:
            yield words


def main():
    tool, tests = pathlib.Path(sys.argv[1], "cpulevel").resolve(), pathlib.Path("tests").resolve()
    os.environ.pop("CPULEVEL_KEY", None)
    said = results.Results()
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        shim = f"{work}/memory.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, tests / "memory.c"],
                       check=True)
        make(tool, tests)
        for words in commands(tool):
            command = Command(tool, shim, words)
            wrong = [] if command.places else ["no place was seen"]
            for place in range(1, command.places + 1):
                wrong += command.wrong(place)
            said.say(wrong, words)
        os.chdir("/")
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
