# SPDX-License-Identifier: MIT
"""What is wrong with standard output, or standard error, while a command writes to it: faults.py.

Each command is here in each form of output that it has.
"""

import errno
import functools
import itertools
import os
import re
import signal
import subprocess

from fault_cases import FORMLESS, LIMITED, READERS, SLOW, WRITERS, limited, run

numbers = itertools.count(1)


def broken_pipe():
    """The end of a pipe that nobody reads."""
    reads, writes = os.pipe()
    os.close(reads)
    return writes


class Standard:
    """What is wrong with standard output or standard error of a command, and what it says of it."""

    def __init__(self, name, cause, opened=None, **options):
        self.name, self.cause, self.opened, self.options = name, cause, opened, options

    def run(self, words, descriptor, environment):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        fd = self.opened() if self.opened else None
        options = dict(self.options)
        if fd is None and "preexec_fn" not in options:
            options["preexec_fn"] = functools.partial(os.close, descriptor)
        if fd is not None:
            streams["stdout" if descriptor == 1 else "stderr"] = fd
        done = subprocess.run(words, check=False, stdin=subprocess.DEVNULL, timeout=120,
                              env=environment, **streams, **options)
        if fd is not None:
            os.close(fd)
        return done


def full():
    return os.open("/dev/full", os.O_WRONLY)


def small():
    return os.open("limited", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


STANDARD = (
    Standard("full", errno.ENOSPC, full),
    Standard("closed", errno.EBADF),
    Standard("a broken pipe", errno.EPIPE, broken_pipe, restore_signals=False),
    Standard("a broken pipe, and SIGPIPE", None, broken_pipe),
    Standard("a file that may not grow", errno.EFBIG, small,
             preexec_fn=limited(8)),
)


def forms(tool):
    """The commands that write to standard output, in each form of output that they have."""
    for words in READERS:
        yield words
        about = run(tool, words.split()[0], "--help").stdout.decode()
        for form in ("--json", "--csv"):
            if f" {form}" in about and words not in FORMLESS and form not in words:
                first, _, rest = words.partition(" ")
                yield f"{first} {form} {rest}".strip()


def standard_output(tool, words, environment):
    """What is wrong if standard output is; and if standard error is, on which nothing depends."""
    def fresh():
        return [tool, *words.format(*[f"new-{next(numbers):04}"] * 3).split()]

    # What writes other files too, or starts what does, would not get as far as to standard output.
    faults = [f for f in STANDARD if f.cause != errno.EFBIG or words in LIMITED]
    wrong, plain = [], run(*fresh(), env=environment)
    for fault in faults:
        done = fault.run(fresh(), 1, environment)
        if fault.cause is None:
            if done.returncode not in (-signal.SIGPIPE, 2):
                wrong.append(f"{fault.name}: status {done.returncode}")
            continue
        said = done.stderr.decode()
        line = f"cpulevel: standard output: cannot be written: {os.strerror(fault.cause)}"
        if done.returncode != 2 or said.count(line) != 1:
            wrong.append(f"{fault.name}: status {done.returncode}, {said!r}")
        if words in SLOW:
            break
    for fault in faults[:3] if words not in SLOW else ():
        done = fault.run(fresh(), 2, environment)
        if done.returncode != plain.returncode or len(done.stdout) != len(plain.stdout):
            wrong.append(f"standard error, {fault.name}: status {done.returncode}, "
                         f"not {plain.returncode}, or another output")
    return wrong


def all_are_here(tool):
    """The commands that the tool has and the tables have not; and those that write files."""
    listed = set(re.findall(r"^  ([a-z-]+) ", run(tool, "help").stdout.decode(), re.MULTILINE))
    rows = [*forms(tool)]
    wrong = sorted(listed ^ ({words.split()[0] for words in rows} -
                             {"--help", "--version", "help", "complete"}))
    writes = {writer.words[0] for writer in WRITERS}
    for command in sorted(listed):
        about = run(tool, command, "--help").stdout.decode()
        for form in re.findall(r" --(?:json|csv)\b", about):
            if not any(words.startswith(command) and form in words for words in rows):
                wrong.append(f"{command}{form} is missing")
        if re.search(r"--(output|machines)=", about) and command not in writes:
            wrong.append(f"{command} writes files")
    return wrong
