# SPDX-License-Identifier: MIT
"""Makes sticks for the boot tests, boots them in QEMU and reads them."""

import dataclasses
import functools
import os
import pathlib
import re
import struct
import subprocess

import processes
import transcript

# A boot takes about five seconds; on a busy machine, many times that.
BOOT_SECONDS = 400
COMMAND_SECONDS = 120

# Of most drives, and of 4Kn drives.
SECTOR = 512
LONG_SECTOR = 4096

REPORTS = "/cpulevel/reports"

# The status of scripts/qemu: the machine switched itself off, it was reset, or its serial line has
# the words of -u.
POWER_OFF = 0
RESET = 3
SAID = 4

# The type of an EFI system partition in a GPT.
ESP = bytes.fromhex("28732ac11ff8d211ba4b00a0c93ec93b")

ESCAPE = re.compile(rb"\x1b\[[0-9;=?]*[A-Za-z]")
CLEAR = b"\x1b[2J"


class Failed(Exception):
    """A check failed; details are strings or bytes."""

    def __init__(self, message, *details):
        super().__init__(message)
        self.details = details


def require(condition, message, *details):
    if not condition:
        raise Failed(message, *details)


def end(process):
    """Ends a process.  TERM first, so that scripts/qemu ends its QEMU."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def run(*arguments, data=b"", seconds=COMMAND_SECONDS):
    """Runs a command.  Returns its status and what it wrote."""
    words = [word if isinstance(word, bytes) else str(word) for word in arguments]
    environment = dict(os.environ, LC_ALL="C", TZ="UTC", MTOOLSRC="/dev/null",
                       PATH=os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin")
    environment.pop("CPULEVEL_KEY", None)
    processes.go_on()
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment) as process:
        processes.begin(process)
        try:
            out, errors = process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            end(process)
            raise Failed(f"not ended after {seconds} s: {words}") from None
        except BaseException:
            end(process)
            raise
        finally:
            processes.end(process)
    return subprocess.CompletedProcess(words, process.returncode, out, errors)


def must(*arguments, status=0, says=b"", **options):
    """Runs a command, which must end with this status and print these words."""
    done = run(*arguments, **options)
    require(done.returncode == status and says in done.stdout + done.stderr,
            f"status {done.returncode}; {status} wanted and {says}",
            f"$ {done.args}", done.stdout, done.stderr)
    return done.stdout


@dataclasses.dataclass(frozen=True)
class Workshop:
    """What sticks are made of, and a case's own folder to make them in."""
    build: pathlib.Path
    secret: pathlib.Path
    public: pathlib.Path
    other_public: pathlib.Path
    folder: pathlib.Path
    # A folder of firmware, or None for the installed one.
    firmware: pathlib.Path | None = None

    @property
    def tool(self):
        return self.build / "cpulevel"

    @property
    def qemu(self):
        """The words that begin a command of scripts/qemu."""
        own = ["env", f"OVMF={self.firmware}"] if self.firmware else []
        return [*own, "scripts/qemu"]

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def stick(self, conf=b"countdown 0\nexit off\n", key=True, program=None, options=()):
        """Makes a stick.  Its key is the workshop's, or none, or these bytes."""
        arguments = ["-t", self.tool, "-c", self.write("cpulevel.conf", conf)]
        if key is True:
            arguments += ["-k", self.secret]
        elif key is not None:
            arguments += ["-k", self.write("stick.key", key)]
        image = self.folder / "stick.img"
        programs = [program] if program else [self.build / "BOOTX64.EFI",
                                              self.build / "ia32" / "BOOTIA32.EFI"]
        must("scripts/image", "-o", image, *arguments, *options, *programs)
        return Stick(self, image)

    def verify(self, path):
        """A report's seal must be good."""
        must(self.tool, "verify", "--key", self.public, path, says=b": good, written by stick ")


def on_installed(case):
    """The same case, on the installed firmware with all of its drivers."""
    @functools.wraps(case)
    def run_case(shop, *arguments):
        return case(dataclasses.replace(shop, firmware=None), *arguments)
    return run_case


