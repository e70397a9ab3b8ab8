# SPDX-License-Identifier: MIT
"""Machines boot over the network, or from a stick in a network, and send their reports.

Cases as in boot_cases; tests/netboot runs them.  The servers are those of docs/netboot.md.
"""

import re
import shutil
import struct
import sys

from boot_stick import POWER_OFF, must, on_installed, require
from netboot_net import CA_WORDS, SERVER6, STRANGER, Segment, only, words_of
from tpm import Tpm

# It has the drivers of the network.
LIGHT = "network"

CONF = b"countdown 0\nexit off\n"
COLLECT = b"collect http://192.168.77.1/reports/\n"
NONE_MATCH = "If-None-Match: *"


def serial(number):
    return ["type=1,manufacturer=Acme,product=R1,serial=A-" + str(number)]


def one_report(segment, number, *endings):
    """The path of the report of a machine; it and files with these endings, and no others."""
    names = [name for name in segment.reports() if name.startswith(f"A-{number}-")]
    report = min(names, default="")
    require(names == sorted(report + ending for ending in ("", *endings)),
            "not one report with its files", *names, segment.said())
    return segment.folder / "srv/reports" / report


def lay_out(shop, segment, conf=CONF + COLLECT, program=None):
    """Puts the probe and its settings on the server."""
    boot = segment.folder / "srv/boot"
    shutil.copy(program or shop.build / "BOOTX64.EFI", boot / "BOOTX64.EFI")
    if conf:
        (boot / "cpulevel.conf").write_bytes(conf)
    return boot


def unsealed_is_checked(shop, words, paths):
    """A report without a seal is what its machine's TPM signed, or is refused."""
    first, second = paths[0], paths[1]
    text = first.read_bytes()
    changed = shop.write("changed.txt", text.replace(b'"A-1"', b'"A-2"'))
    taken = shop.write("changed.txt.tpm", first.with_name(first.name + ".tpm").read_bytes())
    must(*words, changed, status=1, says=b"over other bytes")
    changed.write_bytes(second.read_bytes())
    must(*words, changed, status=1, says=b"over other bytes")
    changed.write_bytes(text)
    must(*words, changed, says=b"; the same as in ")
    forgotten = [word for word in words if word not in ("--machines", shop.folder / "known")]
    must(*forgotten, changed, status=2, says=b"which machine has that is not known")
    taken.unlink()
    must(*words, changed, status=2, says=b"no seal: changed.txt.minisig not found")
    # The machine whose TPM is known in the file is another one.
    known = shop.folder / "known"
    lines = known.read_text(encoding="ascii").splitlines(keepends=True)
    other = shop.write("swapped", b"")
    keys = [line.split(" ")[1] for line in lines]
    swapped = dict(zip(keys, keys[1:] + keys[:1]))
    other.write_text("".join(line.replace(key, swapped[key])
                             for line, key in zip(lines, keys)), encoding="ascii")
    swapped_words = [other if word == known else word for word in words]
    must(*swapped_words, first, status=1, says=b"; THE MACHINE'S TPM HAS CHANGED: it was ")


def three_machines(shop):
    """PXE, HTTP Boot and a stick, each with a TPM; their reports are on lighttpd."""
    with Segment(shop) as segment:
        lay_out(shop, segment)
        segment.dnsmasq()
        segment.lighttpd()
        stick = shop.stick(conf=CONF + COLLECT)
        ways = [("tap:tap0", only("PXE")), ("tap:tap0", only("HTTP")), (stick.image, [])]
        for number, (image, options) in enumerate(ways, 1):
            with Tpm(shop.folder, f"tpm{number}").device() as device:
                console = segment.boot(image, [*device, *options], serial(number))
            console.says(b"TPM signed the report with key ")
            console.says(f"Server has A-{number}-".encode())
            console.says_not(b"NOT S")
        paths = [one_report(segment, 1, ".tpm"), one_report(segment, 2, ".tpm"),
                 one_report(segment, 3, ".minisig", ".tpm")]
        require(paths[2].read_bytes() == stick.read(stick.names()[0]), "not as on the stick")
        shop.verify(paths[2])
        known = shop.folder / "known"
        words = [shop.tool, "verify", "--key", shop.public, "--machines", known,
                 "--probe", shop.build / "BOOTX64.EFI"]
        must(*words, *paths, status=2, says=b"no seal; signed by TPM ")
        must(*words, "--unsigned", *paths, status=2, says=b"; remembered")
        must(*words, *paths, says=b"no seal; see the TPM's signature")
        unsealed_is_checked(shop, words, paths)
        must(shop.tool, "drift", "--unsigned", "--key", shop.public, *paths)
        # A fourth upload of a name is refused, and so is one that would replace.
        for path in paths:
            kept = path.read_bytes()
            name = f"reports/{path.name}"
            require(segment.curl("PUT", name, headers=[NONE_MATCH]) == 412 and
                    segment.curl("PUT", name) == 403 and segment.curl("DELETE", name) == 403 and
                    path.read_bytes() == kept, "a report was replaced", segment.said())


