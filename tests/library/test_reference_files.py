"""References leave the program in forms that reference managers read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from letstalk_desktop.library.reference_files import bibtex, csl_json, ris

ITEMS: dict[str, dict[str, Any]] = {
    item["id"]: item for item in json.loads((Path(__file__).parent / "golden" / "citations.json").read_text("utf-8"))
}


def test_csl_json_gives_the_items_back() -> None:
    assert json.loads(csl_json(ITEMS)) == list(ITEMS.values())


def test_ris_of_a_chapter() -> None:
    assert ris({"chapter": ITEMS["chapter"]}).split("\r\n") == [
        "TY  - CHAP",
        "ID  - chapter",
        "AU  - Ganz, Marshall",
        "ED  - Odugbemi, Sina",
        "ED  - Lee, Taeku",
        "TI  - Public narrative, collective action, and power",
        "PY  - 2011",
        "DA  - 2011",
        "T2  - Accountability through public opinion",
        "PB  - The World Bank",
        "CY  - Washington, DC",
        "DO  - 10.1596/9780821385050_ch18",
        "SP  - 273",
        "EP  - 289",
        "ER  - ",
        "",
        "",
    ]


def test_ris_has_one_record_an_item_and_one_field_a_line() -> None:
    lines = ris(ITEMS).split("\r\n")
    assert [line[6:] for line in lines if line.startswith("ID")] == list(ITEMS)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert sum(line == "ER  - " for line in lines) == len(ITEMS)


def test_bibtex_of_an_article() -> None:
    assert bibtex({"heller 2023": ITEMS["article-journal"]}) == "\n".join(
        [
            "@article{heller-2023,",
            "  author = {Heller, Jonathan C. and O’Mara-Eves, Alison and Poo, Ai-jen},",
            "  title = {{Theory in action: Public health and community power}},",
            r"  journal = {Health Education \& Behavior},",
            "  year = {2023},",
            "  pages = {33--38},",
            "  volume = {29},",
            "  number = {1-2},",
            "  doi = {10.1097/PHH.0000000000001681},",
            "}",
            "",
        ]
    )


def test_bibtex_takes_hostile_words_as_words() -> None:
    entry = bibtex({"x": ITEMS["hostile"]})
    assert r"<b>Bold</b> \& \$x\_1\$ \textbackslash{}textbf\{no\}" in entry
    assert entry.count("{") == entry.count("}")
    assert "  author = {{<i>A \\& B</i>}}," in entry


def test_nothing_cited_gives_empty_files() -> None:
    assert (json.loads(csl_json({})), ris({}), bibtex({})) == ([], "", "")
