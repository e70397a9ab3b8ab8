# SPDX-License-Identifier: MIT
"""Networks for the netboot tests, with the servers of docs/netboot.md.

Each segment is a network namespace with a bridge, 192.168.77.1, and a tap device for a machine.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import time

from boot_stick import (BOOT_SECONDS, COMMAND_SECONDS, POWER_OFF, Console, end, must, require, run)

PAGE = pathlib.Path("docs/netboot.md")

# The segment's server, and an address that is not of the segment.
SERVER, SERVER6, STRANGER = "192.168.77.1", "fd77::1", "10.9.9.9"
CA_WORDS = "/CN=cpulevel CA/"

# What the page's paths are in a folder of the test's.
PATHS = {"/srv/cpulevel": "srv", "/var/log/lighttpd": "log", "/run/": "run/",
         "/etc/cpulevel": "tls"}


def page_file(path):
    """A file that the page shows: the indented lines after its name."""
    lines = PAGE.read_text(encoding="ascii", errors="replace").splitlines()
    at = lines.index(f"File `{path}`:") + 2
    block = []
    while at < len(lines) and (not lines[at] or lines[at].startswith("    ")):
        block.append(lines[at][4:])
        at += 1
    require(block, f"{PAGE} has no file {path}")
    return "\n".join(block).rstrip() + "\n"


def page_commands(tool):
    """The commands of the page that begin with this word."""
    return [line[4:] for line in PAGE.read_text(encoding="utf-8").splitlines()
            if line.startswith("    " + tool)]


class Segment:
    """A network with one machine at a time on it."""

    def __init__(self, shop, name="net"):
        self.shop = shop
        self.folder = shop.folder / name
        for part in ("srv/boot", "srv/reports", "log", "run", "tls", "body"):
            (self.folder / part).mkdir(parents=True)
        self.stack = contextlib.ExitStack()
        self.holder = None

    def __enter__(self):
        self.holder = self.start("unshare", "--net", "sleep", "infinity")
        mine = os.readlink("/proc/self/ns/net")
        self.until(lambda: os.readlink(f"/proc/{self.holder.pid}/ns/net") != mine, "a namespace")
        for words in ("link set lo up", f"address add {STRANGER}/32 dev lo",
                      "link add br0 type bridge", f"address add {SERVER}/24 dev br0",
                      f"address add {SERVER6}/64 dev br0 nodad", "tuntap add tap0 mode tap",
                      "link set tap0 master br0 up", "link set br0 up"):
            self.do("ip", *words.split())
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start(self, *words, name="holder"):
        """Starts a program that runs until the segment ends."""
        log = self.stack.enter_context(open(self.folder / f"{name}.out", "ab"))
        process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
        self.stack.callback(end, process)
        return process

    @staticmethod
    def until(ready, what):
        for _ in range(COMMAND_SECONDS * 20):
            if ready():
                return
            time.sleep(0.05)
        require(False, f"{what}: not there in time")

    def inside(self, *words):
        return ["nsenter", "--net", "--target", str(self.holder.pid), *words]

    def do(self, *words, **options):
        return must(*self.inside(*words), **options)

    def serve(self, *words, name, port=None, udp=None):
        """Starts a server, and waits until it listens."""
        process = self.start(*self.inside(*words), name=name)

        def ready():
            require(process.poll() is None, f"{name} has ended",
                    (self.folder / f"{name}.out").read_bytes())
            if port is None and udp is None:
                return True
            listed = self.do("ss", "-Hln", "-t" if port else "-u").decode()
            return re.search(rf":{port or udp}\s", listed)
        self.until(ready, name)
        return process

    def own(self, text):
        """A file of the page with this segment's paths."""
        for path, part in PATHS.items():
            text = text.replace(path, f"{self.folder.resolve()}/{part}")
        return text

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="ascii")
        return path

    def dnsmasq(self, name="cpulevel", https=False):
        text = self.own(page_file(f"/etc/dnsmasq.d/{name}.conf"))
        conf = self.write(f"{name}.conf", text.replace("http:", "https:") if https else text)
        self.serve("dnsmasq", "--no-daemon", f"--conf-file={conf}",
                   f"--dhcp-leasefile={self.folder}/leases", "--pid-file=", "--log-facility=-",
                   name="dnsmasq", udp=67)

    def other_dhcp(self):
        """The other DHCP server of a segment, on a machine of its own."""
        other = self.start("unshare", "--net", "sleep", "infinity", name="other")
        mine = os.readlink("/proc/self/ns/net")
        self.until(lambda: os.readlink(f"/proc/{other.pid}/ns/net") != mine, "a namespace")
        there = ["nsenter", "--net", "--target", str(other.pid)]
        self.do("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns",
                str(other.pid))
        self.do("ip", "link", "set", "v0", "master", "br0", "up")
        must(*there, "ip", "address", "add", "192.168.77.2/24", "dev", "v1")
        must(*there, "ip", "link", "set", "v1", "up")
        self.start(*there, "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0",
                   "--bind-interfaces", "--interface=v1", "--pid-file=",
                   f"--dhcp-leasefile={self.folder}/other.leases", "--log-facility=-",
                   "--dhcp-range=192.168.77.100,192.168.77.150,255.255.255.0,1h", name="other")

    def lighttpd(self):
        """Runs as who runs the test, which may be an ordinary user."""
        text = re.sub(r"(?m)^server\.(username|groupname).*\n", "",
                      self.own(page_file("/etc/lighttpd/cpulevel.conf")))
        if not (self.folder / "tls/server.pem").exists():
            text = re.sub(r'(?ms)^\$SERVER\["socket"\].*?^}\n', "", text)
        self.serve("lighttpd", "-D", "-f", self.write("lighttpd.conf", text), name="lighttpd",
                   port=80)

    def nginx(self):
        paths = "".join(f"{kind}_temp_path {self.folder.resolve()}/body/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        log = self.folder.resolve() / "log"
        text = self.own(page_file("/etc/nginx/sites-available/cpulevel"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        conf = self.write("nginx.conf", f"daemon off;\n{user}pid {log}/nginx.pid;\n"
                          f"error_log {log}/nginx.log;\nevents {{ }}\nhttp {{\n"
                          f"access_log {log}/nginx.access;\n{paths}{text}}}\n")
        self.serve("nginx", "-c", conf.resolve(), "-e", log / "nginx.log", name="nginx", port=80)

    def certificates(self):
        """Makes those of the page, by its commands, without sudo."""
        tls = self.folder / "tls"
        for command in [*page_commands("openssl "), *page_commands("printf 'subj")]:
            self.write("tls/commands", "")
            if "x509 -req" in command:
                continue
            must("sh", "-c", f"cd {tls} && {command}")
        sign = [c for c in page_commands("openssl ") if "x509 -req" in c]
        require(len(sign) == 1, "not one command that signs")
        must("sh", "-c", f"cd {tls} && {sign[0]} && cat server.crt server.key >server.pem")
        return tls / "ca.pem"

    def curl(self, method, name, source=SERVER, headers=(), data="x", host=SERVER):
        """Sends a request from an address.  Returns the status."""
        words = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--interface", source,
                 "-X", method, *[word for header in headers for word in ("-H", header)]]
        if method == "PUT":
            words += ["--data-binary", data]
        return int(self.do(*words, f"http://{host}/{name}"))

    def boot(self, image="tap:tap0", options=(), smbios=(), ends=POWER_OFF, name="serial.log"):
        """Boots a machine in the segment.  Returns its console."""
        log = self.folder / name
        tables = [word for table in smbios for word in ("-S", table)]
        if image != "tap:tap0":
            options = [*options, *words_of(
                "-netdev", "tap,id=net,ifname=tap0,script=no,downscript=no",
                "-device", "virtio-net-pci,netdev=net,romfile=")]
        done = run(*self.inside(*self.shop.qemu, "-t", BOOT_SECONDS, "-s", log, "-c",
                                "qemu64", *tables, *options, image), seconds=BOOT_SECONDS + 30)
        require(done.returncode == ends, f"status {done.returncode}; {ends} wanted", done.stderr,
                log.read_bytes() if log.exists() else b"", self.said())
        return Console(log.read_bytes())

    def said(self):
        """What the servers said."""
        return "\n".join(f"{path.name}:\n{path.read_text(errors='replace')[-1500:]}"
                         for path in [*self.folder.glob("*.out"), *self.folder.glob("log/*")])

    def reports(self):
        return sorted(path.name for path in (self.folder / "srv/reports").iterdir())


def words_of(*arguments):
    """Options of scripts/qemu that give QEMU these."""
    return [word for argument in arguments for word in ("-x", argument)]


def only(*ways):
    """Options that leave OVMF these ways to boot over a network: IPv4PXE, IPv4HTTP, ..."""
    names = []
    if "PXE" not in ways:
        names += ["IPv4PXESupport"]
    return words_of(*[word for name in [*names, "IPv6PXESupport"]
                      for word in ("-fw_cfg", f"name=opt/org.tianocore/{name},string=n")])
