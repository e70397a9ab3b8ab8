#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs_check.py links | files | rooms | targets | commands TOOL | manual TOOL | report

Compares the documents with the tree and with the program.  Prints each thing that is wrong with its
file and line; exit status 1 if there is one.

  links     relative links lead to a file, and to a heading of it if they name one
  files     files and folders that CONTRIBUTING.md and docs/design.md name exist
  rooms     docs/design.md lists the rooms of the tree, all of them and no other
  targets   "make TARGET", "scripts/NAME -x" and "tests/run build GROUP" in the documents exist
  commands  each command and option that the documents use is one of the program's
  manual    every command has a page in docs/man, whose synopsis and list of options have those of
            --help and no other; and every page that another refers to is there
  report    cpulevel-report(5) has the words that lines begin with in docs/report-format.md, and no
            other
"""

import itertools
import pathlib
import re
import shlex
import subprocess
import sys

import judged

PAGES = [pathlib.Path("README.md"), pathlib.Path("CONTRIBUTING.md"),
         *sorted(pathlib.Path("docs").glob("*.md"))]

MAN = pathlib.Path("docs/man")

# An option of another program that a manual page mentions.
FOREIGN = {"--cpus"}

COMMON_OPTIONS = {"--help", "--version"}

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")
LONG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

# What a name in the documents begins with if it is one of the tree.
TREE = re.compile(r"^(?:common|cli|efi|scripts|tests|docs|\.ci)/[\w./-]*$"
                  r"|^(?:Makefile|README\.md|CONTRIBUTING\.md|CHANGELOG\.md|LICENSE|"
                  r"\.clang-format|\.editorconfig)$")


def lines_of(page):
    return enumerate(page.read_text(encoding="utf-8").splitlines(), 1)


def is_code(line):
    return line.startswith("    ")


def code_of(page):
    """Yields line number and text of indented lines, and of what is between backquotes."""
    for number, line in lines_of(page):
        if is_code(line):
            yield number, line.strip()
        else:
            for match in CODE.finditer(line):
                yield number, match.group(1)


def slug(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(page):
    found = {}
    for _, line in lines_of(page):
        match = re.match(r"#{1,6} +(.*)", line)
        if match:
            name = slug(match.group(1))
            count = found[name] = found.get(name, -1) + 1
            if count:
                found[f"{name}-{count}"] = 0
    return found


def links():
    for page in PAGES:
        for number, line in lines_of(page):
            for target in () if is_code(line) else LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, heading = target.partition("#")
                file = page.parent / path if path else page
                if not file.exists():
                    yield f"{page}:{number}: {target}: no such file"
                elif heading and heading not in anchors(file):
                    yield f"{page}:{number}: {target}: no such heading"


def files():
    for page in (pathlib.Path("CONTRIBUTING.md"), pathlib.Path("docs/design.md")):
        for number, text in code_of(page):
            for word in text.split():
                word = word.strip(",;:()")
                if TREE.match(word) and "NAME" not in word and not pathlib.Path(word).exists():
                    yield f"{page}:{number}: {word}: no such file"


def rooms_of_tree():
    """Folders of common/ and cli/ that have sources, and the other top folders in git but docs/."""
    tracked = subprocess.run(["git", "ls-files"], check=True, capture_output=True, text=True)
    rooms = set()
    for name in tracked.stdout.splitlines():
        parts = pathlib.PurePath(name).parts
        if parts[0] in ("common", "cli"):
            rooms.update({"/".join(parts[:2]) + "/"} if len(parts) > 2 else ())
        elif len(parts) > 1 and parts[0] not in ("docs", ".ci"):
            rooms.add(parts[0] + "/")
    return rooms


def rooms():
    page = pathlib.Path("docs/design.md")
    listed = {}
    for number, line in lines_of(page):
        match = re.match(r"\| `([a-z_/0-9]+/)` \|", line)
        if match:
            if match.group(1) in listed:
                yield f"{page}:{number}: {match.group(1)} is listed twice"
            listed[match.group(1)] = number
    tree = rooms_of_tree()
    for room in sorted(tree - set(listed)):
        yield f"{page}: the room {room} is not listed"
    for room in sorted(set(listed) - tree):
        yield f"{page}:{listed[room]}: there is no room {room}"


def make_targets():
    text = "".join(pathlib.Path(f).read_text(encoding="utf-8") for f in ("Makefile", "efi/efi.mk"))
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


def script_letters(path):
    """The option letters of a script, from its getopts or its argparse."""
    text = path.read_text(encoding="utf-8")
    match = re.search(r"getopts +(\S+)", text)
    return set(match.group(1).replace(":", "") if match else
               re.findall(r'add_argument\("-(\w)"', text))


def check_make(words):
    known = make_targets()
    for word in words:
        if re.fullmatch(r"[a-z][a-z-]*", word) and word not in known:
            yield f"make {word}: no such target"


def check_script(script, words):
    path = pathlib.Path(script)
    if not path.exists():
        yield f"{script}: no such file"
        return
    letters = script_letters(path) | {"h"}
    for word in words:
        if re.fullmatch(r"-\w", word) and word[1] not in letters:
            yield f"{script} {word}: no such option"


def check_groups(words):
    text = pathlib.Path("tests/run").read_text(encoding="utf-8")
    known = set(re.findall(r'^\t"(\w+) ', text, re.MULTILINE))
    for word in words:
        if word not in known:
            yield f"tests/run: no group {word}"


def check_line(text):
    words = text.split("#")[0].split()
    if words[:1] == ["sudo"]:
        words = words[1:]
    if words[:1] == ["make"]:
        yield from check_make(words[1:])
    elif words[:2] == ["tests/run", "build"]:
        yield from check_groups(itertools.takewhile(lambda word: word != "|", words[2:]))
    elif words and re.fullmatch(r"scripts/[\w-]+", words[0]):
        yield from check_script(words[0], words[1:])


def targets():
    for page in PAGES:
        for number, text in code_of(page):
            for wrong in check_line(text):
                yield f"{page}:{number}: {wrong}"
    for group, _ in judged.rows(judged.PAGE.read_text(encoding="ascii")):
        for wrong in check_groups([group]):
            yield f"{judged.PAGE}: {wrong}"
    # The last column of CONTRIBUTING.md's table of groups.
    page = pathlib.Path("CONTRIBUTING.md")
    table = page.read_text(encoding="utf-8").partition("| you changed | run |")[2]
    for line in table.partition("\n\n")[0].splitlines()[2:]:
        for code in CODE.findall(line.rsplit("|", 2)[1]):
            for wrong in check_groups(code.split()):
                yield f"{page}: {wrong}"


def help_of(tool, *command):
    shown = subprocess.run([tool, *command, "--help"], check=True, capture_output=True, text=True)
    return shown.stdout


def program(tool):
    """Returns the options of each command: the long ones, each with its short one or ""."""
    options = {}
    for name in re.findall(r"^  ([a-z-]+) ", help_of(tool), re.MULTILINE):
        found = re.findall(r"^ +(?:(-[?\w]), +)?(--[a-z-]+)", help_of(tool, name), re.MULTILINE)
        options[name] = {long: short for short, long in found}
    return options


def words_of(text):
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def check_command(known, words):
    """Says what is wrong with the words of a command line that begins with cpulevel."""
    if len(words) < 2 or words[1] in ("--help", "--version", "COMMAND"):
        return
    if words[1] not in known:
        yield f"cpulevel {words[1]}: no such command"
        return
    for word in words[2:]:
        option = word.split("=")[0]
        if option in ("|", ">", "<"):
            return
        options = known[words[1]]
        if re.fullmatch(r"--?[a-zA-Z][a-z-]*", option) and \
                option not in options and option not in options.values():
            yield f"cpulevel {words[1]} {option}: no such option"


def command_lines(text):
    """The words of each call of cpulevel in a line of code."""
    words = words_of(re.sub(r"^\$ ", "", text))
    for i, word in enumerate(words):
        if word in ("cpulevel", "build/cpulevel") and (i == 0 or words[i - 1] in ("|", "sudo")):
            yield ["cpulevel", *words[i + 1:]]


def check_text(known, text):
    for words in command_lines(text):
        yield from check_command(known, words)
    for option in LONG.findall(text) if text.startswith("--") else ():
        if option not in set().union(*known.values()):
            yield f"{option}: no command has this option"


def commands(tool):
    known = program(tool)
    for page in PAGES:
        for number, text in code_of(page):
            for wrong in check_text(known, text):
                yield f"{page}:{number}: {wrong}"
    readme = pathlib.Path("README.md").read_text(encoding="utf-8")
    for name in known:
        if not re.search(rf"^    cpulevel {name} ", readme, re.MULTILINE) and \
                f"cpulevel {name} " not in readme:
            yield f"README.md: no example of {name}"


def section(page, name):
    """Returns the text of a section of an mdoc page, "" if it has none."""
    match = re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh |\Z)", page, re.M | re.S)
    return match.group(1) if match else ""


def flags(text):
    """The options that mdoc text names: Fl -key means --key."""
    words = text.replace("\\&", "").split()
    return {f"-{b}" for a, b in zip(words, words[1:]) if a in ("Fl", ".Fl")}


def listed_options(page):
    """Returns the options of the page's lists: the long ones, each with its short one or ""."""
    found = re.findall(r"^\.It (?:Fl (\S+) , )?Fl (-[a-z-]+)", page, re.M)
    return {f"-{long}": f"-{short}".replace("\\&", "") if short else "" for short, long in found}


