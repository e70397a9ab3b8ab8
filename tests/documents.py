#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""documents.py BUILD: what --json, --csv, --quiet and --color print.

A stock validator checks each document against its schema in docs/schema/, once as it is and once so
that members the schema does not have are wrong.  What a document says is compared with the text.
"""

import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from results import Results

warnings.simplefilter("ignore")  # newer validators have another way to find schemas
import jsonschema  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
TOOL = str(Path(sys.argv[1]).resolve() / "cpulevel")
RECORDED = ROOT / "tests/data/recorded"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "docs/schema").glob("*.json"))}

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
    done = subprocess.run([TOOL, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
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
        return {}, text.decode(), [*wrong, f"{command} {arguments}: {error}: {made[:200]!r} {said_again}"]
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
    commands = [line.split()[0] for line in run("--help")[1].decode().splitlines() if line.startswith("  ")]
    has = {name for name in commands if "--json" in run(name, "--help")[1].decode()}
    if has != set(SCHEMAS) - {"common"}:
        wrong.append(f"commands with --json: {sorted(has)}; schemas: {sorted(SCHEMAS)}")
    results.say(wrong, "each command with --json has a schema")


def level():
    """What level says as JSON is what it says as text."""
    for path in sorted(RECORDED.glob("*.txt")):
        found, text, wrong = document("level", "-u", path)
        for line, item in zip(text.splitlines(), found.get("levels", [])):
            name, said = line.split(": ", 1)
            reached = {"yes": True, "no": False, "un": None}[said[:3].rstrip(",") if said[:2] != "un" else "un"]
            lacking = said.partition("lacks ")[2].partition(";")[0].split()
            if (name, reached, lacking) != (item["level"], item["reached"], item["lacking"]):
                wrong.append(f"{line} is not {item}")
        results.say(wrong, f"level --json: {path.stem}")
    found, text, wrong = document("level", "v3")
    if [f"{i['level']}: {' '.join(i['features'])}" for i in found["levels"]] != text.splitlines():
        wrong.append(text)
    results.say(wrong, "level --json of a level")


def main():
    schemas()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        level()
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
