# SPDX-License-Identifier: MIT
"""hypervisor.py - the QEMU and libvirt that the tests in Python ask.

They are the installed ones, unless choose() has turned to those of backports.
"""

import functools
import itertools
import os
import pathlib
import re
import subprocess
import sys

import results

# Two programs, what a command is given to so that it finds them, and libvirt's files.
NOW = {"qemu": "qemu-system-x86_64", "virsh": "virsh", "with": [],
       "share": pathlib.Path("/usr/share/libvirt")}


def take_newest(build):
    """
    Fetches those of backports and turns to them.  Returns why they cannot be had, or "".  with
    runs a command that finds them in place of the installed ones.
    """
    fetched = subprocess.run(["scripts/deps", "newest", str(build)], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
    if fetched.returncode:
        return (fetched.stdout.splitlines() or [f"status {fetched.returncode}"])[-1]
    folder = pathlib.Path(build).resolve() / "newest"
    NOW.update({"qemu": str(folder / "bin" / "qemu-system-x86_64"),
                "virsh": str(folder / "bin" / "virsh"), "with": [str(folder / "bin" / "with")],
                "share": folder / "root" / "usr" / "share" / "libvirt"})
    return ""


def choose(build, words, who):
    """
    Turns to those of backports if words say so; without them, the test is over.  Returns who, with
    the judges' names in it: of backports without their versions, which change there.
    """
    if words == ["newest"]:
        who = who.format(qemu="backports' QEMU", libvirt="backports' libvirt")
        why = take_newest(build)
        if why:
            said = results.Results()
            said.not_judged(who, f"no backports: {why}")
            sys.exit(said.end())
    else:
        qemu, libvirt = versions()
        who = who.format(qemu="QEMU {}.{}".format(*qemu), libvirt="libvirt {}.{}".format(*libvirt))
    print("# QEMU {}.{}, libvirt {}.{}".format(*itertools.chain(*versions())), flush=True)
    return who


@functools.lru_cache(maxsize=None)
def version_of(program):
    text = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    return tuple(int(n) for n in re.search(r"(\d+)\.(\d+)", text).groups())


def versions():
    """The versions of QEMU and of libvirt."""
    return version_of(NOW["qemu"]), version_of(NOW["virsh"])


def virsh(folder, *words):
    """
    Runs virsh with a driver of its own, below folder, which keeps what it has found out about QEMU
    for the next run.  Not as root, for whom the driver wants users that only a daemon's package
    makes.
    """
    root = os.path.join(folder, "virsh")
    command = ["virsh", "-q", "-c", f"qemu:///embed?root={root}", *words]
    if not os.path.isdir(root):
        os.makedirs(os.path.join(root, "etc"))
        with open(os.path.join(root, "etc", "qemu.conf"), "w", encoding="ascii") as file:
            file.write('stdio_handler = "file"\n')  # or it wants a daemon for logs
        if os.geteuid() == 0:
            os.chown(root, 65534, 65534)
            os.chmod(folder, 0o711)
    if os.geteuid() == 0:
        command[:0] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    env = dict(os.environ, HOME=root, XDG_RUNTIME_DIR=root)
    # It is left to end by itself, which takes a second: else a QEMU that it asks goes on for ever.
    with subprocess.Popen(["env", "--ignore-signal=INT,HUP", *NOW["with"], *command], env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True) as process:
        try:
            out, errors = process.communicate()
        except BaseException:
            process.communicate()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, errors)
