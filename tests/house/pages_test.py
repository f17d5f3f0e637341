"""What the pages list is what the source has: the sandbox's operations in doc/sandbox-world.md, the table
of AWS's errors and the sandbox's refusals in doc/errors.md, the files that CONTRIBUTING.md names."""

import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def cells(text):
    """The cells of each row of the tables of a page; a cell may hold an escaped bar."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def operation_problems(source, page):
    """The table of operation.cpp beside the section "What is served"."""
    there = {(service.upper(), name)
             for service, name in re.findall(r'Operation\{(\w+), "(\w+)"', source)}
    section = page.split("## What is served\n")[1].split("\n## ")[0]
    told = {(row[0], name) for row in cells(section) if row[0] not in ("service", "---")
            for name in row[1].split(", ")}
    for service, name in sorted(there - told):
        yield f"{name} of {service} is not in doc/sandbox-world.md, What is served"
    for service, name in sorted(told - there):
        yield f"doc/sandbox-world.md, What is served: the sandbox has no {name} of {service}"


def error_problems(table, page):
    """Each row of error_table.cpp has been met by some answer of AWS in doc/errors.md."""
    answers = [re.fullmatch(r"\d+ ?(\w*)(?:: `(.*)`)?", row[1], re.S) for row in cells(page)]
    met = [(answer[1], answer[2] or "") for answer in answers if answer]
    for code, part in re.findall(r'ErrorEntry\{\s*"(\w+)",\s*"([^"]*)"', table):
        if not any(code == each and part in text for each, text in met):
            yield f"doc/errors.md has no {code} with `{part}`, which src/aws/api/error_table.cpp explains"


def refusal_problems(sandbox_page, page):
    """Each refusal that the sandbox knows has been met, too."""
    met = {row[1].split(":")[0] for row in cells(page)}
    for row in cells(sandbox_page):
        if re.match(r"\d", row[1]) and row[1] not in met:
            yield f"doc/errors.md has no {row[1]}, which doc/sandbox-errors.md tells how to provoke"


def path_problems(page):
    """Each file that CONTRIBUTING.md names is there; NAME stands for any."""
    for path in re.findall(r"`((?:src|tests|doc|scripts|bench)/[\w./-]+)`", page):
        if "NAME" not in path and not (SOURCE / path).exists():
            yield f"CONTRIBUTING.md: there is no {path}"


def main():
    operations = (SOURCE / "src/sandbox/operation.cpp").read_text()
    table = (SOURCE / "src/aws/api/error_table.cpp").read_text()
    world, errors, sandbox_errors = (
        (SOURCE / "doc" / name).read_text()
        for name in ("sandbox-world.md", "errors.md", "sandbox-errors.md"))
    # The checks can fail.
    assert list(operation_problems(operations.replace('"GetRole"', '"GetRoll"'), world)) == [
        "GetRoll of IAM is not in doc/sandbox-world.md, What is served",
        "doc/sandbox-world.md, What is served: the sandbox has no GetRole of IAM"]
    assert list(error_problems('ErrorEntry{"AccessDenied", "no such text", refused', errors))
    assert list(error_problems('ErrorEntry{\n  "NoSuchCode", "", refused', errors))
    assert list(refusal_problems("| sts | 400 NoSuchCode | - | - |", errors))
    assert list(path_problems("`src/no_such/`"))
    assert table.count("ErrorEntry{") == len(re.findall(r'ErrorEntry\{\s*"(\w+)",\s*"([^"]*)"', table))
    assert operations.count("Operation{") == len(re.findall(r'Operation\{(\w+), "(\w+)"', operations))
    found = [*operation_problems(operations, world), *error_problems(table, errors),
             *refusal_problems(sandbox_errors, errors),
             *path_problems((SOURCE / "CONTRIBUTING.md").read_text())]
    print("\n".join(found) or "the pages list what there is")
    sys.exit(1 if found else 0)


main()
