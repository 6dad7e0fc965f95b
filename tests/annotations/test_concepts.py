"""What readers are promised of their concepts: nothing linked is lost, and every change is one operation."""

from __future__ import annotations

import pytest

from letstalk_desktop.annotations import concepts
from letstalk_desktop.annotations.concepts import Codebook, ConceptError, Link
from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Operation, OwnConcept
from letstalk_desktop.library.model import Concept

NOW = "2026-11-23T09:12:00.000Z"
BASE = Concept("base", {"en": "base", "fr": "base"}, {"en": "The people.", "fr": "Les personnes."}, ("key",), ("power",))
POWER = Concept("power", {"en": "power", "fr": "pouvoir d’agir"}, {"en": "To act."})
WORK = Concept("work", {"fr": "Œuvre"}, {})
KITCHEN = OwnConcept("k", "Kitchens", "Where it began.", ("base",))
HEATING = OwnConcept("h", "heating", "", ("k", "power"))


def book(*own: OwnConcept) -> Codebook:
    return Codebook((BASE, POWER, WORK), own)


def passage(name: str, *linked: str, deleted: str = "") -> Annotation:
    anchor = Anchor("r", "1", "en", "c", "b", 0, 4, "text")
    return Annotation(name, AnnotationType.HIGHLIGHT, anchor, concepts=linked, deleted=deleted)


def test_a_term_and_a_definition_are_in_the_readers_language_or_in_any() -> None:
    codebook = book(KITCHEN)
    power, work, kitchen = (codebook.get(one) for one in ("power", "work", "k"))
    assert (power.term("fr"), power.definition("fr")) == ("pouvoir d’agir", "To act.")
    assert (work.term("en"), work.definition("en")) == ("Œuvre", "")
    assert (kitchen.term("fr"), kitchen.definition("fr")) == ("Kitchens", "Where it began.")
    assert codebook.get("base").other_terms("en") == (("fr", "base"),)
    assert kitchen.other_terms("en") == ()


def test_concepts_stand_in_the_alphabetical_order_of_the_language() -> None:
    codebook = book(KITCHEN, OwnConcept("e", "Écoute"))
    assert [entry.id for entry in codebook.sorted("en")] == ["base", "e", "k", "work", "power"]
    assert [entry.id for entry in codebook.sorted("fr")] == ["base", "e", "k", "work", "power"]


@pytest.mark.parametrize("words", ["oeuvre", "ŒUVRE", "  Œuvre "])
def test_a_concept_is_known_by_its_name_whatever_its_spelling(words: str) -> None:
    assert book().named(words).id == "work"
    assert book().named("pouvoir d'agir").id == "power"
    assert book().named("pouvoir") is None


def test_what_is_deleted_or_clashes_with_the_resource_is_not_in_the_codebook() -> None:
    codebook = book(KITCHEN._replace(deleted=NOW), OwnConcept("base", "mine"))
    assert len(codebook) == 3
    assert codebook.get("base").own is None


def test_a_relation_holds_both_ways_and_leads_nowhere_else() -> None:
    codebook = book(KITCHEN, HEATING, OwnConcept("x", "x", "", ("x", "gone")))
    assert codebook.related("base") == ("k", "power")
    assert codebook.related("power") == ("base", "h")
    assert codebook.related("x") == ()


def test_links_join_by_relation_and_by_shared_passages() -> None:
    found = [passage("1", "base", "k", "base"), passage("2", "k", "base", "work"), passage("3", "gone", "work")]
    links = concepts.links(book(KITCHEN), found)
    assert links == (
        Link("base", "k", True, 2),
        Link("base", "power", True, 0),
        Link("base", "work", False, 1),
        Link("k", "work", False, 1),
    )
    near = [other for other, _link in concepts.neighbours("base", links)]
    assert near == ["k", "work", "power"]
    by_concept = concepts.passages_by_concept(found)
    assert {concept: [one.id for one in passages] for concept, passages in by_concept.items()} == {
        "base": ["1", "2"],
        "k": ["1", "2"],
        "work": ["2", "3"],
        "gone": ["3"],
    }


def test_a_new_concept_is_tidied_and_must_have_a_name_of_its_own() -> None:
    codebook = book(KITCHEN)
    operation = concepts.add(codebook, OwnConcept("n", " Rosa’s \n table ", " Here. ", ("base", "n", "base")), who="Ada")
    assert operation.concepts == (OwnConcept("n", "Rosa’s table", "Here.", ("base",)),)
    assert (operation.label, operation.who) == ("Add concept", "Ada")
    for term, reason in (
        ("  ", "needs a name"),
        ("POUVOIR D'AGIR", "already"),
        ("kitchens", "already"),
        ("x" * 121, "too long"),
    ):
        with pytest.raises(ConceptError, match=reason):
            concepts.add(codebook, OwnConcept("n", term))


def test_a_concept_may_be_renamed_to_another_spelling_of_itself() -> None:
    codebook = book(KITCHEN)
    assert concepts.change(codebook, KITCHEN._replace(term="kitchens")).label == "Rename concept"
    assert concepts.change(codebook, KITCHEN._replace(definition="")).label == "Change concept"
    with pytest.raises(ConceptError):
        concepts.change(codebook, KITCHEN._replace(term="Base"))


def states(operation: Operation) -> dict[str, tuple[str, ...]]:
    return {one.id: one.concepts for one in operation.annotations}


def test_merging_moves_every_link_also_of_what_is_in_the_trash() -> None:
    codebook = book(KITCHEN, HEATING)
    found = [passage("1", "k"), passage("2", "power", "k", "base"), passage("3", "k", deleted=NOW), passage("4", "power")]
    operation = concepts.merge(codebook, "k", "base", found, now=NOW)
    assert states(operation) == {"1": ("base",), "2": ("power", "base"), "3": ("base",)}
    assert operation.annotations[2].deleted == NOW
    gone, heating = operation.concepts
    assert (gone.id, gone.deleted) == ("k", NOW)
    assert heating.related == ("base", "power")


def test_merging_into_one_of_ones_own_keeps_definition_and_relations_of_both() -> None:
    codebook = book(KITCHEN, HEATING)
    gone, target = concepts.merge(codebook, "k", "h", [], now=NOW).concepts
    assert gone.deleted == NOW
    assert (target.definition, target.related) == ("Where it began.", ("power", "base"))
    gone, target = concepts.merge(codebook, "h", "k", [], now=NOW).concepts
    assert (target.id, target.definition, target.related) == ("k", "Where it began.", ("base", "power"))


def test_only_ones_own_can_be_merged_or_deleted() -> None:
    codebook = book(KITCHEN)
    for concept, into in (("base", "k"), ("k", "k"), ("k", "gone"), ("gone", "k")):
        with pytest.raises(ConceptError):
            concepts.merge(codebook, concept, into, [], now=NOW)
    with pytest.raises(ConceptError, match="belong to the resource"):
        concepts.delete(codebook, "base", [], now=NOW)


def test_deleting_keeps_the_passages_and_takes_only_the_link() -> None:
    codebook = book(KITCHEN, HEATING)
    found = [passage("1", "k", "base"), passage("2", "k", deleted=NOW), passage("3", "base")]
    operation = concepts.delete(codebook, "k", found, now=NOW)
    assert states(operation) == {"1": ("base",), "2": ()}
    gone, heating = operation.concepts
    assert (gone.id, gone.deleted, heating.related) == ("k", NOW, ("power",))
