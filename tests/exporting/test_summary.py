"""The summary holds everything the reader marked, in order, and says truthfully how much that is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from letstalk_desktop.annotations.model import Annotation, Kind, Placement
from letstalk_desktop.annotations.notes import plain_text
from letstalk_desktop.exporting.csv_table import to_csv
from letstalk_desktop.exporting.model import Choices, Group, Include, Order, Passage, Summary
from letstalk_desktop.exporting.summary import chosen_annotations, summarize
from letstalk_desktop.exporting.summary_json import direction, to_json
from tests.exporting import sample
from tests.exporting.golden import check_golden


def make(
    choices: Choices | None = None, annotations: list[Annotation] | None = None, names: dict[Kind, str] | None = None
) -> Summary:
    choices = choices or Choices("community-organizing", reader=sample.READER)
    return summarize(
        sample.resource(),
        sample.chapter,
        sample.marks() if annotations is None else annotations,
        sample.own_concepts(),
        names or {},
        choices,
        sample.translator_for(choices.language),
        sample.NOW,
    )


def quotes(group: Group) -> list[str]:
    return [passage.quote for passage in group.passages]


def every_passage(summary: Summary) -> list[Passage]:
    return [passage for group in summary.groups for passage in group.passages] + list(summary.unplaced)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_document_for_templates_is_stable(language: str) -> None:
    summary = make(Choices("community-organizing", language=language, reader=sample.READER, include=Include(context=True)))
    check_golden(f"summary.{language}.json", json.dumps(to_json(summary), ensure_ascii=False, indent=1) + "\n")


def test_passages_stand_by_place_whatever_the_language_they_were_made_in() -> None:
    power, concepts = make().groups
    assert (power.label, power.title, power.in_short) == ("2", "Power and health equity", ("Power can be built.",))
    assert [(passage.locator, passage.kind.letter) for passage in power.passages] == [
        ("2.1", "A"),
        ("2.2", "E"),
        ("2.2", "S"),
        ("2.2", "T"),
    ]
    assert [passage.locator for passage in concepts.passages] == ["3.1", "3.2", "3.3"]


def test_a_passage_of_the_other_language_keeps_its_own_quote_and_marks() -> None:
    (story,) = (passage for passage in every_passage(make()) if passage.language == "fr")
    assert (story.opening, story.quote, story.closing) == (
        "«\u00a0",
        "Il naît de centaines de conversations.",
        "\u00a0»",
    )
    assert story.author == "Léa"


def test_a_reader_who_leaves_her_name_out_is_not_named_beside_her_notes() -> None:
    summary = make(Choices("community-organizing"))
    assert summary.reader == ""
    assert {passage.author for passage in every_passage(summary)} == {""}
    assert sample.READER not in json.dumps(to_json(summary))


def test_what_has_no_place_is_shown_with_its_old_words() -> None:
    (lost,) = make().unplaced
    assert (lost.quote, plain_text(lost.note), lost.locator, lost.placement) == (
        "words that were revised away",
        "Old words.",
        "",
        "unplaced",
    )


def test_a_stored_place_whose_words_differ_is_never_given_a_locator() -> None:
    moved = sample.highlight(1, "power", "Others wait.")
    moved = moved.changed(anchor=moved.anchor._replace(start=moved.anchor.start + 1, end=moved.anchor.end + 1))
    gone = sample.highlight(2, "power", "Others wait.")
    gone = gone.changed(anchor=gone.anchor._replace(chapter="removed"))
    summary = make(annotations=[moved, gone])
    assert [passage.placement for passage in summary.unplaced] == ["unplaced", "unplaced"]
    assert not summary.groups


def test_the_to_do_list_takes_the_note_else_the_quote() -> None:
    assert [(plain_text(item.text), item.locator) for item in make().todo] == [
        ("Ask the tenants’ association <b>first</b>.", "2.1"),
        ("«\u00a0on avance ensemble\u00a0» \U0001f9e9", "3.3"),
    ]


def test_counts_tell_everything_that_is_printed() -> None:
    assert make().counts_text == "8 passages, 7 notes, 3 concepts, 2 actions, 1 answer, 1 unplaced"
    assert make(annotations=[]).counts_text == "0 passages"
    french = make(Choices("community-organizing", language="fr"), [sample.highlight(1, "power", "Others wait.")])
    assert french.counts_text == "1 passage"
    assert make(Choices("community-organizing", language="fr"), []).counts_text == "0 passage"


def test_concepts_come_with_definition_and_places() -> None:
    entries = make().concepts
    assert [(entry.term, [locator for locator, _ in entry.places], entry.own) for entry in entries] == [
        ("base building", ["2.2", "3.1"], False),
        ("éveil", ["2.2"], True),
        ("power with", ["3.1"], False),
    ]
    assert entries[2].definition.startswith("strength that comes")


def test_sources_are_those_cited_in_or_right_after_the_passages_sentence() -> None:
    summary = make()
    assert [source.key for source in summary.sources] == ["heller", "roy"]
    cited = {passage.quote: [cited.key for cited in passage.cited] for passage in every_passage(summary)}
    assert cited["It is made by hundreds of conversations,"] == ["heller"]
    assert cited["They often have it together, once they know one another and decide to act."] == ["roy"]
    assert cited["Others wait."] == []
    assert cited["Power can be built, and it can be shared."] == []


def test_answers_stand_with_their_chapter_and_their_question() -> None:
    (answer,) = make().groups[1].answers
    assert (answer.question_text, answer.when) == (
        "Whose self-interest did our last project begin with?",
        "answered 21 November",
    )
    (lost,) = make(annotations=[sample.answer(1, "Yes.", question="q-gone")]).groups[0].answers
    assert lost.question_text == "A question that is no longer in the resource"


def test_days_are_told_where_the_reader_lives() -> None:
    late = sample.answer(21, "Late.").changed(modified="2026-11-22T02:00:00.000Z")
    assert make(annotations=[late]).groups[0].answers[0].when == "answered 21 November"
    old = sample.answer(1, "Old.").changed(modified="2025-10-01T12:00:00.000Z")
    choices = Choices("community-organizing", language="fr")
    assert make(choices, [old]).groups[0].answers[0].when == "réponse du 1er\u00a0octobre\u00a02025"


def test_the_readers_own_names_for_kinds_are_printed() -> None:
    summary = make(names={Kind.ACTION: "Try this"})
    assert summary.labels["todo_origin"] == "from passages marked Try this"
    assert {passage.kind.name for passage in every_passage(summary) if passage.kind.id == "action"} == {"Try this"}


def test_context_is_the_rest_of_the_sentence() -> None:
    summary = make(Choices("community-organizing", include=Include(context=True)))
    around = {passage.exact: (passage.before, passage.after) for passage in every_passage(summary)}
    assert around["It is made by hundreds of conversations,"] == ("", " and they add up.")
    assert around["«\u00a0on avance ensemble\u00a0» \U0001f9e9"] == ("L’équipe — on the porch — says ", " often.")


@pytest.mark.parametrize(
    ("choices", "left"),
    [
        ({"kinds": (Kind.ACTION,)}, ["2.1", "3.3"]),
        ({"chapters": ("power",)}, ["2.1", "2.2", "2.2", "2.2", ""]),
        ({"concepts": ("power-with",)}, ["3.1"]),
        ({"shared_only": True}, ["3.3"]),
        ({"since": "2026-11-03", "until": "2026-11-04"}, ["3.2", "3.3"]),
        ({"ids": ("00000000-0000-4000-8000-000000000008",)}, [""]),
    ],
)
def test_choices_restrict_what_is_printed(choices: dict[str, Any], left: list[str]) -> None:
    summary = make(replace(Choices("community-organizing"), **choices))
    assert [passage.locator for passage in every_passage(summary)] == left
    assert summary.counts.passages == len(left)


@pytest.mark.parametrize("order", list(Order))
def test_every_order_prints_every_passage_note_and_answer(order: Order) -> None:
    summary = make(Choices("community-organizing", order=order))
    assert {passage.id for passage in every_passage(summary)} == {
        item.id for item in sample.marks() if item.type == "highlight" and not item.deleted
    }
    assert [plain_text(note.note) for group in summary.groups for note in group.notes] == ["A chapter to reread."]
    assert [plain_text(answer.note)[:5] for group in summary.groups for answer in group.answers] == ["Ours."]


def test_other_orders_group_as_they_say() -> None:
    kinds = make(Choices("community-organizing", order=Order.KIND)).groups
    assert [group.title for group in kinds] == [
        "Key idea", "Evidence", "Question", "Action", "Tension", "Story", "Central concepts",
    ]  # fmt: skip
    by_concept = make(Choices("community-organizing", order=Order.CONCEPT)).groups
    assert [(group.title, len(group.passages)) for group in by_concept] == [
        ("base building", 2),
        ("éveil", 1),
        ("power with", 1),
        ("Without a concept", 5),
        ("Central concepts", 0),
    ]
    question, rest, _ = make(Choices("community-organizing", order=Order.QUESTION)).groups
    assert (quotes(question), len(question.answers)) == (["Who is missing from the room, and who decided that?"], 1)
    assert (rest.title, len(rest.passages)) == ("Beyond the questions", 6)


def test_what_is_left_out_by_choice_is_left_out_everywhere() -> None:
    bare = Include(False, False, False, False, False, False, False)
    summary = make(Choices("community-organizing", include=bare))
    assert (summary.todo, summary.notes, summary.concepts, summary.sources) == ((), (), (), ())
    assert all(not passage.note and not passage.concepts for passage in every_passage(summary))
    assert all(not group.in_short and not group.answers and not group.notes for group in summary.groups)
    assert summary.counts_text == "8 passages, 2 actions, 1 unplaced"


def test_the_deleted_and_other_resources_stay_out() -> None:
    item = sample.highlight(1, "power", "Others wait.", placement=Placement.PLACED)
    other = item.changed(anchor=item.anchor._replace(resource="other"))
    assert make(annotations=[other, item.changed(deleted="2026-11-12T00:00:00.000Z")]).counts.passages == 0


@pytest.mark.parametrize(("text", "towards"), [("abc", ""), ("123 שלום", "rtl"), ("مرحبا a", "rtl"), ("", ""), ("1 2", "")])
def test_the_direction_of_a_text_is_that_of_its_first_letter(text: str, towards: str) -> None:
    assert direction(text) == towards


def test_data_that_travels_with_a_document_says_no_more_than_the_document() -> None:
    bare = Include(notes=False, answers=False, concepts=False)
    left = chosen_annotations(sample.marks(), Choices("community-organizing", include=bare), sample.NOW)
    assert {item.type for item in left} == {"highlight"}
    assert all(not item.note and not item.concepts and not item.author for item in left)
    shared = chosen_annotations(sample.marks(), Choices("community-organizing", shared_only=True, reader="R"), sample.NOW)
    assert [item.visibility for item in shared] == ["shared"]
    everything = chosen_annotations(sample.marks(), Choices("community-organizing", reader="R"), sample.NOW)
    assert everything == [item for item in sample.marks() if not item.deleted]


def test_marks_in_a_passage_are_turned_only_where_ours_stand_around_them() -> None:
    exact = "«\u00a0on avance ensemble\u00a0» \U0001f9e9"
    summary = make(Choices("community-organizing"))
    [passage] = [one for one in every_passage(summary) if one.exact == exact]
    assert (passage.opening, passage.quote, passage.closing) == ("“", "‘on avance ensemble’ \U0001f9e9", "”")
    assert exact in to_csv(summary).decode("utf-8-sig")
    assert {one.quote for one in every_passage(summary) if not set(one.exact) & set("«“")} == {
        one.exact for one in every_passage(summary) if not set(one.exact) & set("«“")
    }
