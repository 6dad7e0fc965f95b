"""Codebooks of others are read as far as they can be understood, and overwrite nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letstalk_desktop.annotations.concepts import Codebook
from letstalk_desktop.annotations.model import OwnConcept
from letstalk_desktop.importing.codebooks import (
    CodebookError,
    CodebookFile,
    Outcome,
    ReadConcept,
    plan_import,
    read_codebook,
)
from letstalk_desktop.language import translator
from letstalk_desktop.library.model import Concept

MINE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
QDC = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>
<Code guid="{2A08BDDF-4C35-4250-BF77-7DE37B50C930}" name="Pouvoir &amp; équité" isCodable="true" color="#FF0000">
<Description>Qui décide\u202f?</Description>
<Code guid="2d969af8-c875-4fae-bcd8-f0162bc27396" name="Base" isCodable="true"/>
</Code>
<Code guid="g" isCodable="true"/>
</Codes><Sets><Set guid="s" name="a set"><MemberCode guid="g"/></Set></Sets></CodeBook>"""


def read(text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
    return [(one.name, one.definition) for one in read_codebook(text.encode(encoding)).concepts]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Definition\nbase,The people\n",
        "name;description\nbase;The people\n",
        "Code\tMemo\r\nbase\tThe people\r\n",
        "sep=;\nTerme;Définition\nbase;The people",
        'Définition,Nom,"Couleur"\n"The people","base",#f00',
        "base,The people\n",
        "\n\nterm_en,definition_en\nbase,The people\n",
        "term,term_fr,definition_fr\nbase,base,The people",
        "Name,Definition\n  base , The people ,surplus\n,,\n",
    ],
)
def test_tables_of_many_makes(text: str) -> None:
    assert read(text) == [("base", "The people")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    assert read("Terme;Définition\nœuvre;« été »\n", encoding) == [("œuvre", "« été »")]


def test_a_cell_that_was_kept_from_being_a_formula_is_itself_again() -> None:
    assert read("name,definition\n'=1+1,'+2\n'tis,it's\n") == [("=1+1", "+2"), ("'tis", "it's")]


def test_a_row_without_a_name_is_rejected_with_its_number() -> None:
    file = read_codebook(b"name,definition\nbase,x\n,lost\n")
    assert [one.name for one in file.concepts] == ["base"]
    [error] = file.rejected
    assert error.text(translator("en", None)) == "Row 3 has no name."


def test_refi_qda_with_nesting_and_what_has_no_name() -> None:
    file = read_codebook(QDC.encode())
    power, base = file.concepts
    assert (power.name, power.definition) == ("Pouvoir & équité", "Qui décide\u202f?")
    assert (base.name, base.related) == ("Base", ("{2A08BDDF-4C35-4250-BF77-7DE37B50C930}",))
    assert [error.text(translator("en", None)) for error in file.rejected] == ["The code in line 7 has no name."]


@pytest.mark.parametrize("space", ["urn:QDA-XML:codebook:1:0", "urn:QDA-XML:codebook:0:4", "urn:QDA-XML:project:1.0", "any"])
def test_any_namespace_will_do(space: str) -> None:
    assert len(read_codebook(QDC.replace("urn:QDA-XML:codebook:1.0", space).encode()).concepts) == 2


def test_without_a_namespace_and_with_a_wrongly_declared_encoding() -> None:
    bare = QDC.replace('xmlns="urn:QDA-XML:codebook:1.0" ', "")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        data = bare.replace("\u202f", "\u00a0").encode(encoding)
        assert [one.name for one in read_codebook(data).concepts] == ["Pouvoir & équité", "Base"]


def test_a_project_file_holds_a_codebook_too() -> None:
    project = f'<Project xmlns="urn:QDA-XML:project:1.0">{QDC.split("?>", 1)[1]}</Project>'
    assert len(read_codebook(project.encode()).concepts) == 2


def test_a_damaged_file_gives_what_stands_before_the_damage() -> None:
    file = read_codebook(QDC.encode()[:-120])
    assert len(file.concepts) == 2
    assert "damaged from line" in file.rejected[-1].text(translator("en", None))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no concept"),
        (b"\n\n", "no concept"),
        (b"<html><body>x</body></html>", "no concept"),
        (b"<CodeBook><Codes>", "cannot be read"),
        (b"PK\x03\x04", "whole project"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><CodeBook><Code name="&b;"/></CodeBook>', "entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><CodeBook><Code name="x"/></CodeBook>', "entities"),
    ],
)
def test_what_is_no_codebook_is_said_to_be_none(data: bytes, reason: str) -> None:
    with pytest.raises(CodebookError, match=reason):
        read_codebook(data)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        file = read_codebook(data)
    except CodebookError:
        return
    plan_import(file, Codebook((), ()))