def check_page(known, name, path):
    page = path.read_text(encoding="utf-8")
    options, listed = known[name], listed_options(page)
    for option in sorted(set(options) ^ set(listed)):
        yield f"{path}: {option} is {'not listed' if option in options else 'no option'}"
    for option in sorted(set(options) & set(listed)):
        if options[option] != listed[option]:
            yield f"{path}: {option}: the short one is {options[option] or 'none'}"
    synopsis = section(page, "SYNOPSIS")
    for option, short in sorted(options.items()):
        if option not in COMMON_OPTIONS and not flags(synopsis) & {option, short}:
            yield f"{path}: {option} is not in the synopsis"
    for option in sorted(flags(synopsis) - set(options) - set(options.values())):
        yield f"{path}: {option} is in the synopsis and no option"
    if not section(page, "EXIT STATUS") or not section(page, "EXAMPLES"):
        yield f"{path}: no exit status, or no example"


def check_words(known, path):
    """Whatever a page says of options, commands and pages exists."""
    page = path.read_text(encoding="utf-8")
    for option in sorted(flags(page)):
        if re.match("--[a-z]", option) and option not in set().union(*known.values()) | FOREIGN:
            yield f"{path}: {option}: no command has this option"
    for name, number in re.findall(r"^\.(?:It )?Xr (cpulevel\S*) (\d)", page, re.M):
        if not (MAN / f"{name}.{number}").exists():
            yield f"{path}: {name}({number}): no such page"
    for line in section(page, "EXAMPLES").replace("\\e\n", " ").splitlines():
        for words in command_lines(line):
            for wrong in check_command(known, words):
                yield f"{path}: {line.strip()}: {wrong}"


