# SPDX-License-Identifier: MIT
"""processes.py - the processes that run for a program, so that all end when it is stopped."""

import threading

LOCK = threading.Lock()
RUNNING = set()
STOPPED = threading.Event()


class Stopped(Exception):
    """The program is to end: nothing new is started."""


def begin(process):
    """Has stop() end a process of subprocess.Popen, until end()."""
    with LOCK:
        RUNNING.add(process)
    if STOPPED.is_set():
        process.terminate()


def end(process):
    with LOCK:
        RUNNING.discard(process)


def go_on():
    """Raises Stopped if stop() was called."""
    if STOPPED.is_set():
        raise Stopped("stopped")


def stop():
    """Ends all of them, by TERM; each waits for its own."""
    STOPPED.set()
    with LOCK:
        running = list(RUNNING)
    for process in running:
        if process.poll() is None:
            process.terminate()
