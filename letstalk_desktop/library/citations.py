"""References as text."""

from __future__ import annotations

from typing import Any

Run = tuple[str, str, str]  # words, style ("" | "italic" | "link"), link target


def format_reference(item: dict[str, object], *, language: str) -> list[Run]:
    """One CSL item as runs of text, author-date order."""
    names: Any = item.get("author") or item.get("editor") or []
    who = ", ".join(str(name.get("literal") or f"{name.get('family', '')}, {name.get('given', '')}") for name in names)
    issued: Any = item.get("issued") or {}
    year = str((issued.get("date-parts") or [["n.d." if language == "en" else "s.d."]])[0][0])
    runs: list[Run] = [(f"{who} ({year}). ", "", ""), (str(item.get("title", "")), "italic", ""), (". ", "", "")]
    if item.get("container-title"):
        runs.append((f"{item['container-title']}. ", "", ""))
    url = f"https://doi.org/{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
    if url:
        runs.append((url, "link", url))
    return runs
