"""Expected files. Set ``LETSTALK_RENEW_GOLDEN=1`` to write them anew, then read the difference before committing it."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def check_golden(name: str, text: str) -> None:
    """Fail where ``text`` is not, character for character, the expected file."""
    path = FOLDER / name
    if os.environ.get("LETSTALK_RENEW_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_bytes().decode("utf-8")
