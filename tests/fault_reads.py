# SPDX-License-Identifier: MIT
"""What is wrong when a file changes, or cannot be read further, while it is read: faults.py.

Half of the file has been read when it happens.  What is read is then that half and what the file
has after it, never a mixture with anything else.
"""

import errno
import os
import pathlib
import shutil

from fault_cases import READERS, run

MORE = b"\1more\n"  # what faults.c appends


# Beside the rows of fault_cases.py.
MORE_READERS = ("verify -k stick.pub signed.txt", "merge -u west.pool", "drift -u west.txt has.txt",
                "mask -u --for vmx west.pool", "evc -u west.pool")


def victims(words):
    """The files that a command is given; of a folder the first report."""
    for word in words.split()[1:]:
        path = pathlib.Path(word)
        if path.is_file():
            yield word
        elif path.is_dir():
            yield from [str(file) for file in sorted(path.glob("*.txt"))[:1]]


def answer(tool, words, data, name, environment):
    """What a command says of a file with these bytes."""
    pathlib.Path(name).write_bytes(data)
    done = run(tool, *words, env=environment)
    return done.returncode, done.stdout, done.stderr


def changes(tool, words, name, environment):
    """What is wrong with a command one of whose files changes."""
    words = words.split()
    data, other = pathlib.Path(name).read_bytes(), b"another file\n"
    half = len(data) // 2
    right = {"grows": data + MORE, "shrinks": data[:half], "replaced": data}
    wrong = []
    shutil.copy(name, "kept.copy")
    try:
        if answer(tool, words, data, name, environment) != answer(tool, words, data, name,
                                                                  environment):
            return [f"{words}: says something else each time"]
        for how, read in right.items():
            expected = answer(tool, words, read, name, environment)
            pathlib.Path(name + ".new").write_bytes(other)
            got = answer(tool, words, data, name,
                         environment | {"FAULTS_READ": name, "FAULTS_CHANGE": how})
            if got != expected:
                wrong.append(f"{how}: {got}, not {expected}")
            if how == "replaced" and pathlib.Path(name).read_bytes() != other:
                wrong.append("it was not replaced: nobody has read it")
        got = answer(tool, words, data, name,
                     environment | {"FAULTS_READ": name, "FAULTS_CHANGE": "fails"})
        line = f"cpulevel: {name}: cannot be read: {os.strerror(errno.EIO)}\n"
        if got[0] != 2 or line not in got[2].decode():
            wrong.append(f"fails: {got}")
    finally:
        shutil.copy("kept.copy", name)
        pathlib.Path(name + ".new").unlink(missing_ok=True)
    return wrong


def readers():
    """The commands that are given files, and these.  Makers' certificates are read by libcrypto."""
    rows = [(words, name) for words in READERS + MORE_READERS
            if "{}" not in words and not words.startswith(("image", "write"))
            for name in victims(words) if name != "maker.pem"]
    assert {words for words, _ in rows} >= {*MORE_READERS}
    return rows