@dataclasses.dataclass(frozen=True)
class Stick:
    workshop: Workshop
    image: pathlib.Path

    def log(self):
        """The log of the serial line at the last boot."""
        return self.workshop.folder / "serial.log"

    def extent(self):
        """Offset and size of the EFI system partition, from the table at LBA 2."""
        with open(self.image, "rb") as image:
            head = image.read(2 * SECTOR)
            sector = SECTOR if head[SECTOR:].startswith(b"EFI PART") else LONG_SECTOR
            image.seek(2 * sector)
            entries = [image.read(128) for _ in range(4)]
        entry = next(entry for entry in entries if entry.startswith(ESP))
        first, last = struct.unpack_from("<QQ", entry, 32)
        return first * sector, (last - first + 1) * sector

    def mtool(self, tool, *arguments):
        """Runs a program of mtools on the partition."""
        return must(tool, "-i", f"{self.image}@@{self.extent()[0]}", *arguments)

    def run(self, cpu="qemu64", processors=1, smbios=(), options=(), ends=POWER_OFF):
        """Runs a machine, which must end in this way.  Returns the log of its serial line."""
        tables = [word for table in smbios for word in ("-S", table)]
        must(*self.workshop.qemu, "-t", BOOT_SECONDS, "-s", self.log(), "-c", cpu, "-n",
             processors, *tables, *options, self.image, status=ends, seconds=BOOT_SECONDS + 30)
        return self.log().read_bytes()

    def boot(self, *arguments, **named):
        """Boots the probe, as run does.  Returns its console."""
        return Console(self.run(*arguments, **named))

    def names(self):
        """Names of the files in the folder of reports, sorted."""
        listed = self.mtool("mdir", "-b", f"::{REPORTS}").decode("ascii").splitlines()
        prefix = f"::{REPORTS}/"
        require(all(name.startswith(prefix) for name in listed), "unknown output of mdir", *listed)
        return sorted(name[len(prefix):] for name in listed)

    def read(self, name):
        return self.mtool("mtype", f"::{REPORTS}/{name}")

    def take(self, name):
        """Copies a report and its seal off the stick.  Returns the report's path."""
        for one in (name, name + ".minisig"):
            self.workshop.write(one, self.read(one))
        return self.workshop.folder / name

    def take_first(self):
        """Takes the report of a first boot.  There must be it and its seal, and nothing else."""
        names = self.names()
        require(len(names) == 2 and names[0].startswith("0001-") and names[0].endswith(".txt") and
                names[1] == names[0] + ".minisig", "not one report and its seal", *names,
                self.log().read_bytes())
        return self.take(names[0])

    def take_all(self):
        """Takes all reports and their seals.  Returns the reports' paths, sorted."""
        return [self.take(name) for name in self.names() if name.endswith(".txt")]

    def put(self, path, where):
        """Copies a file to the stick; replaces an old one."""
        self.mtool("mcopy", "-o", path, f"::{where}")

    def check(self):
        """fsck.fat must find no fault in the file system."""
        offset, size = self.extent()
        with open(self.image, "rb") as image:
            image.seek(offset)
            partition = self.workshop.write("partition", image.read(size))
        must("fsck.fat", "-n", partition)


def plain(raw):
    """What a log shows without escape sequences; a cleared screen begins with a new row."""
    return ESCAPE.sub(b"", raw.replace(CLEAR, b"\r\n"))


class Console:
    """What the machine wrote to its console, from the log of the serial line."""

    def __init__(self, raw):
        self.raw = raw
        starts = [found.start() for found in re.finditer(re.escape(CLEAR), raw)
                  if b"cpulevel " in raw[found.start():found.start() + 40]]
        require(starts, "the probe does not clear the screen first", raw)
        start = starts[-1]
        self.probe = plain(raw[start:])

    def rows(self):
        """The probe's rows as they look at the end."""
        rows = []
        for row in self.probe.split(b"\r\n"):
            shown = b""
            for part in row.split(b"\r"):
                shown = part + shown[len(part):]
            rows.append(shown)
        return rows

    def screen(self):
        """The rows since the screen was cleared last."""
        last = Console.__new__(Console)
        last.probe = plain(self.raw[self.raw.rindex(CLEAR) + len(CLEAR):])
        return [row.rstrip() for row in last.rows()]

    def text(self):
        """All words with one blank between them, because rows break sentences."""
        return b" ".join(b" ".join(self.rows()).split())

    def says(self, words):
        require(words in self.text(), f"the console does not say {words}", self.probe)

    def says_not(self, words):
        require(words not in self.text(), f"the console says {words}", self.probe)

    def transcript(self):
        """Name, report and seal on the console, or None; read as docs/report-format.md says."""
        rows = [row for row in self.rows() if row.startswith(b"|")]
        if not rows:
            return None
        try:
            return transcript.read(rows)
        except transcript.Wrong as why:
            raise Failed(f"the transcript is wrong: {why}", *rows) from why
