# SPDX-License-Identifier: MIT
"""A TPM signs what the probe read: booted with swtpm, checked, forged.

Cases as in boot_cases.
"""

import hashlib
import random
import struct

from boot_cases import check_screen
from boot_stick import must, require, run
from tpm import KEY_ATTRIBUTES, KEY_UNIQUE, Signed, Tpm

# It has the drivers of a TPM.
LIGHT = None

HOST = ["type=1,manufacturer=Acme,product=R1,serial=A-1"]

GOOD = b".tpm: good, signed by TPM "


def visit(stick, tpm, model="tpm-tis", options=()):
    """Boots a machine that has this TPM.  Returns its console and its report's path."""
    with tpm.device(model) as device:
        console = stick.boot(smbios=HOST, options=[*device, *options])
    check_screen(console)
    path = stick.take([name for name in stick.names() if name.endswith(".txt")][-1])
    if path.name + ".tpm" in stick.names():
        stick.workshop.write(path.name + ".tpm", stick.read(path.name + ".tpm"))
    return console, path


def signed(path):
    return Signed(path.with_name(path.name + ".tpm").read_bytes())


def key_of(path):
    """The name of the key that signed."""
    return hashlib.sha256(signed(path).get("key")[2:]).hexdigest()[:16].encode()


def verify(shop, path, *options, status=0, says=b""):
    return must(shop.tool, "verify", "--key", shop.public, *options, path, status=status, says=says)


def one_tpm(shop):
    """The same key on each bus and in 32 bits; the probe is named; the TPM opens a challenge."""
    stick, tpm = shop.stick(), Tpm(shop.folder, "tpm")
    console, first = visit(stick, tpm)
    key = key_of(first)
    console.says(b"TPM signed the report with key " + key)
    verify(shop, first, says=GOOD + key + b" (reset ")
    probe = shop.build / "BOOTX64.EFI"
    verify(shop, first, "--probe", probe, says=b"; started last: the probe\n")
    verify(shop, first, "--probe", shop.build / "ia32" / "BOOTIA32.EFI", status=1,
           says=b"NOT THE PROBE but ")
    verify(shop, first, "--probe", first, status=2, says=b"not a program for UEFI")

    must(shop.tool, "challenge", "-k", shop.public, "-o", shop.folder, first,
         says=b"certificate of /CN=")
    must(shop.tool, "challenge", "-k", shop.public, "-o", shop.folder, first, status=2,
         says=b"already exists")
    stick.mtool("mmd", "::/cpulevel/challenge")
    name = key.decode() + ".bin"
    stick.put(shop.folder / name, f"/cpulevel/challenge/{name}")
    _, second = visit(stick, tpm, "tpm-crb", ["-3"])
    require(key_of(second) == key, "32-bit firmware and a CRB make another key")
    opened = ["challenge", "-k", shop.public, "-o", shop.folder, "--opened", "--makers"]
    must(shop.tool, *opened, tpm.makers, second, says=b" is the one of the certificate of /CN=")
    must(shop.tool, *opened, tpm.makers, first, status=1, says=b"was not asked, or did not open")
    other = Tpm(shop.folder, "other", maker="another")
    must(shop.tool, *opened, other.makers, second, status=1, says=b"none of your makers signed")
    must(shop.tool, *opened, shop.public, second, status=2, says=b"no certificate")
    wrong = signed(second).replaced(secret=bytes(32))
    second.with_name(second.name + ".tpm").write_bytes(wrong.text())
    must(shop.tool, *opened, tpm.makers, second, status=1, says=b"opened another challenge")


def changed(shop):
    """Another TPM in the same machine, none, and one whose owner has closed a hierarchy."""
    stick, tpm, other = shop.stick(), Tpm(shop.folder, "tpm"), Tpm(shop.folder, "other")
    _, first = visit(stick, tpm)
    machines = shop.folder / "machines"
    remember = ["--machines", machines]
    verify(shop, first, *remember, says=b"; remembered\n")
    verify(shop, first, *remember, says=b"; the same as in ")
    _, second = visit(stick, other)
    verify(shop, second, *remember, status=1, says=b"; THE MACHINE'S TPM HAS CHANGED: it was " +
           key_of(first) + b" in " + bytes(machines))
    must(shop.tool, "verify", "-k", shop.public, first, second, status=1,
         says=b"it was " + key_of(first) + b" in " + bytes(first))
    tpm_file = second.with_name(second.name + ".tpm")
    kept = tpm_file.read_bytes()
    tpm_file.unlink()
    verify(shop, second, *remember, status=2, says=b": not there, but this machine has TPM " +
           key_of(first))
    tpm_file.write_bytes(kept)
    with other.tools() as tool:
        tool("tpm2_changeauth", "-c", "e", "closed")
    console, third = visit(stick, other)
    console.says(b"TPM signed the report with key " + key_of(third))
    require(signed(third).get("hierarchy") == ["owner"], "not the owner's key")
    verify(shop, third, says=b" (its owner's key: the TPM does not say how often it was reset)")
    with other.tools() as tool:
        tool("tpm2_changeauth", "-c", "o", "closed")
    console, fourth = visit(stick, other)
    console.says(b"TPM did not sign the report: TPM2_CreatePrimary ended with code 9a2")
    console.says(b", verified on the stick")
    require(fourth.name + ".tpm" not in stick.names(), "a file all the same", *stick.names())
    shop.verify(fourth)


