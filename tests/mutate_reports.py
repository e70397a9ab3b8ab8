# SPDX-License-Identifier: MIT
"""Checks that the C reader and report_reader.py agree, on valid files and on changed ones.

    mutate_reports.py [--count N] [--seed N] [--seconds N] [--keep DIR] COMMAND... [-- FILE...]
    mutate_reports.py [--seed N] --show INDEX [-- FILE...]

COMMAND is the C reader, tests/respell.c.  It is given names of files on its standard input and
prints for each, in their order, "ok" or FILE:LINE:COLUMN: and a cause.  FILEs are more reports
and pools to start from, beside those of report_seeds.py.

The same seed makes the same mutations, whatever the machine.  After --seconds no more are made,
and the last line says how many there were.  --show writes one mutation to standard output.

Exit status: 0 they agree, 1 they do not, or one of them is broken.
"""

import argparse
import itertools
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the source tree stays as it is; must stand before the imports

import report_mutations
import report_reader
import report_seeds

BATCH = 1000
BATCH_SECONDS = 300
SYSTEMATIC_BYTES = 2500
SHOWN = 20
REFUSAL = re.compile(r":\d+:\d+: .")
LARGE_BYTES = 4096


class Broken(Exception):
    """A reader did something else than accept or refuse."""


def python_verdict(data):
    """Returns None for a valid file, or why it is not.  Raises Broken."""
    try:
        parsed = report_reader.read(data)
    except report_reader.Refused as why:
        check_place(data, why)
        return f"{why.line}:{why.column}: {why.cause}"
    except Exception as why:
        raise Broken(f"report_reader.py raised {why!r}") from why
    if report_reader.spell(parsed) != data:
        raise Broken("report_reader.py writes otherwise what it read")
    return None


def check_place(data, why):
    """A place can be where something is missing: one line or column behind the last."""
    lines = data.split(b"\n")
    if not (1 <= why.line <= len(lines) and 1 <= why.column <= len(lines[why.line - 1]) + 1):
        raise Broken(f"report_reader.py names the place {why.line}:{why.column}")


def c_verdict(name, line):
    """As python_verdict, of a line that the C reader printed."""
    if line == "ok":
        return None
    cause = line.removeprefix(name)
    if cause == line or not REFUSAL.match(cause):
        raise Broken(f"the C reader: {line}")
    return cause[1:]


class Comparison:
    """Gives files to both readers, many at a time, and counts what they say."""

    def __init__(self, command, keep):
        self.command = command
        self.keep = keep
        self.waiting = []
        self.accepted = 0
        self.refused = 0
        self.wrong = 0

    def add(self, what, data, valid=None):
        """Compares a file, at the latest in finish; valid is what both must say, if known."""
        self.waiting.append((what, data, valid))
        if len(self.waiting) == BATCH:
            self.finish()

    def finish(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = self.run(pathlib.Path(folder)) if self.waiting else []
        for (what, data, valid), (name, line) in zip(self.waiting, lines):
            self.compare(what, data, valid, name, line)
        if len(lines) < len(self.waiting):
            what, data, _ = self.waiting[len(lines)]
            self.complain(what, data, "the C reader ended before it said anything of this file")
        self.waiting = []

    def run(self, folder):
        """Returns the names of files and what the C reader said of each."""
        names = []
        for place, (_, data, _) in enumerate(self.waiting):
            names.append(str(folder / str(place)))
            pathlib.Path(names[-1]).write_bytes(data)
        result = subprocess.run(self.command, input="".join(name + "\n" for name in names),
                                stdout=subprocess.PIPE, text=True, timeout=BATCH_SECONDS,
                                encoding="ascii", errors="backslashreplace", check=False)
        return list(zip(names, result.stdout.splitlines()))

    def compare(self, what, data, valid, name, line):
        try:
            mine = python_verdict(data)
            other = c_verdict(name, line)
        except Broken as why:
            self.complain(what, data, str(why))
            return
        if (mine is None) != (other is None):
            self.complain(what, data, f"C: {other or 'valid'}; Python: {mine or 'valid'}")
        elif valid is not None and valid != (mine is None):
            self.complain(what, data, f"both say: {mine or 'valid'}")
        elif mine is None:
            self.accepted += 1
        else:
            self.refused += 1

    def complain(self, what, data, message):
        self.wrong += 1
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{self.wrong}.txt").write_bytes(data)
        if self.wrong <= SHOWN:
            print(f"{what}: {message}")


def compare_cpuid_r(command, seeds):
    """Compares what both readers say that each processor answered; returns how many differ."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "report"
        for name, data in seeds.items():
            if report_reader.is_pool(data):
                continue
            path.write_bytes(data)
            result = subprocess.run(command + ["--cpuid-r", str(path)], stdout=subprocess.PIPE,
                                    timeout=BATCH_SECONDS, check=False)
            if result.stdout != report_reader.cpuid_r(report_reader.read(data)):
                print(f"{name}: the readers differ in what the processors answered")
                wrong += 1
    return wrong


def mutation(seeds, seed, index):
    """Makes one mutation from its number alone, so that any of them can be made again."""
    rnd = random.Random(f"{seed}:{index}")
    # Large files take long and show little that small ones do not.
    weights = [1 / (1 + len(data) / LARGE_BYTES) for data in seeds.values()]
    name = rnd.choices(list(seeds), weights)[0]
    names, data = report_mutations.mutate(seeds[name], rnd)
    return f"mutation {index} ({name}: {', '.join(names)})", data


def fixed_files(seeds):
    """What does not depend on chance."""
    for name, data in seeds.items():
        yield name, data, True
    yield from report_seeds.limits()
    for name, data in seeds.items():
        for what, changed in report_mutations.rewrapped(data):
            yield f"{name} {what}", changed, False
        if len(data) <= SYSTEMATIC_BYTES:
            for what, changed in report_mutations.systematic(data):
                yield f"{name} {what}", changed, None


def all_seeds(files):
    named = {name: pathlib.Path(name).read_bytes() for name in files}
    return report_seeds.seeds() | named


def parse(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--show", type=int)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:split])
    if not options.command and options.show is None:
        parser.error("the C reader's command is missing")
    return options, arguments[split + 1:]


def run(options, seeds):
    comparison = Comparison(options.command, options.keep)
    end = time.monotonic() + options.seconds
    for what, data, valid in fixed_files(seeds):
        comparison.add(what, data, valid)
    made = 0
    for made in itertools.count():
        if made == options.count or time.monotonic() > end:
            break
        comparison.add(*mutation(seeds, options.seed, made))
    comparison.finish()
    wrong = comparison.wrong + compare_cpuid_r(options.command, seeds)
    print(f"{comparison.accepted + comparison.refused} files: {comparison.accepted} accepted, "
          f"{comparison.refused} refused; {made} of {options.count} mutations of {len(seeds)} "
          f"files, seed {options.seed}; {wrong} wrong")
    return 1 if wrong else 0


def main(arguments):
    options, files = parse(arguments)
    seeds = all_seeds(files)
    if options.show is not None:
        sys.stdout.buffer.write(mutation(seeds, options.seed, options.show)[1])
        return 0
    return run(options, seeds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