def allow_lists(shop):
    """Each server takes uploads from the segment, over IPv4 and IPv6, and none of a stranger's."""
    for server in (Segment.lighttpd, Segment.nginx):
        with Segment(shop, server.__name__) as segment:
            server(segment)
            put = ["PUT", "reports/a.txt"]
            answers = [segment.curl(*put, headers=[NONE_MATCH]),
                       segment.curl(*put, headers=[NONE_MATCH]),
                       segment.curl("GET", "reports/a.txt"),
                       segment.curl("DELETE", "reports/a.txt"),
                       segment.curl("PUT", "reports/b.txt", SERVER6, [NONE_MATCH],
                                    host=f"[{SERVER6}]"),
                       segment.curl("PUT", "reports/c.txt", STRANGER, [NONE_MATCH]),
                       segment.curl("GET", "reports/a.txt", STRANGER)]
            require(answers == [201, 412, 200, 403, 201, 403, 403], f"{server.__name__}: {answers}",
                    segment.said())
            require(segment.reports() == ["a.txt", "b.txt"], "other files", *segment.reports())
            log = next((segment.folder / "log").glob("*access*"))
            segment.until(lambda: f"::ffff:{STRANGER}" in log.read_text(encoding="ascii"),
                          "a line of the log with a mapped address")


def https(shop):
    """A stick sends over TLS and IPv6, and not to a server that another CA has certified."""
    with Segment(shop) as segment:
        ca = segment.certificates()
        segment.dnsmasq()
        segment.lighttpd()
        conf = CONF + b"collect https://[fd77::1]/reports/\n"
        stick = shop.stick(conf=conf, options=["-a", ca])
        segment.boot(stick.image, smbios=serial(1)).says(b"Server has A-1-")
        shop.verify(one_report(segment, 1, ".minisig"))
        other = shop.folder / "other"
        other.mkdir()
        must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", CA_WORDS,
             "-keyout", other / "key", "-out", other / "ca.pem")
        stick.put(other / "ca.pem", "/cpulevel/ca.pem")
        console = segment.boot(stick.image, smbios=serial(2))
        console.says(b"NOT SENT to the server: TLS fails: its certificate is not trusted here")
        console.says(b", verified on the stick")
        require(len(segment.reports()) == 2, "sent all the same", *segment.reports())
        stick.put(shop.secret, "/cpulevel/ca.pem")
        segment.boot(stick.image, smbios=serial(2)).says(
            b"NOT SENT to the server: ca.pem is not used: no certificate in it")


def https_boot(shop):
    """HTTP Boot over https: key, settings and certificates come from there."""
    with Segment(shop) as segment:
        ca = segment.certificates()
        boot = lay_out(shop, segment, CONF + b"collect https://192.168.77.1/reports/\n")
        shutil.copy(shop.secret, boot / "stick.key")
        shutil.copy(ca, boot / "ca.pem")
        segment.dnsmasq(https=True)
        segment.lighttpd()
        # The firmware's own certificates, as QEMU gives them to OVMF: an EFI signature list.
        der = must("openssl", "x509", "-in", ca, "-outform", "DER")
        owned = bytes(16) + der
        lists = shop.write("ca.esl", bytes.fromhex("a159c0a5e494a74a87b5ab155c2bf072") +
                           struct.pack("<III", 28 + len(owned), 0, len(owned)) + owned)
        trusted = words_of("-fw_cfg", f"name=etc/edk2/https/cacerts,file={lists}")
        console = segment.boot(options=[*only("HTTP"), *trusted], smbios=serial(1))
        console.says(b"and its seal")
        shop.verify(one_report(segment, 1, ".minisig"))


def variables(path):
    """The firmware's variables: {(name, GUID): data}; EDK2's authenticated store, MdeModulePkg."""
    data = path.read_bytes()
    found, at = {}, 0
    while (at := data.find(b"\xaa\x55\x3f\x00", at)) >= 0:
        name_size, size = struct.unpack_from("<II", data, at + 36)
        start = at + 60
        if name_size < 1024 and size < 65536:
            name = data[start:start + name_size].decode("utf-16-le", "replace").rstrip("\0")
            found[name, data[at + 44:start]] = data[start + name_size:start + name_size + size]
        at += 4
    return found


def of_cards(path):
    """What is kept of network cards: variables named by a MAC address."""
    return {key: data for key, data in variables(path).items()
            if re.fullmatch("[0-9A-F]{12}", key[0])}


