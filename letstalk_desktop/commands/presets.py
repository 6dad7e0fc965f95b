"""``export --preset``: the choices that a reader has kept under a name in the export dialog, for the command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.commands.arguments import LARGEST, ORDERS, PAPERS, PARTS, SHAPES, SMALLEST, USUAL_CHOICES
from letstalk_desktop.errors import NotFound
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_
from letstalk_desktop.paths import Paths
from letstalk_desktop.settings import load_presets

# The dialog's name for a choice, the option's, and what it may be.
_ONE_OF = (("shape", "shape", SHAPES), ("order", "by", ORDERS), ("paper", "paper", PAPERS))
_LISTS = (("kinds", "kind"), ("chapters", "chapter"), ("concepts", "concept"))
_TEXTS = (("since", "since"), ("until", "until"), ("language", "lang"), ("plan", "plan"))


def settle(options: argparse.Namespace, paths: Paths, target: Path) -> None:
    """Fill in every choice that was not given: as the preset says, if one is named, else as usual.

    Raises ``NotFound`` with the presets there are.
    """
    kept: dict[str, Any] = {}
    if options.preset:
        presets = load_presets(paths.config / "presets.json")
        if options.preset not in presets:
            names = ", ".join(sorted(name for name in presets if name)) or "–"
            raise NotFound(N_("There is no preset “{name}”. There are: {names}."), name=options.preset, names=names)
        kept = as_options(presets[options.preset], target)
    if options.template is not None or options.format is not None:  # one decides about the other
        kept = {name: value for name, value in kept.items() if name not in ("template", "format")}
    for name, value in {**USUAL_CHOICES, "reader": None, **kept}.items():
        if getattr(options, name) is None:
            setattr(options, name, value)


def as_options(preset: Mapping[str, Any], target: Path) -> dict[str, Any]:
    """What a preset of the dialog says, by the names of the options; without what it does not say, or says wrongly."""
    found: dict[str, Any] = {option: preset[name] for name, option, allowed in _ONE_OF if preset.get(name) in allowed}
    size = preset.get("size")
    if isinstance(size, (int, float)) and SMALLEST <= size <= LARGEST:
        found["text_size"] = float(size)
    for name, option in _LISTS:
        listed = preset.get(name)
        if isinstance(listed, list):
            wanted = [one for one in listed if isinstance(one, str) and (name != "kinds" or one in tuple(Kind))]
            found[option] = [Kind(one) for one in wanted] if name == "kinds" else wanted
    found |= {option: preset[name] for name, option in _TEXTS if isinstance(preset.get(name), str)}
    if found.get("lang") not in INTERFACE_LANGUAGES:
        found.pop("lang", None)
    if isinstance(preset.get("reader"), str):
        found["reader"] = preset["reader"]
    found["shared"] = preset.get("shared") is True
    included = preset.get("include")
    if isinstance(included, dict):
        found["context"] = included.get("context") is True
        found["without"] = [part for part in PARTS if included.get(part.replace("-", "_")) is False]
    template = preset.get("template")
    if isinstance(template, str) and template:
        found["template"] = template
    elif preset.get("format") == ".md obsidian" and target.suffix.lower() == ".md":
        found["format"] = "obsidian"
    return found
