"""The codebook that goes out can be opened by a spreadsheet and by an analysis program, and read back."""

from __future__ import annotations

import csv
import io
import uuid
from xml.etree import ElementTree

from letstalk_desktop.annotations.concepts import Codebook
from letstalk_desktop.annotations.model import OwnConcept
from letstalk_desktop.exporting.codebook import NAMESPACE, codebook_csv, codebook_qdc
from letstalk_desktop.importing.codebooks import Outcome, plan_import, read_codebook
from letstalk_desktop.library.model import Concept

OWN = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
BOOK = Codebook(
    (
        Concept(
            "base", {"en": "base", "fr": "base"}, {"en": "The “people”, <all> & more.", "fr": "Les gens\u202f; d’ici."}, ("k",)
        ),
        Concept("power", {"en": "power", "fr": "pouvoir"}, {}, (), ("base",)),
    ),
    (
        OwnConcept(OWN, '=HYPERLINK("x")', "+1\nsecond; line", ("base",)),
        OwnConcept("not-a-uuid", "Œuvre \U0001f600", "caf\x00é"),
    ),
)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_table_has_a_row_for_each_concept_in_both_languages() -> None:
    data = codebook_csv(BOOK, ("en", "fr"), "fr", {"base": 3})
    assert data.startswith(b"\xef\xbb\xbfterm,definition,related,own,passages,")
    found = {row["id"]: row for row in rows(data)}
    assert found["base"]["term"] == "base"
    assert found["base"]["definition"] == found["base"]["definition_fr"] == "Les gens\u202f; d’ici."
    assert found["base"]["definition_en"] == "The “people”, <all> & more."
    assert found["base"]["related"] == '\'=HYPERLINK("x"); pouvoir'
    assert (found["base"]["passages"], found["power"]["passages"], found["base"]["own"]) == ("3", "0", "no")
    assert (found["power"]["term_en"], found["power"]["term_fr"], found[OWN]["term_en"]) == ("power", "pouvoir", "")


def test_no_cell_is_a_formula() -> None:
    for row in csv.reader(io.StringIO(codebook_csv(BOOK, ("en",), "en", {}).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_table_comes_back_as_it_went() -> None:
    file = read_codebook(codebook_csv(BOOK, ("en", "fr"), "en", {}))
    assert not file.rejected
    plan = plan_import(file, BOOK, resource="r")
    assert {outcome for _name, outcome in plan.outcomes} <= {Outcome.IDENTICAL, Outcome.CONFLICT}
    assert [name for name, outcome in plan.outcomes if outcome is Outcome.CONFLICT] == ["Œuvre \U0001f600"]  # held a U+0000
    elsewhere = plan_import(file, Codebook((), ()))
    made = {one.term: one for one in elsewhere.operation.concepts}
    assert made['=HYPERLINK("x")'].id == OWN
    assert made['=HYPERLINK("x")'].definition == "+1\nsecond; line"
    assert {made["base"].id, made["power"].id} <= {
        *made["power"].related,
        *made["base"].related,
        made["base"].id,
        made["power"].id,
    }


def test_refi_qda_is_well_formed_with_steady_guids() -> None:
    data = codebook_qdc(BOOK, "r", "fr", "Let's Talk")
    assert data == codebook_qdc(BOOK, "r", "fr", "Let's Talk")
    root = ElementTree.fromstring(data)
    space = f"{{{NAMESPACE}}}"
    assert root.tag == f"{space}CodeBook"
    codes = root.findall(f"{space}Codes/{space}Code")
    assert [code.get("name") for code in codes] == ['=HYPERLINK("x")', "base", "Œuvre \U0001f600", "pouvoir"]
    guids = [code.get("guid") for code in codes]
    assert guids[0] == OWN.upper()
    assert len({uuid.UUID(guid) for guid in guids}) == 4
    assert all(guid == guid.upper() for guid in guids)
    assert all(code.get("isCodable") == "true" for code in codes)
    assert codes[1].findtext(f"{space}Description") == "Les gens\u202f; d’ici."
    assert codes[2].findtext(f"{space}Description") == "caf[U+0000]é"
    assert codes[3].find(f"{space}Description") is None


def test_refi_qda_comes_back_to_the_same_concepts() -> None:
    file = read_codebook(codebook_qdc(BOOK, "r", "fr", "x"))
    plan = plan_import(file, BOOK, resource="r")
    assert plan.count(Outcome.NEW) == 0
    assert plan.operation is None
