"""Each command has its source, its row in the table, its manual page and its end-to-end test; the main
manual page leads to its page, and that one back."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
NOT_COMMANDS = {
    "command_table", "help", "options", "output", "run", "session_options", "session_table",
    "suggestions",
}


def missing_parts(source, rows):
    """What is missing, a line each."""
    sources = {path.stem for path in (source / "src/cli").glob("*.cpp")} - NOT_COMMANDS
    pages = {
        path.name.removeprefix("aws-session-token-").removesuffix(".1")
        for path in (source / "doc").glob("aws-session-token-*.1")
    } - {"sandbox"}  # a program of its own
    tests = {path.name.removesuffix("_test.py") for path in (source / "tests/e2e").glob("*_test.py")}
    for name in sorted(set(rows) | {stem.replace("_", "-") for stem in sources} | pages):
        if name not in rows:
            yield f"{name}: no row in src/cli/command_table.cpp"
        if name.replace("-", "_") not in sources:
            yield f"{name}: no src/cli/{name.replace('-', '_')}.cpp"
        if name not in pages:
            yield f"{name}: no doc/aws-session-token-{name}.1"
        elif "aws-session-token (1)" not in see_also(source, name):
            yield f"{name}: SEE ALSO of its page does not name aws-session-token (1)"
        if f"aws-session-token-{name} (1)" not in page_text(source, "aws-session-token"):
            yield f"{name}: doc/aws-session-token.1 does not name its page"
        if name.replace("-", "_") not in tests:
            yield f"{name}: no tests/e2e/{name.replace('-', '_')}_test.py"


def page_text(source, page):
    return (source / f"doc/{page}.1").read_text().replace("\\-", "-")


def see_also(source, name):
    return page_text(source, f"aws-session-token-{name}").partition(".SH SEE ALSO")[2]


def options_not_in_page(tool, source, name):
    """Long options that --help shows and the manual page does not."""
    shown = subprocess.run(
        [tool, name, "--help"], check=True, capture_output=True, text=True,
        env={"ASAN_OPTIONS": "detect_leaks=0"},
    ).stdout
    page = page_text(source, f"aws-session-token-{name}")
    for option in sorted(set(re.findall(r"--[a-z-]+", shown)) - {"--help", "--version"}):
        if option not in page:
            yield f"{name}: doc/aws-session-token-{name}.1 lacks {option}"


def broken_headers(source):
    """Pages whose header is not in one line of 80 columns: left, middle and right, with blanks
    between them."""
    if not shutil.which("man"):
        return
    for path in sorted((source / "doc").glob("*.1")):
        shown = subprocess.run(
            ["man", "-l", path], check=True, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "MANWIDTH": "80", "MANPAGER": "cat", "TERM": "dumb",
                 "LC_ALL": "C.UTF-8"},
        ).stdout
        header = next(line for line in shown.splitlines() if line)
        if not re.fullmatch(r"(\S+\(1\)) +\S.*\S +\1", header) or len(header) > 80:
            yield f"{path.name}: the header breaks at 80 columns: {header}"


def main():
    tool = os.environ["AWSST_TOOL"]
    shown = subprocess.run(
        [tool, "--help"], check=True, capture_output=True, text=True,
        env={"ASAN_OPTIONS": "detect_leaks=0"},
    ).stdout
    rows = re.findall(r"^  ([a-z-]+) ", shown, re.M)
    assert rows, "the help lists no command"
    # The check can fail: a command that nobody wrote is found missing in all its parts but the row.
    assert len(list(missing_parts(SOURCE, rows + ["no-such"]))) == 4
    problems = list(missing_parts(SOURCE, rows))
    for name in rows:
        problems += options_not_in_page(tool, SOURCE, name)
    problems += broken_headers(SOURCE)
    print("\n".join(problems) or f"{len(rows)} commands, each whole")
    sys.exit(1 if problems else 0)


main()
