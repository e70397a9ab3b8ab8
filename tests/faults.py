#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Has everything that can fail do so while a command writes: faults.py BUILD.

Whatever fails, and whatever signal arrives: the exit status is not zero, a message has the name and
the cause, what was there is there still, and nothing is left of what was not completed.
"""

import errno
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import results
from fault_cases import WRITERS, limited, make, run
from fault_reads import changes, readers
from fault_standard import all_are_here, forms, standard_output
from fault_sticks import drive_and_closed, drive_asks, drive_fails, image_fails, interrupts

NOBODY = 65534
OLD = b"00" * 16 + b" " + b"11" * 32 + b' "x"\n'  # also a good file of --machines
OUT = pathlib.Path("out")
TEMPORARY = ".cpulevel."
ASAN = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"


def files():
    """All files of the folder that commands write to, with their bytes."""
    return {str(path.relative_to(OUT)): path.read_bytes()
            for path in sorted(OUT.rglob("*")) if path.is_file()}


class Case:
    """A writer with nothing in its folder, or with an earlier file of each name, to replace."""

    def __init__(self, tool, shim, writer, replace):
        self.tool, self.shim, self.writer, self.replace = tool, shim, writer, replace
        self.words = [tool, *writer.words]
        if replace and "--machines" not in self.words:
            self.words.insert(2, "-f")
        self.right, self.calls = {}, []

    def prepare(self):
        shutil.rmtree(OUT, ignore_errors=True)
        OUT.mkdir()
        for name in self.writer.files if self.replace else ():
            (OUT / name).write_bytes(OLD)
        return files()

    def run(self, faults="", **options):
        environment = dict(os.environ, LD_PRELOAD=self.shim, FAULTS=faults, ASAN_OPTIONS=ASAN)
        return run(*self.words, env=environment | options)

    def learn(self, faults=""):
        """The calls that it makes."""
        self.prepare()
        pathlib.Path("calls").write_text("")
        done = self.run(faults, FAULTS_LOG="calls")
        self.right = self.right or files()
        if done.returncode or not self.is_whole(files()):
            raise RuntimeError(f"{faults}: {done}, {[*files()]}")
        return pathlib.Path("calls").read_text().split()

    def is_whole(self, there):
        """All files are there, and good."""
        names = self.writer.files or [*self.right]
        if not self.writer.made and set(there) != set(names):
            return False
        if self.writer.good:
            return self.writer.good(self.tool, self.writer.files or [*there])
        return not self.right or there == self.right

    def is_before(self, there, before):
        """Nothing has changed; of independent files each may be written, or not."""
        if self.writer.each:
            return all(data in (before.get(name), self.right.get(name))
                       for name, data in there.items())
        return there == before

    def judge(self, what, done, before, cause=None, left=False):
        """What is wrong after a fault: a status, a cause in words, and what is in the folder."""
        there = files()
        if left:
            there = {name: data for name, data in there.items() if TEMPORARY not in name}
        if done.returncode == 0:
            return [] if self.is_whole(there) else [f"{what}: status 0, but {[*there]}"]
        wrong = []
        if cause is not None:
            said = done.stderr.decode()
            # What makes images says the cause in a line before.
            line = rf"^cpulevel: out\S*: .*{os.strerror(cause)}$" if self.calls else \
                rf"(?s){os.strerror(cause)}\n.*^image: out/x\.img: cannot be written: "
            if done.returncode != 2 or not re.search(line, said, re.MULTILINE):
                wrong.append(f"{what}: status {done.returncode}, {said!r}")
        if not self.is_before(there, before) and not self.is_whole(there):
            wrong.append(f"{what}: {[*there]} are left, or have changed")
        return wrong

    def failing(self):
        """Each call fails in turn; each kind of call fails always, as where there is no such."""
        wrong = []
        each = [(f"{at} {errno.EIO}", name, errno.EIO) for at, name in enumerate(self.calls, 1)]
        kinds = [(f"{name} {cause}", name, cause) for name in sorted(set(self.calls))
                 for cause in (errno.ENOSPC, errno.EPERM)]
        fat = [(f"link {errno.EPERM},fchmod {errno.EPERM}{more}", "FAT", errno.EPERM)
               for more in ("", f",renameat2 {errno.EINVAL}")]
        for fault, name, cause in each + kinds + fat:
            before = self.prepare()
            done = self.run(fault)
            wrong += self.judge(f"{name} ({fault})", done, before, cause, left=name == "unlink")
            if name in ("write", "fsync", "close", "mkstemp") and done.returncode == 0:
                wrong.append(f"{name} ({fault}): status 0")
        # With neither link nor RENAME_NOREPLACE a file is written under its name.
        without = f"link {errno.EPERM},renameat2 {errno.EINVAL}"
        for at in range(1, len(self.learn(without)) + 1):
            before = self.prepare()
            done = self.run(f"{at} {errno.EIO},{without}")
            wrong += self.judge(f"on FAT: call {at}", done, before, left=True)
        return wrong

    def interrupted(self):
        """A signal in each call's place.  SIGKILL may leave a temporary file, but no half one."""
        wrong = []
        kinds = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
        for (at, name), number in itertools.product(
                enumerate(self.calls, 1), (*kinds, signal.SIGKILL)):
            if number in kinds[1:] and at % len(kinds) != number % len(kinds):
                continue
            before = self.prepare()
            done = self.run(f"{at} s{int(number)}")
            what = f"{number.name} before {name}, the {at}th call"
            if done.returncode != -number:
                wrong.append(f"{what}: status {done.returncode}")
            if number != signal.SIGKILL:
                wrong += self.judge(what, done, before)
            elif not all(TEMPORARY in name or self.writer.good or
                         data in (before.get(name), self.right.get(name))
                         for name, data in files().items()):
                wrong.append(f"{what}: half a file is left")
        return wrong


