#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs_check.py links | files | rooms | targets | commands TOOL | manual TOOL PAGE

Compares the documents with the tree and with the program.  Prints each thing that is wrong with its
file and line; exit status 1 if there is one.

  links     relative links lead to a file, and to a heading of it if they name one
  files     files and folders that CONTRIBUTING.md and docs/design.md name exist
  rooms     docs/design.md lists the rooms of the tree, all of them and no other
  targets   "make TARGET", "scripts/NAME -x" and "tests/run build GROUP" in the documents exist
  commands  each command and option that the documents use is one of the program's
  manual    the same for the manual page as formatted, and its synopsis has every option
"""

import pathlib
import re
import shlex
import subprocess
import sys

PAGES = [pathlib.Path("README.md"), pathlib.Path("CONTRIBUTING.md"),
         *sorted(pathlib.Path("docs").glob("*.md"))]

# An option of another program that the manual page mentions.
FOREIGN = {"--cpuid-set", "--formatter", "--cpu", "--cpus", "--type", "--patch-file"}

COMMON_OPTIONS = {"--help", "--usage", "--version"}

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
    """The option letters of a script, from its getopts."""
    match = re.search(r"getopts +(\S+)", path.read_text(encoding="utf-8"))
    return set(match.group(1).replace(":", "")) if match else set()


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
        yield from check_groups(words[2:])
    elif words and re.fullmatch(r"scripts/[\w-]+", words[0]):
        yield from check_script(words[0], words[1:])


def targets():
    for page in PAGES:
        for number, text in code_of(page):
            for wrong in check_line(text):
                yield f"{page}:{number}: {wrong}"
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


def synopsis(page):
    """Returns the synopsis of each command, all its forms together."""
    text = re.search(r"^SYNOPSIS\n(.*?)^[A-Z]", page, re.MULTILINE | re.DOTALL).group(1)
    forms = {}
    for form in re.split(r"^ +cpulevel ", text, flags=re.MULTILINE)[1:]:
        name, *rest = form.split()
        forms[name] = forms.get(name, "") + " " + " ".join(rest)
    return forms


def check_synopsis(known, forms):
    for name in sorted(set(forms) ^ set(known)):
        wrong = "is missing" if name in known else "no such command"
        yield f"synopsis: cpulevel {name}: {wrong}"
    for name in sorted(set(forms) & set(known)):
        options = known[name]
        have = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", forms[name]))
        for option in sorted(have - set(options) - set(options.values())):
            yield f"synopsis: cpulevel {name} {option}: no such option"
        for long, short in sorted(options.items()):
            if long not in COMMON_OPTIONS and not have & {long, short}:
                yield f"synopsis: {long} of {name} is missing"


def manual(tool, path):
    known = program(tool)
    page = pathlib.Path(path).read_text(encoding="utf-8").replace("-\n", "-")
    yield from check_synopsis(known, synopsis(page))
    for option in sorted(set(LONG.findall(page)) - set().union(*known.values()) - FOREIGN):
        yield f"{option}: no command has this option"
    for short, long in re.findall(r"^ +(-\w), (--[a-z-]+)", page, re.MULTILINE):
        if not any(options.get(long) == short for options in known.values()):
            yield f"{short}, {long}: no command has this pair"
    for line in re.search(r"^EXAMPLES\n(.*?)^[A-Z]", page, re.M | re.S).group(1).splitlines():
        for words in command_lines(line.strip()):
            for wrong in check_command(known, words):
                yield f"{line.strip()}: {wrong}"


def main():
    checks = {"links": links, "files": files, "rooms": rooms, "targets": targets,
              "commands": commands, "manual": manual}
    if len(sys.argv) < 2 or sys.argv[1] not in checks:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = list(checks[sys.argv[1]](*sys.argv[2:]))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
