"""The command line in this process, on a small bundled resource of its own with awkward characters in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop import paths
from letstalk_desktop.cli import main

ROOT = Path(__file__).parents[2]
HEAD = """
id = "small"
edition = "1.0"
languages = ["en", "fr"]
title = { en = "Small things", fr = "Petites choses" }

[[chapters]]
id = "power"
file = "01-power"
title = { en = "Power", fr = "Pouvoir" }
lede = { en = "Who can?", fr = "Qui peut ?" }
in_short = { en = ["Together."], fr = ["Ensemble."] }

[[chapters]]
id = "practice"
file = "02-practice"
title = { en = "Practice", fr = "Pratique" }
"""
CONCEPTS = """
[[concepts]]
id = "base"
term = { en = "base", fr = "base" }

[[concepts]]
id = "oeuvre"
term = { en = "work", fr = "œuvre" }
"""
POWER = """## Roots

The people’s 😀 power grows. It grows slowly. {#p-grows}

It grows slowly. {#p-slowly}

!!! practice "Try it"
    Ask two neighbours. {#p-ask}

    - one [[base]] {#i-one}
    - two {#i-two}

> Quoted words. {#p-quoted}

| who | what |
| --- | --- |
| we | act |

{#t-who}
"""
POUVOIR = """## Racines

« Le cœur de l’action 😀 » : e\u0301couter. {#p-grows}

Lentement. {#p-slowly}

!!! practice "Essayez"
    Demandez à deux voisins ! {#p-ask}

    - une [[base]] {#i-one}
    - deux {#i-two}

> Mots cités. {#p-quoted}

| qui | quoi |
| --- | --- |
| nous | agir |

{#t-who}
"""
FILES = {
    "resource.toml": HEAD,
    "concepts.toml": CONCEPTS,
    "en/01-power.md": POWER,
    "fr/01-power.md": POUVOIR,
    "en/02-practice.md": "Second chapter. {#p-second}\n",
    "fr/02-practice.md": "Deuxième chapitre. {#p-second}\n",
}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on the output."""
        return json.loads(self.out)


Letstalk = Callable[..., Said]


def write_resource(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Write the small resource; each change replaces, in a file, one text with another."""
    for name, text in FILES.items():
        for file, old, new in changes:
            if file == name:
                assert old in text
                text = text.replace(old, new)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own data, with the small resource as the only one."""
    root = tmp_path / "bundled"
    write_resource(root / "content" / "small")
    (root / "resources").symlink_to(ROOT / "resources")
    monkeypatch.setattr(paths, "_data_root", lambda: root)
    return root


@pytest.fixture
def letstalk(bundled: Path, capfd: pytest.CaptureFixture[str]) -> Letstalk:
    """Runs a command and gives its answer."""

    def run(*words: object) -> Said:
        capfd.readouterr()
        status = main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Said(status, out, err)

    return run


@pytest.fixture
def annotate(letstalk: Letstalk) -> Callable[..., dict[str, Any]]:
    """Marks a passage of the small resource; the annotation as JSON."""

    def run(quote: str, *options: object, chapter: str = "1") -> dict[str, Any]:
        said = letstalk("annotate", "small", chapter, "--quote", quote, "--json", *options)
        assert (said.status, said.err) == (0, "")
        found: dict[str, Any] = said.json
        return found

    return run