def own(*concepts: OwnConcept) -> Codebook:
    return Codebook((Concept("base", {"en": "base", "fr": "la base"}, {"en": "x"}),), concepts)


def outcomes(codebook: Codebook, *concepts: ReadConcept) -> list[Outcome]:
    return [outcome for _name, outcome in plan_import(CodebookFile(concepts), codebook, resource="r").outcomes]


def test_what_becomes_of_each_concept() -> None:
    codebook = own(OwnConcept(MINE, "Kitchen", "Where it began."), OwnConcept("e", "empty"))
    assert outcomes(codebook, ReadConcept("new", "x")) == [Outcome.NEW]
    assert outcomes(codebook, ReadConcept("LA BASE", "another definition")) == [Outcome.IDENTICAL]
    assert outcomes(codebook, ReadConcept("kitchen", "Where it began.")) == [Outcome.IDENTICAL]
    assert outcomes(codebook, ReadConcept("kitchen")) == [Outcome.IDENTICAL]
    assert outcomes(codebook, ReadConcept("kitchen", "Elsewhere.")) == [Outcome.CONFLICT]
    assert outcomes(codebook, ReadConcept("Other name", "", MINE.upper())) == [Outcome.CONFLICT]
    assert outcomes(codebook, ReadConcept("Empty", "now defined")) == [Outcome.UPDATED]
    assert outcomes(codebook, ReadConcept("twice", "x"), ReadConcept("Twice", "y")) == [Outcome.NEW, Outcome.CONFLICT]


def test_what_the_reader_wrote_is_never_overwritten() -> None:
    codebook = own(OwnConcept(MINE, "Kitchen", "Where it began."))
    plan = plan_import(CodebookFile((ReadConcept("Kitchen", "Elsewhere.", MINE, ("base",)), ReadConcept("new"))), codebook)
    changed = {one.id: one for one in plan.operation.concepts}
    assert (changed[MINE].term, changed[MINE].definition, changed[MINE].related) == ("Kitchen", "Where it began.", ("base",))
    assert len(changed) == 2


def test_relations_are_found_by_name_and_by_id_and_kept_once() -> None:
    first = ReadConcept("one", "", MINE, ("two", "LA BASE", "nobody"))
    second = ReadConcept("two", "", "", (MINE.upper(), "one"))
    plan = plan_import(CodebookFile((first, second)), own(), who="Ada")
    one, two = plan.operation.concepts
    assert one.related == (two.id, "base")
    assert two.related == ()
    assert (one.author, plan.operation.label) == ("Ada", "Import codebook")


def test_importing_twice_changes_nothing_the_second_time() -> None:
    file = read_codebook(QDC.encode())
    first = plan_import(file, own())
    again = plan_import(file, own(*first.operation.concepts))
    assert again.operation is None
    assert {outcome for _name, outcome in again.outcomes} == {Outcome.IDENTICAL}


def test_a_name_that_is_too_long_is_shortened_and_stands_whole_in_the_definition() -> None:
    [found] = read_codebook(("name,definition\n" + "long " * 60 + ",x").encode()).concepts
    assert len(found.name) <= 120
    assert found.name.endswith("…")
    assert found.definition.startswith("long long")
    assert found.definition.endswith("\n\nx")
