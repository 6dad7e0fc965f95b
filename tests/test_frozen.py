"""The frozen program leaves parts of Qt and of Python out, and none of them is ever imported."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.test_architecture import FILES, imports, within

SPEC = Path(__file__).parents[1] / "build.spec"


def test_nothing_that_is_dropped_is_imported() -> None:
    named = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(SPEC.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.List)
    }
    dropped = named["DROPPED_MODULES"]
    assert "PySide6.QtQml" in dropped
    found = {name: module for name in FILES for module in imports(name) for one in dropped if within(module, one)}
    assert found == {}