def nobody_there(shop):
    """A server that refuses connections, and no server at all: said, stored, policies put back."""
    with Segment(shop) as segment:
        segment.dnsmasq()
        kept = shop.folder / "vars.fd"
        options = ["-v", kept]
        # What the firmware itself keeps of its cards, once it has booted from one.
        lay_out(shop, segment, CONF)
        stick = shop.stick(conf=CONF)
        segment.boot(options=[*options, *only("PXE")], smbios=serial(1), ends=POWER_OFF)
        before = of_cards(kept)
        require(before, "no variables of cards")
        for conf, says in ((b"collect http://192.168.77.1:81/", b"the server refuses connections"),
                           (b"collect http://192.168.77.77/", b"the server ")):
            stick.put(shop.write("conf", CONF + conf + b"\n"), "/cpulevel/cpulevel.conf")
            console = segment.boot(stick.image, options, serial(1))
            console.says(b"NOT SENT to the server: " + says)
            console.says(b", verified on the stick")
            after = of_cards(kept)
            require(before == after, "the policy was not put back", before, after)


def badly(shop, how, segment, number):
    """A server that behaves in this way.  Returns its requests."""
    folder = segment.folder / how
    folder.mkdir()
    segment.serve(sys.executable, "tests/netboot_server.py", how, folder, "80", name=how, port=80)
    stick = shop.stick(conf=CONF + COLLECT, key=None)
    segment.boot(stick.image, smbios=serial(number)).says(f"Server has A-{number}-".encode())
    report = stick.read(stick.names()[0])
    require([path.read_bytes() for path in folder.iterdir()].count(report) == 1,
            "not the report, once", segment.said())
    said = (segment.folder / f"{how}.out").read_text(encoding="ascii")
    return re.findall(r"(?m)^(PUT|GET) (\S+) (\w+)$", said)


def late_servers(shop):
    """A server whose answer comes too late, after it stored the file or another one; a busy one."""
    wanted = {
        "late": [["PUT", 0, "stored"], ["PUT", 0, "412"], ["GET", 0, "200"]],
        "other": [["PUT", 0, "stored"], ["PUT", 0, "412"], ["GET", 0, "200"], ["PUT", 1, "201"]],
        "busy": [["PUT", 0, "503"], ["PUT", 0, "503"], ["PUT", 0, "201"]],
    }
    for number, (how, requests) in enumerate(wanted.items(), 1):
        with Segment(shop, how) as segment:
            segment.dnsmasq()
            seen = badly(shop, how, segment, number)
            names = list(dict.fromkeys(path for _, path, _ in seen))
            require([[method, names.index(path), code] for method, path, code in seen] ==
                    requests, "other requests", *seen)


def beside_another(shop):
    """Another server gives the addresses, dnsmasq the program, which needs no file beside it."""
    program = shop.folder / "build"
    with Segment(shop) as segment:
        lay_out(shop, segment, conf=None, program=netboot(shop, program, segment))
        segment.other_dhcp()
        segment.dnsmasq("cpulevel-proxy")
        segment.lighttpd()
        for number, way in ((1, "PXE"), (2, "HTTP")):
            segment.boot(options=only(way), smbios=serial(number)).says(
                b"without a seal: no key is read over this network (only from where HTTP Boot has "
                b"https://)")
            one_report(segment, number)


def netboot(shop, folder, segment):
    """What make netboot makes, with the settings and certificates of this network."""
    ca = segment.certificates()
    # In a copy, which is built anew if these are not the flags that it was built with.
    copy = shop.folder / "copy"
    copy.mkdir()
    must("cp", "-a", *[shop.build / name for name in ("cpulevel", "efi", "host", "libcpulevel.a",
                                                      "libfleet.a")], copy)
    words = ["make", "-s", "--no-print-directory", f"B={copy}", f"NETBOOT={folder}",
             f"SODIUM={(shop.build / 'sodium').resolve()}",
             "EFI_ARCHES=x86_64", f"CONF={shop.write('conf', CONF)}", f"CA={ca}",
             "COLLECT=https://192.168.77.1/reports/", f"{folder}/BOOTX64.EFI"]
    must(*words, seconds=600)
    return folder / "BOOTX64.EFI"


CASES = [
    ("a server that does not answer", nobody_there),
    ("PXE, HTTP Boot and a stick: three reports on lighttpd",
     on_installed(three_machines)),
    ("who may send", allow_lists),
    ("HTTPS from a stick", https),
    ("HTTP Boot over https, with a key", https_boot),
    ("servers that answer late", late_servers),
    ("make netboot, beside another DHCP server", beside_another),
]
