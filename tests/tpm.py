# SPDX-License-Identifier: MIT
"""TPMs for the boot tests: swtpm, with the certificates of a maker of its own.

And their signatures of reports (REPORT.tpm), read and written as docs/report-format.md says.
"""

import base64
import contextlib
import hashlib
import struct
import subprocess
import time

from boot_stick import COMMAND_SECONDS, end, must, require

# What the probe's key is made from: TPM2_CreatePrimary of tpm2-tools makes the same.
KEY_ATTRIBUTES = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|sign"
KEY_UNIQUE = b"cpulevel report attestation 1".ljust(32, b"\0")


class Tpm:
    """A TPM with its state in a folder."""

    def __init__(self, folder, name, bank="sha256", maker="maker"):
        self.folder = folder / name
        self.folder.mkdir()
        self.maker = folder / maker
        self.maker.mkdir(exist_ok=True)
        config = self.folder / "localca.conf"
        config.write_text(f"statedir = {self.maker}\nsigningkey = {self.maker}/key.pem\n"
                          f"issuercert = {self.maker}/cert.pem\n"
                          f"certserial = {self.maker}/serial\n")
        options = self.folder / "localca.options"
        options.write_text("--platform-manufacturer Acme\n--platform-version 1\n"
                           "--platform-model R1\n")
        setup = self.folder / "setup.conf"
        setup.write_text("create_certs_tool = /usr/bin/swtpm_localca\n"
                         f"create_certs_tool_config = {config}\n"
                         f"create_certs_tool_options = {options}\n")
        must("swtpm_setup", "--tpm2", "--config", setup, "--tpm-state", self.folder,
             "--create-ek-cert", "--pcr-banks", bank, "--overwrite")

    @contextlib.contextmanager
    def running(self, *arguments):
        """Runs it until the machine that has it ends, or the block does."""
        command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self.folder}", *arguments]
        # It says on standard error that clients come and go.
        with open(self.folder / "said", "ab") as said, \
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=said) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    end(process)

    @contextlib.contextmanager
    def device(self, model="tpm-tis"):
        """Runs it for a machine.  The options of scripts/qemu that give it to that."""
        socket = self.folder / "socket"
        socket.unlink(missing_ok=True)
        with self.running("--ctrl", f"type=unixio,path={socket}", "--terminate"):
            wait_for(socket)
            words = ["-chardev", f"socket,id=chrtpm,path={socket}", "-tpmdev",
                     "emulator,id=tpm0,chardev=chrtpm", "-device", f"{model},tpmdev=tpm0"]
            yield [word for argument in words for word in ("-x", argument)]

    @contextlib.contextmanager
    def tools(self):
        """Runs it for tpm2-tools.  A function that runs one of these."""
        command, control = self.folder / "command", self.folder / "control"
        for path in (command, control):
            path.unlink(missing_ok=True)
        # tpm2-tss takes the path of the control channel to be that of the other and ".ctrl".
        control = self.folder / "command.ctrl"
        control.unlink(missing_ok=True)
        with self.running("--server", f"type=unixio,path={command}", "--ctrl",
                          f"type=unixio,path={control}", "--flags", "not-need-init,startup-clear"):
            wait_for(command)
            yield lambda tool, *words: must(tool, "-T", f"swtpm:path={command}", *words)

    def sign(self, tool, report, bank="sha256", hierarchy="endorsement"):
        """The file that the probe would write beside a report, by the TPM that tool talks to."""
        names = {name: self.folder / name for name in ("ctx", "quote", "sig", "unique", "public")}
        names["unique"].write_bytes(struct.pack("<H", 32) + KEY_UNIQUE + bytes(96) +
                                    struct.pack("<H", 0) + bytes(128))
        pcrs = f"{bank}:0,1,2,3,4,5,6,7"
        tool("tpm2_createprimary", "-C", hierarchy[0], "-g", "sha256", "-G",
             "ecc256:ecdsa-sha256:null", "-a", KEY_ATTRIBUTES, "-u", names["unique"], "-c",
             names["ctx"])
        tool("tpm2_readpublic", "-c", names["ctx"], "-f", "tss", "-o", names["public"])
        tool("tpm2_quote", "-c", names["ctx"], "-l", pcrs, "-q",
             hashlib.sha256(report).hexdigest(), "-m", names["quote"], "-s", names["sig"])
        values = [line.split("0x")[1].lower()
                  for line in tool("tpm2_pcrread", pcrs).decode().splitlines() if "0x" in line]
        file = Signed(b"cpulevel-tpm 1\nend\n")
        file.parts[1:1] = [["hierarchy", [hierarchy]], ["bank", [bank]],
                           ["key", names["public"].read_bytes()],
                           ["quote", names["quote"].read_bytes()],
                           ["signature", names["sig"].read_bytes()]]
        file.parts[-1:-1] = [["pcr", [str(number), value]] for number, value in enumerate(values)]
        return file

    @property
    def makers(self):
        return self.maker / "cert.pem"


def wait_for(path):
    """Waits until a program has made a socket."""
    for _ in range(COMMAND_SECONDS * 10):
        if path.exists():
            return
        time.sleep(0.1)
    require(False, f"{path}: not made in time")


class Signed:
    """A file REPORT.tpm: its lines and blocks, which can be replaced."""

    def __init__(self, text):
        self.parts = []
        lines = text.decode("ascii").split("\n")
        require(lines[-1] == "", "the last line does not end")
        at = 0
        while at < len(lines) - 1:
            words = lines[at].split(" ")
            at += 1
            if words[0] in ("key", "quote", "signature", "der", "secret", "log"):
                size, data = int(words[1]), b""
                while len(data) < size:
                    require(len(lines[at]) <= 76, "a line of base64 is too long")
                    data += base64.b64decode(lines[at], validate=True)
                    at += 1
                require(len(data) == size, "a block is of another size")
                self.parts.append([words[0], data])
            else:
                self.parts.append([words[0], words[1:]])

    def get(self, name):
        return next(value for key, value in self.parts if key == name)

    def has(self, name):
        return any(key == name for key, _ in self.parts)

    def replaced(self, **blocks):
        """The file with other blocks, None: without."""
        copy = Signed(self.text())
        for name, data in blocks.items():
            require(self.has(name), f"no {name}")
            copy.parts = [[key, data if key == name else value] for key, value in copy.parts
                          if key != name or data is not None]
        return copy

    def text(self):
        lines = []
        for name, value in self.parts:
            if isinstance(value, list):
                lines.append(" ".join([name, *value]))
                continue
            lines.append(f"{name} {len(value)}")
            lines += [base64.b64encode(value[i:i + 57]).decode()
                      for i in range(0, len(value), 57)]
        return ("\n".join(lines) + "\n").encode("ascii")
