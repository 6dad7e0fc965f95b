"""A small resource to write, change and break."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

RESOURCE = """
id = "small"
edition = "1.0"
languages = ["en", "fr"]
title = { en = "Small", fr = "Petit" }
glossary = true
references = true

[[chapters]]
id = "first"
file = "01-first"
title = { en = "First", fr = "Premier" }
lede = { en = "A line.", fr = "Une ligne." }
in_short = { en = ["One."], fr = ["Un."] }

[[chapters]]
id = "second"
file = "02-second"
title = { en = "Second", fr = "Deuxième" }
"""
CONCEPTS = """
[[concepts]]
id = "base"
term = { en = "base", fr = "base" }
definition = { en = "The people.", fr = "Les gens." }
sources = ["heller"]
related = ["oeuvre"]

[[concepts]]
id = "oeuvre"
term = { en = "work", fr = "œuvre" }
definition = { en = "What is made.", fr = "Ce qui est fait." }
"""
QUESTIONS = """
[[questions]]
id = "q-who"
chapter = "first"
minutes = 5
closing = true
blocks = ["opening"]
text = { en = "Who decides?", fr = "Qui décide\u00a0?" }
guidance = { en = "Wait.", fr = "Attendez." }

[[plans]]
id = "plan-30"
minutes = 30
title = { en = "Half an hour", fr = "Une demi-heure" }
steps = [{ minutes = 5, question = "q-who" }, { minutes = 25, text = { en = "Talk.", fr = "Parlez." } }]
"""
REFERENCES = [
    {"id": "zed", "author": [{"family": "Zed", "given": "A."}], "issued": {"date-parts": [[2020]]}, "title": "Last"},
    {"id": "heller", "author": [{"family": "Heller"}], "issued": {"date-parts": [[2023]]}, "title": "Theory"},
    {"id": "uncited", "author": [{"family": "Aaa"}], "issued": {"date-parts": [[2001]]}, "title": "Never cited"},
]
FILES = {
    "resource.toml": RESOURCE,
    "concepts.toml": CONCEPTS,
    "questions.toml": QUESTIONS,
    "references.json": json.dumps(REFERENCES),
    "en/01-first.md": "## Why\n\nPeople 😀 act together [@zed, p. 2]. {#opening}\n\n- one [[base]]\n- two\n",
    "fr/01-first.md": "## Pourquoi\n\nLes gens 😀 agissent\u202f! [@zed, p. 2] {#opening}\n\n- une [[base]]\n- deux\n",
    "en/02-second.md": "Second chapter.\n",
    "fr/02-second.md": "Deuxième chapitre.\n",
}


@pytest.fixture
def write_resource(tmp_path: Path) -> Callable[..., Path]:
    """Writes the small resource into a folder of its own; files given replace or add to it, None leaves one out."""

    def write(name: str = "small", changed: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "shelf" / name
        for file, text in {**FILES, **(changed or {})}.items():
            if text is not None:
                path = folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write
