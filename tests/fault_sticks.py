# SPDX-License-Identifier: MIT
"""What is wrong while "image" and "write" make sticks: faults.py."""

import errno
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from fault_cases import DRIVE_SIZE, IMAGE_SIZE, run

# What scripts/image runs; mformat and what follows it see a file that is not complete.
PROGRAMS = ("mktemp", "cp", "truncate", "sgdisk", "dd", "mformat", "mmd", "mkdir", "touch", "mcopy",
            "mdel", "mshowfat", "od", "chmod", "sync", "mv")
PATIENCE = 60  # seconds


def program(name, text):
    """Puts a program before the one of the same name."""
    path = pathlib.Path("fails", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)
    return path


def fresh(environment):
    """Makes the folders of the next run: an earlier image, and nothing temporary."""
    for folder in ("made", "temporary", "fails"):
        shutil.rmtree(folder, ignore_errors=True)
        pathlib.Path(folder).mkdir()
    pathlib.Path("made/x.img").write_bytes(b"old\n")
    here = pathlib.Path.cwd()
    return environment | {"PATH": f"{here}/fails:{environment['PATH']}",
                          "TMPDIR": f"{here}/temporary"}


def left():
    """What is left that should not be, or is not what it was."""
    wrong = [] if pathlib.Path("made/x.img").read_bytes() == b"old\n" else ["x.img has changed"]
    names = [*pathlib.Path("made").iterdir(), *pathlib.Path("temporary").rglob("*")]
    return wrong + [f"{name} is left" for name in names if name.name != "x.img"]


def image_fails(tool, environment):
    """Each program that the image is made by fails in turn."""
    wrong = []
    cases = [(name, ()) for name in PROGRAMS] + [("xorriso", ("--iso",))]
    for name, words in cases:
        own = fresh(environment)
        program(name, f"echo '{name}: no luck' >&2; exit 1")
        done = run(tool, "image", "-f", *words, "-o", "made/x.img", env=own)
        said = done.stderr.decode()
        if done.returncode != 2 or f"{name}: no luck\n" not in said or not re.search(
                r"^image: made/x\.img: cannot be written: .", said, re.MULTILINE):
            wrong.append(f"{name}: status {done.returncode}, {said!r}")
        wrong += [f"{name}: {what}" for what in left()]
    return wrong


def interrupted(tool, environment, words, number):
    """A signal for the tool alone arrives while mcopy runs."""
    own = fresh(environment)
    program("mcopy", f"touch temporary/here; until [[ -e made/go ]]; do sleep 0.02; done; "
                     f"exec {shutil.which('mcopy')} \"$@\"")
    here, go = pathlib.Path("temporary/here"), pathlib.Path("made/go")
    with subprocess.Popen([tool, *words], env=own, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        end = time.monotonic() + PATIENCE
        while not here.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(number)
        go.touch()
        said = process.communicate(timeout=PATIENCE)[1].decode()
    go.unlink()
    here.unlink(missing_ok=True)
    wrong = left()
    if process.returncode != 2 or not re.search(r": interrupted; not made$", said, re.MULTILINE):
        wrong.append(f"status {process.returncode}, {said!r}")
    return [f"{words[0]}, {number.name}: {what}" for what in wrong]


def interrupts(tool, environment):
    wrong = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        wrong += interrupted(tool, environment, ("image", "-f", "-o", "made/x.img"), number)
    pathlib.Path("drive").write_bytes(b"\xaa" * DRIVE_SIZE)
    wrong += interrupted(tool, environment, ("write", "-y", "-s", "stick.key", "drive"),
                         signal.SIGTERM)
    if pathlib.Path("drive").read_bytes() != b"\xaa" * DRIVE_SIZE:
        wrong.append("write: something was written")
    return wrong


def drive_fails(tool, environment):
    """write, to what looks like a drive: each call fails in turn."""
    wrong, drive = [], pathlib.Path("drive")
    environment = environment | {"FAULTS_LOG": "calls"}
    command = ("write", "--image", "small.img", "-y", "drive")
    image = pathlib.Path("small.img").read_bytes()
    pathlib.Path("calls").write_text("")
    done = run(tool, *command, env=environment)
    calls = pathlib.Path("calls").read_text().split()
    if done.returncode or drive.read_bytes()[:IMAGE_SIZE] != image:
        return [f"without a fault: {done}"]
    for at, name in enumerate(calls, 1):
        drive.write_bytes(b"\xaa" * DRIVE_SIZE)
        done = run(tool, *command, env=environment | {"FAULTS": f"{at} {errno.EIO}"})
        said, data = done.stderr.decode(), drive.read_bytes()
        if done.returncode != 2 or not re.search(r"^cpulevel: drive: \S", said, re.MULTILINE):
            wrong.append(f"{name}, the {at}th call: status {done.returncode}, {said!r}")
        if name != "ioctl" and os.strerror(errno.EIO) not in said:
            wrong.append(f"{name}, the {at}th call: no cause: {said!r}")
        if data[512:520] == b"EFI PART" and data[:IMAGE_SIZE] != image:
            wrong.append(f"{name}, the {at}th call: half a stick looks like one")
    return wrong


def drive_asks(tool, environment):
    """write asks on a terminal, and writes only if the answer is the drive's name."""
    wrong, drive = [], pathlib.Path("drive")
    command = [tool, "write", "--image", "small.img", "drive"]
    image = pathlib.Path("small.img").read_bytes()
    answers = [(b"sdx\n", 0, b""), (b"/dev/sdx\n", 0, b""), (b"yes\n", 1, b"another answer"),
               (b"\n", 1, b"another answer"), (b"\x04", 1, b"another answer"),
               (None, 2, b"there is no terminal to ask on")]
    for answer, status, words in answers:
        drive.write_bytes(b"\xaa" * DRIVE_SIZE)
        ours, terminal = os.openpty()
        if answer:
            os.write(ours, answer)
        done = subprocess.run(command, env=environment, capture_output=True, check=False,
                              stdin=terminal if answer else subprocess.DEVNULL, timeout=PATIENCE)
        os.close(ours)
        os.close(terminal)
        written = drive.read_bytes()[:IMAGE_SIZE] == image
        kept = drive.read_bytes() == b"\xaa" * DRIVE_SIZE
        asked = b"To go on, type the drive's name, sdx: " in done.stdout
        if done.returncode != status or words not in done.stderr or asked != bool(answer) or \
                (written, kept) != (status == 0, status != 0):
            wrong.append(f"{answer}: status {done.returncode}, {done.stdout!r} {done.stderr!r}")
    return wrong


def drive_and_closed(tool, environment):
    """With standard output closed, nothing that is said goes to the drive."""
    pathlib.Path("drive").write_bytes(b"\xaa" * DRIVE_SIZE)
    command = [tool, "write", "--image", "small.img", "drive"]
    script = '"$@" <&- >&- 2>&-'
    done = run("sh", "-c", script, "-", *command, env=environment)
    changed = pathlib.Path("drive").read_bytes() != b"\xaa" * DRIVE_SIZE
    return [f"status {done.returncode}, changed: {changed}"] if changed or not done.returncode \
        else []