def real(case, before, cause, **options):
    """Runs it under what the kernel refuses."""
    done = run(*case.words, **options)
    wrong = [] if done.returncode else ["status 0"]
    return wrong + case.judge(os.strerror(cause), done, before, cause)


def refused(case):
    """What is wrong where the kernel or the tool refuses to write."""
    before = case.prepare()
    wrong = real(case, before, errno.EFBIG, preexec_fn=limited(10))
    shutil.rmtree(OUT)
    done = run(*case.words)
    said = done.stderr.decode()
    if done.returncode != 2 or not re.search(
            rf"out.*{os.strerror(errno.ENOENT)}|need -o and a folder that exists|"
            r"out/x\.img: no such directory", said):
        wrong.append(f"no folder: status {done.returncode}, {said!r}")
    if OUT.exists():
        wrong.append("no folder: it was made")
    before = case.prepare()
    OUT.chmod(0o555)
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if os.getuid() == 0 else {}
    wrong += real(case, before, errno.EACCES, **user)
    OUT.chmod(0o755)
    return wrong


def occupied(case):
    """A name that is taken: by a file without --force, by a link or a folder in any case."""
    wrong, name = [], case.writer.files[-1]
    kinds = {"symbolic link": lambda path: path.symlink_to("../target"),
             "folder": pathlib.Path.mkdir}
    if not case.replace:
        kinds["already exists"] = lambda path: path.write_bytes(OLD)
    pathlib.Path("target").write_bytes(OLD)
    for kind, put in kinds.items():
        if kind == case.writer.takes:
            continue
        case.prepare()
        (OUT / name).unlink(missing_ok=True)
        put(OUT / name)
        before, is_link = files(), (OUT / name).is_symlink()
        done = run(*case.words)
        said = done.stderr.decode()
        if done.returncode != 2 or not re.search(rf"out/+{re.escape(name)}: .*{kind}", said):
            wrong.append(f"{kind}: status {done.returncode}, {said!r}")
        if not case.is_before(files(), before) or (OUT / name).is_symlink() != is_link:
            wrong.append(f"{kind}: {[*files()]} are left")
    return wrong


def full_disk(case):
    """A file system of 16 KiB that is full but for the earlier files."""
    wrong = []
    script = """mount -t tmpfs -o size=16k,mode=755 none out && cp -r earlier/. out/ || exit 99
    dd if=/dev/zero of=out/fill bs=1k status=none 2>/dev/null
    "$@"; status=$?; rm out/fill; cp -r out/. after/; exit $status"""
    for folder in ("earlier", "after"):
        shutil.rmtree(folder, ignore_errors=True)
    before = case.prepare()
    shutil.copytree(OUT, "earlier")
    pathlib.Path("after").mkdir()
    space = ["--mount"] if os.getuid() == 0 else ["--mount", "--map-root-user"]
    done = run("unshare", *space, "sh", "-c", script, "-", *case.words)
    shutil.rmtree(OUT)
    pathlib.Path("after").rename(OUT)
    if done.returncode == 99:
        return [f"no file system could be mounted: {done.stderr.decode()}"]
    wrong += case.judge("a full disk", done, before, errno.ENOSPC)
    return wrong if done.returncode else ["a full disk: status 0"]


def writers(tool, shim, said):
    for writer in WRITERS:
        for replace in writer.variants:
            case = Case(tool, shim, writer, replace)
            case.calls = case.learn()
            name = " ".join(writer.words) + (", over earlier files" if replace else "")
            if case.calls:
                said.say(case.failing(), f"{name}: each call fails")
                said.say(case.interrupted(), f"{name}: signals")
            said.say(refused(case), f"{name}: no room, no folder, no permission")
            said.say(full_disk(case), f"{name}: a full disk")
            if writer.files:
                said.say(occupied(case), f"{name}: what has the name")


def install(build, work):
    """The tool with what it makes images of, where it looks for that, as nobody can read it."""
    for path, source in (("bin/cpulevel", build / "cpulevel"),
                         ("share/cpulevel/mbr.bin", build / "mbr.bin"),
                         ("share/cpulevel/BOOTX64.EFI", build / "BOOTX64.EFI"),
                         ("libexec/cpulevel/image", pathlib.Path("scripts/image").resolve())):
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, work / path)
    return str(work / "bin/cpulevel")


def main():
    build, tests = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path("tests").resolve()
    os.environ.pop("CPULEVEL_KEY", None)
    # A shell has what it runs in the background ignore the first two, nohup the third, and that is
    # inherited.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    said = results.Results()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        tool, shim = install(build, pathlib.Path(work)), f"{work}/faults.so"
        os.chdir(work)
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", shim, tests / "faults.c"],
                       check=True)
        make(tool, tests)
        environment = dict(os.environ, LD_PRELOAD=shim, FAULTS_BLOCK="drive", ASAN_OPTIONS=ASAN,
                           PATH=f"{work}/fake:{os.environ['PATH']}")
        said.say(all_are_here(tool), "all commands are here")
        for words in forms(tool):
            said.say(standard_output(tool, words, environment), f"standard output: {words}")
        for words, name in readers():
            said.say(changes(tool, words, name, environment), f"{words}: {name} changes meanwhile")
        writers(tool, shim, said)
        said.say(image_fails(tool, environment), "image: each program that makes it fails")
        said.say(interrupts(tool, environment), "image, write: signals")
        said.say(drive_fails(tool, environment), "write: each call fails")
        said.say(drive_asks(tool, environment), "write: it asks for the drive's name")
        said.say(drive_and_closed(tool, environment), "write: nothing is said to the drive")
        os.chdir("/")
    print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
