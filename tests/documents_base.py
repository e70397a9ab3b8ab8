# SPDX-License-Identifier: MIT
"""What the tests of documents share: the tool, the schemas, and made hosts."""

import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

from results import Results

warnings.simplefilter("ignore")  # newer validators have another way to find schemas
import jsonschema  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
TOOL = str(Path(sys.argv[1]).resolve() / "cpulevel")
RECORDED = ROOT / "tests/data/recorded"
SCHEMAS = {path.stem: json.loads(path.read_text())
           for path in sorted((ROOT / "docs/schema").glob("*.json"))}

results = Results()

results = Results()


def strict(schema):
    """A schema that allows no members but its own."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        made["additionalProperties"] = False
    return made


def validator(name, change):
    """The validator of a schema, after a change of all of them."""
    base = "https://schema.invalid/"
    store = {f"{base}{key}.json": change(value) for key, value in SCHEMAS.items()}
    schema = store[f"{base}{name}.json"]
    resolver = jsonschema.RefResolver(f"{base}{name}.json", schema, store=store)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


VALIDATORS = {name: (validator(name, lambda s: s), validator(name, strict)) for name in SCHEMAS}


def run(*arguments, **options):
    """Runs the tool.  Returns status, standard output and standard error."""
    done = subprocess.run([TOOL, *(a if isinstance(a, bytes) else str(a) for a in arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, check=False, **options)
    return done.returncode, done.stdout, done.stderr.decode()


def document(command, *arguments):
    """Runs a command as text and as JSON.  Returns the document, the text and what is wrong."""
    status, text, said = run(command, *arguments)
    again, made, said_again = run(command, "--json", *arguments)
    wrong = []
    if status != again or said != said_again:
        wrong.append(f"text: {status} {said!r}; JSON: {again} {said_again!r}")
    if not made.isascii():
        wrong.append("not ASCII")
    try:
        found = json.loads(made)
    except ValueError as error:
        return {}, text.decode(), [*wrong,
                                   f"{command} {arguments}: {error}: {made[:200]!r} {said_again}"]
    for check in VALIDATORS[command]:
        wrong += [f"{list(e.absolute_path)}: {e.message}"[:300] for e in check.iter_errors(found)]
    if found.get("exit_status") != again:
        wrong.append(f"exit status {again}, and in the document {found.get('exit_status')}")
    lines = [line.removeprefix("cpulevel: ") for line in said.splitlines()]
    if "\n".join(w["text"] for w in found["warnings"]).splitlines() != lines:
        wrong.append(f"warnings {found['warnings']} are not {lines}")
    return found, text.decode(), wrong


def schemas():
    """The schemas are schemas, and each command with --json has one."""
    wrong = []
    for name, schema in SCHEMAS.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            wrong.append(f"{name}: {error.message}")
    commands = [line.split()[0] for line in run("--help")[1].decode().splitlines()
                if line.startswith("  ")]
    has = {name for name in commands if "--json" in run(name, "--help")[1].decode()}
    if has != set(SCHEMAS) - {"common", "gate", "matrix"}:
        wrong.append(f"commands with --json: {sorted(has)}; schemas: {sorted(SCHEMAS)}")
    results.say(wrong, "each command with --json has a schema")


def make_host(name, *changes, recorded="westmere", serial=None):
    """Writes NAME.txt: a recorded machine with this serial number, and (pattern, text) replaced."""
    text = (RECORDED / f"{recorded}.txt").read_text()
    for pattern, replacement in ((r"^system-serial .*", f'system-serial "{serial or name}"'),
                                 *changes):
        text, count = re.subn(pattern, lambda _: replacement, text, flags=re.M)
        assert count, pattern
    Path(f"{name}.txt").write_text(text)


def cpuid_line(leaf, register, clear, recorded="westmere"):
    """The change of a recorded machine that clears bits in a register of a leaf."""
    line = re.search(rf"^cpuid {leaf:08x} 00 .*", (RECORDED / f"{recorded}.txt").read_text(),
                     re.M)[0]
    words = line.split()
    words[3 + register] = f"{int(words[3 + register], 16) & ~clear:08x}"
    return re.escape(line), " ".join(words)


NO_GUEST = cpuid_line(1, 2, 1 << 31)
AES_OFF = cpuid_line(1, 2, 0x2000002)


def sealed(name, comment="timestamp:1", change=None):
    """A report that a key of ours has sealed."""
    make_host(name, *([change] if change else []))
    subprocess.run(["minisign", "-S", "-l", "-s", "stick.key", "-m", f"{name}.txt", "-t", comment],
                   check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
