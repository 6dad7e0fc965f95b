"""References stand as APA 7 asks, in English and in Canadian French, letter for letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from letstalk_desktop.library.bibliography import Run, format_references, listed_references
from letstalk_desktop.library.shelf import Shelf

REFERENCES = Path(__file__).parents[2] / "content" / "community-organizing" / "references.json"

ARTICLE = {
    "id": "heller",
    "type": "article-journal",
    "author": [{"family": "Heller", "given": "Jonathan C."}, {"family": "Little", "given": "Olivia M."}],
    "issued": {"date-parts": [[2023]]},
    "title": "Theory in action: power & health",
    "container-title": "Journal of Public Health",
    "volume": "29",
    "issue": "1-2",
    "page": "33-38",
    "DOI": "10.1097/x",
}
PAGE = {
    "type": "webpage",
    "author": [{"literal": "ACORN Canada"}],
    "publisher": "ACORN Canada",
    "issued": {"date-parts": [[2019, 11, 13]]},
    "title": "A $1 billion plan",
    "URL": "https://acorn.ca/x",
}
CHAPTER = {
    "type": "chapter",
    "author": [{"family": "Ganz", "given": "M."}],
    "editor": [{"family": "Nohria", "given": "N."}, {"family": "Khurana", "given": "R."}],
    "issued": {"date-parts": [[2010]]},
    "title": "Leading change",
    "container-title": "Handbook",
    "page": "527-568",
    "publisher": "Harvard",
}


def marked(runs: tuple[Run, ...]) -> str:
    return "".join(f"*{run.text}*" if run.italic else run.text for run in runs)


@pytest.mark.parametrize(
    ("item", "english", "french"),
    [
        (
            ARTICLE,
            "Heller, J. C., & Little, O. M. (2023). Theory in action: power & health. *Journal of Public Health*, *29*(1–2), "
            "33–38. https://doi.org/10.1097/x",
            "Heller, J. C. et Little, O. M. (2023). Theory in action: power & health. *Journal of Public Health*, *29*(1-2), "
            "33-38. https://doi.org/10.1097/x",
        ),
        (
            PAGE,
            "ACORN Canada. (2019, November 13). *A $1 billion plan*. https://acorn.ca/x",
            "ACORN Canada. (2019, 13 novembre). *A $1 billion plan*. https://acorn.ca/x",
        ),
        (
            CHAPTER,
            "Ganz, M. (2010). Leading change. In N. Nohria & R. Khurana (Eds.), *Handbook* (pp. 527–568). Harvard.",
            "Ganz, M. (2010). Leading change. Dans N. Nohria et R. Khurana (dir.), *Handbook* (p.\u00a0527-568). Harvard.",
        ),
        (
            {"type": "book", "title": "Why now?", "author": [{"family": "Roy", "given": "Anne-Marie"}], "edition": "2nd"},
            "Roy, A.-M. (n.d.). *Why now?* (2nd ed.).",
            "Roy, A.-M. (s.\u00a0d.). *Why now?* (2e éd.).",
        ),
        (
            {"type": "book", "title": "Alone", "edition": "1st", "issued": {"date-parts": [[1999]]}},
            "*Alone* (1st ed.). (1999).",
            "*Alone* (1re éd.). (1999).",
        ),
    ],
)
def test_a_reference_in_both_languages(item: dict[str, object], english: str, french: str) -> None:
    assert marked(format_references([item], "en")[0]) == english
    assert marked(format_references([item], "fr")[0]) == french


def test_an_address_is_a_run_of_its_own() -> None:
    assert format_references([PAGE], "en")[0][-1] == Run("https://acorn.ca/x", url="https://acorn.ca/x")


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"title": "Only a title", "issued": {"date-parts": [["x"]]}},
        {"title": "Odd names", "author": "someone", "type": 3},
        {"title": "Odd date", "issued": {"raw": "2010"}, "unknown": [1]},
    ],
)
def test_a_malformed_item_still_gives_words(item: dict[str, object]) -> None:
    words = marked(format_references([item], "en")[0])
    assert str(item.get("title", "")) in words
    assert words


def test_every_bundled_reference_names_its_title_and_year() -> None:
    items = json.loads(REFERENCES.read_text(encoding="utf-8"))
    for item, runs in zip(items, format_references(items, "en"), strict=True):
        words = "".join(run.text for run in runs)
        assert item["title"].rstrip(".?!") in words
        assert f"({item['issued']['date-parts'][0][0]}" in words if "issued" in item else "(n.d." in words
        assert ".." not in words.replace("...", "")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reference_list_gives_what_formatting_each_would(language: str, tmp_path: Path) -> None:
    """Documents take their references from the list that the reader reads, letters after years included."""
    content = Path(__file__).parents[2] / "content"
    shelf = Shelf([content], tmp_path, None)
    resource = shelf.resource("community-organizing")
    formatted = format_references(list(resource.references.values()), language)
    listed = listed_references(shelf.chapter(resource.id, "references", language))
    assert list(listed) == list(resource.references)
    assert list(listed.values()) == formatted
    assert any(run.italic for run in formatted[0])
    assert any(run.url for runs in formatted for run in runs)
