# SPDX-License-Identifier: MIT
"""stopping.py - how a script ends when it is stopped, or nobody reads what it prints.

It shows no traceback, removes what it made, and has exit status 2.  If it was stopped, it says so.
"""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time

import processes

# Seconds, on a busy machine.
PATIENCE = 30

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(BaseException):
    """Not SystemExit, which is also the end of what a script runs."""


def on_signals(action):
    for number in SIGNALS:
        # nohup has it ignored.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, action)


def say(name):
    """To be heard once."""
    on_signals(signal.SIG_IGN)
    os.write(2, f"{name}: stopped\n".encode())


def begin(name):
    """For the time in which nothing is made yet, but other modules are read."""
    def end(*_):
        say(name)
        os._exit(2)
    on_signals(end)


def remove(folder):
    """A program that was just started when the signal came may write there for a moment more."""
    end = time.monotonic() + PATIENCE
    shutil.rmtree(folder, ignore_errors=True)
    while os.path.exists(folder) and time.monotonic() < end:
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def temporary_folder():
    """A folder with all temporary files.  Its removal is the last thing: nothing interrupts it."""
    name, before = tempfile.mkdtemp(), tempfile.tempdir
    try:
        tempfile.tempdir = name
        yield name
    finally:
        on_signals(signal.SIG_IGN)
        tempfile.tempdir = before
        remove(name)


def status(name, main, *arguments):
    """What main() returns; 2 if it is stopped, or if a file or standard output is in trouble."""
    def stop(*_):
        say(name)
        raise Stop
    try:
        on_signals(stop)
        found = main(*arguments)
        sys.stdout.flush()
        return found
    except Stop:
        processes.stop()
    except OSError as why:
        if not isinstance(why, BrokenPipeError):
            print(f"{name}: {why}", file=sys.stderr)
    # Or Python complains at its end about what it could not write.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 2
