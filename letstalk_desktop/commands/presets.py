"""``export --preset``: the choices that a reader has kept under a name in the export dialog, for the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.commands.arguments import LARGEST, ORDERS, PAPERS, PARTS, SHAPES, SMALLEST
from letstalk_desktop.errors import NotFound
from letstalk_desktop.language import N_
from letstalk_desktop.paths import Paths
from letstalk_desktop.settings import load_presets

# The dialog's name for a choice, the option's, and what it may be.
_ONE_OF = (("shape", "shape", SHAPES), ("order", "by", ORDERS), ("paper", "paper", PAPERS))
_LISTS = (("kinds", "kind"), ("chapters", "chapter"), ("concepts", "concept"))


def use_preset(options: argparse.Namespace, paths: Paths, target: Path) -> None:
    """Put the choices of the preset in place of options that were left as usual; what it says wrongly is as usual.

    Raises ``NotFound`` with the presets there are.
    """
    presets = load_presets(paths.config / "presets.json")
    preset = presets.get(options.preset)
    if preset is None:
        names = ", ".join(sorted(name for name in presets if name)) or "–"
        raise NotFound(N_("There is no preset “{name}”. There are: {names}."), name=options.preset, names=names)
    for name, option, allowed in _ONE_OF:
        if getattr(options, option) == allowed[0] and preset.get(name) in allowed:
            setattr(options, option, preset[name])
    size = preset.get("size")
    if options.text_size == 10.0 and isinstance(size, (int, float)) and SMALLEST <= size <= LARGEST:
        options.text_size = float(size)
    for name, option in _LISTS:
        listed = preset.get(name)
        if not getattr(options, option) and isinstance(listed, list):
            wanted = [one for one in listed if isinstance(one, str) and (name != "kinds" or one in tuple(Kind))]
            setattr(options, option, [Kind(one) for one in wanted] if name == "kinds" else wanted)
    for name in ("since", "until"):
        setattr(options, name, getattr(options, name) or _text(preset, name) or None)
    if options.reader is None and isinstance(preset.get("reader"), str):
        options.reader = preset["reader"]
    options.lang = options.lang or _text(preset, "language")
    options.shared = options.shared or preset.get("shared") is True
    included = preset.get("include")
    if isinstance(included, dict):
        options.context = options.context or included.get("context") is True
        left_out = [part for part in PARTS if included.get(part.replace("-", "_")) is False]
        options.without = options.without or left_out
    if not options.format and not options.template:
        template, form = _text(preset, "template"), _text(preset, "format")
        if template:
            options.template = template
        elif form == ".md obsidian" and target.suffix.lower() == ".md":
            options.format = "obsidian"


def _text(preset: dict[str, Any], name: str) -> str:
    value = preset.get(name)
    return value if isinstance(value, str) else ""