def other_bank(shop):
    """The firmware measures into SHA-384 alone."""
    stick, tpm = shop.stick(), Tpm(shop.folder, "tpm", bank="sha384")
    _, path = visit(stick, tpm)
    file = signed(path)
    require(file.get("bank") == ["sha384"] and len(file.get("pcr")[1]) == 96, "another bank")
    verify(shop, path, says=GOOD + key_of(path))


def switched_off(shop):
    """tpm off in cpulevel.conf: the TPM is not asked."""
    stick, tpm = shop.stick(conf=b"countdown 0\ntpm off\n"), Tpm(shop.folder, "tpm")
    console, path = visit(stick, tpm)
    console.says_not(b"TPM")
    require(stick.names() == [path.name, path.name + ".minisig"], "more files", *stick.names())


def sign(folder, key, quote):
    """A TPMT_SIGNATURE by a key of OpenSSL's."""
    (folder / "quote").write_bytes(quote)
    der = must("openssl", "dgst", "-sha256", "-sign", key, folder / "quote")
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        numbers.append(der[at + 2:at + 2 + size].lstrip(b"\0"))
        at += 2 + size
    return struct.pack(">HH", 0x18, 0x0b) + b"".join(
        struct.pack(">H", len(number)) + number for number in numbers)


def played(folder, file):
    """The file as a program that plays a TPM makes it: the same, with a key of its own."""
    key = folder / "played.pem"
    must("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    point = must("openssl", "ec", "-in", key, "-pubout", "-outform", "DER")[-64:]
    public = file.get("key")[:-68] + b"\0\x20" + point[:32] + b"\0\x20" + point[32:]
    quote = file.get("quote")
    return key, file.replaced(key=public, signature=sign(folder, key, quote))


def refuses(shop, path, file, says, what):
    path.with_name(path.name + ".tpm").write_bytes(file.text())
    done = run(shop.tool, "verify", "-k", shop.public, path)
    require(done.returncode == 1 and says in done.stdout and GOOD not in done.stdout,
            f"{what}: accepted, or refused for another reason", done.stdout, done.stderr)


def forged(shop):
    """Signatures that are not what they seem: each is refused for its own reason."""
    stick, tpm = shop.stick(), Tpm(shop.folder, "tpm")
    _, path = visit(stick, tpm)
    file = signed(path)
    key, mine = played(shop.folder, file)
    path.with_name(path.name + ".tpm").write_bytes(mine.text())
    verify(shop, path, says=GOOD)  # docs/security.md: only a challenge excludes a played TPM
    quote, public = mine.get("quote"), mine.get("key")
    selection = quote.index(b"\0\0\0\x01\0\x0b\x03\xff\0\0")
    digest = hashlib.sha256(path.read_bytes()).digest()
    not_quote, not_ours = b"what is signed is not a quote", b"the quote is not of PCR 0 to 7"

    def with_quote(changed):
        return mine.replaced(quote=changed, signature=sign(shop.folder, key, changed))

    def at(data, place, new):
        return data[:place] + new + data[place + len(new):]

    cases = [
        ("no magic", with_quote(at(quote, 0, b"\0")), not_quote),
        ("another type", with_quote(at(quote, 4, b"\x80\x17")), not_quote),
        ("more bytes", with_quote(quote + b"\0"), not_quote),
        ("another report", with_quote(quote.replace(digest, bytes(32))), b"over other bytes"),
        ("no PCRs", with_quote(at(quote, selection + 7, b"\0")), not_ours),
        ("one PCR more", with_quote(at(quote, selection + 8, b"\1")), not_ours),
        ("another bank", with_quote(at(quote, selection + 5, b"\x0c")), not_ours),
        ("other PCRs", with_quote(at(quote, len(quote) - 1, bytes([quote[-1] ^ 1]))),
         b"the quote is of other values of PCR 0 to 7"),
        ("not restricted", mine.replaced(key=at(public, 7, bytes([public[7] ^ 1]))), b"its key"),
        ("it decrypts", mine.replaced(key=at(public, 7, bytes([public[7] | 2]))), b"its key"),
        ("not of the TPM", mine.replaced(key=at(public, 9, bytes([public[9] ^ 2]))), b"its key"),
        ("a point off the curve", mine.replaced(key=at(public, 60, b"\xff")), b"BAD SIGNATURE"),
        ("another signature", file.replaced(signature=mine.get("signature")), b"BAD SIGNATURE"),
        ("another scheme", file.replaced(signature=at(file.get("signature"), 3, b"\x0c")),
         b"its signature is not one"),
    ]
    for what, changed_file, says in cases:
        refuses(shop, path, changed_file, says, what)
    # The log is not signed, but leads to what is.
    log = file.get("log")
    for what, changed_log in (("cut", log[:-10]), ("one bit", at(log, 900, b"\xff\xff"))):
        path.with_name(path.name + ".tpm").write_bytes(file.replaced(log=changed_log).text())
        verify(shop, path, "--probe", shop.build / "BOOTX64.EFI", status=1, says=b"is NOT KNOWN")
        verify(shop, path, says=b"is NOT KNOWN")
    path.with_name(path.name + ".tpm").write_bytes(file.replaced(log=None).text())
    verify(shop, path, says=b"; no log of what was started")
    spoil(shop, path, file.text())


def spoil(shop, path, text):
    """Changed bytes are never taken for the TPM's, whoever reads on."""
    chance = random.Random(11)
    signed_part = text.index(b"\ncertificate ")
    for _ in range(150):
        place = chance.randrange(signed_part)
        byte = bytes([chance.choice(b"0123456789abcdefABCz+/= \n")])
        if text[place:place + 1] == byte:
            continue
        path.with_name(path.name + ".tpm").write_bytes(text[:place] + byte + text[place + 1:])
        done = run(shop.tool, "verify", "-k", shop.public, path)
        require(done.returncode in (1, 2) and GOOD not in done.stdout,
                f"byte {place} changed", done.stdout, done.stderr)


def after_boot(shop):
    """Root on the machine has the key too, but not the PCRs of the probe's start."""
    stick, tpm = shop.stick(), Tpm(shop.folder, "tpm")
    _, path = visit(stick, tpm)
    file = signed(path)
    forged_report = path.read_bytes().replace(b"A-1", b"A-2")
    (shop.folder / "unique").write_bytes(struct.pack("<H", 32) + KEY_UNIQUE + bytes(96) +
                                         struct.pack("<H", 0) + bytes(128))
    names = {name: shop.folder / name for name in ("ctx", "quote", "sig", "unique")}
    with tpm.tools() as tool:
        tool("tpm2_createprimary", "-C", "e", "-g", "sha256", "-G", "ecc256:ecdsa-sha256:null",
             "-a", KEY_ATTRIBUTES, "-u", names["unique"], "-c", names["ctx"])
        tool("tpm2_quote", "-c", names["ctx"], "-l", "sha256:0,1,2,3,4,5,6,7", "-q",
             hashlib.sha256(forged_report).hexdigest(), "-m", names["quote"], "-s", names["sig"])
        values = tool("tpm2_pcrread", "sha256:0,1,2,3,4,5,6,7").decode()
    pcrs = [line.split("0x")[1].lower() for line in values.splitlines() if "0x" in line]
    require(len(pcrs) == 8, "not eight PCRs", values)
    forged_file = file.replaced(quote=names["quote"].read_bytes(),
                                signature=names["sig"].read_bytes())
    forged_file.parts = [[name, [value[0], pcrs[int(value[0])]] if name == "pcr" else value]
                         for name, value in forged_file.parts]
    fake = shop.write("fake.txt", forged_report)
    shop.write("fake.txt.tpm", forged_file.text())
    done = run(shop.tool, "verify", "-u", fake)
    require(GOOD + key_of(path) in done.stdout and b"is NOT KNOWN" in done.stdout,
            "not the same key, or the log leads to its PCRs", done.stdout, done.stderr)
    done = run(shop.tool, "verify", "-u", "--probe", shop.build / "BOOTX64.EFI", fake)
    require(done.returncode == 2 and b"NOT VERIFIED" in done.stdout and
            b"is NOT KNOWN" in done.stdout, "taken for the probe's", done.stdout, done.stderr)


CASES = [
    ("one TPM: its key, the probe, a challenge", one_tpm),
    ("another TPM, none, hierarchies closed", changed),
    ("SHA-384 alone", other_bank),
    ("tpm off", switched_off),
    ("forged signatures are refused, each for its reason", forged),
    ("a quote made after the boot", after_boot),
]