def manual(tool):
    known = program(tool)
    about = dict(re.findall(r"^  ([a-z-]+) +(.*)", help_of(tool), re.M))
    for name in known:
        path = MAN / f"cpulevel-{name}.1"
        if not path.exists():
            yield f"{path}: no such page"
            continue
        yield from check_page(known, name, path)
        if f"\n.Nd {about[name]}\n" not in path.read_text(encoding="utf-8"):
            yield f"{path}: does not say: {about[name]}"
    for path in sorted(MAN.iterdir()):
        yield from check_words(known, path)
        if path.suffix == ".1" and path.stem != "cpulevel" and path.stem[9:] not in known:
            yield f"{path}: no such command"
    overview = (MAN / "cpulevel.1").read_text(encoding="utf-8")
    if re.findall(r"^\.It Xr cpulevel-(\S+) 1", overview, re.M) != list(known):
        yield f"{MAN}/cpulevel.1: the commands are not those of --help in their order"


def format_words():
    """The first words of the lines of a report and a pool, by the grammars of the format's page."""
    text = pathlib.Path("docs/report-format.md").read_text(encoding="utf-8")
    report, pool = text.partition("\n## Limits")[0], text.partition("\n# The pool")[2]
    stores = re.search(r"^\*store\* says.*?^A \*GUID\*", report, re.M | re.S).group()
    words = set()
    for line in re.findall("^    .*", report.replace(stores, "") + pool, re.M):
        for form in line.split(" | "):
            word = re.match(r" *([a-z][a-z0-9-]*)(?: (?:<|none|unknown|found|[0-9]+$)|$)", form)
            words.update(word.groups() if word else ())
    return words


def report():
    page = (MAN / "cpulevel-report.5").read_text(encoding="utf-8")
    listed = set()
    for line in re.findall(r"^\.It (Li .*)", page, re.M):
        for item in re.split(r" , (?:Li )?", line.removeprefix("Li ")):
            listed.add(item.split()[0])
    listed |= set(re.findall(r"^\.Li (shared)$", page, re.M))
    for word in sorted(format_words() ^ listed):
        yield f"{word}: in only one of docs/report-format.md and docs/man/cpulevel-report.5"


def main():
    checks = {"links": links, "files": files, "rooms": rooms, "targets": targets,
              "commands": commands, "manual": manual, "report": report}
    if len(sys.argv) < 2 or sys.argv[1] not in checks:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = list(checks[sys.argv[1]](*sys.argv[2:]))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
