"""Two installs give the same versions: constraints.txt pins every package that the project asks for, and what those ask for."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if line.strip() and not line.startswith("#")]
    return {canonicalize_name(name): pin for name, pin in pins}


def asked_for() -> set[str]:
    """The names of all packages, down to the last; a package that is not installed here asks for nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    found: set[str] = set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        try:
            waiting += requires(name) or []
        except PackageNotFoundError:
            continue
    return found


def test_every_package_has_one_version() -> None:
    assert asked_for() - set(pinned()) == set()


def test_what_is_installed_is_what_is_pinned() -> None:
    differing = {}
    for name in asked_for():
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue
        if installed != pinned()[name]:
            differing[name] = installed
    assert differing == {}
