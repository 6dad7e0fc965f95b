"""A small resource in two languages and the marks of a reader, awkward on purpose."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType, Kind, OwnConcept, Placement, Visibility
from letstalk_desktop.errors import NotFound
from letstalk_desktop.language import N_, Translator, translator
from letstalk_desktop.library.model import (
    Block,
    BlockKind,
    Chapter,
    ChapterEntry,
    Concept,
    Question,
    Resource,
    Span,
    SpanKind,
)

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "resources" / "fonts"
TEMPLATES = ROOT / "resources" / "typst"
NOW = datetime(2026, 11, 23, 19, 30, tzinfo=timezone(timedelta(hours=-5)))
READER = "S. Reader"

_PARAGRAPHS = {
    ("power", "en"): (
        "Power can be built, and it can be shared.",
        "Some say power only runs over people. It is made by hundreds of conversations, and they add up. Others wait.",
    ),
    ("power", "fr"): (
        "Le pouvoir se bâtit, et il se partage.",
        "Certains disent que le pouvoir s’exerce sur les gens. Il naît de centaines de conversations. D’autres attendent.",
    ),
    ("concepts", "en"): (
        "They often have it together, once they know one another and decide to act. Then comes the work.",
        "Who is missing from the room, and who decided that?",
        "L’équipe — on the porch — says «\u00a0on avance ensemble\u00a0» \U0001f9e9 often. Œuvre cafe\u0301\u202f!",
    ),
    ("concepts", "fr"): (
        "Ils l’ont souvent ensemble, une fois qu’ils se connaissent et décident d’agir. Puis vient le travail.",
        "Qui manque dans la salle, et qui l’a décidé\u00a0?",
        "L’équipe — sur le balcon — dit «\u00a0on avance ensemble\u00a0» \U0001f9e9 souvent. Œuvre cafe\u0301\u202f!",
    ),
}
_CITED = {
    "It is made by hundreds of conversations, and they add up.": ("heller", "p. 2"),
    "Il naît de centaines de conversations.": ("heller", "p. 2"),
    "once they know one another": ("roy", ""),
    "une fois qu’ils se connaissent": ("roy", ""),
}


def resource() -> Resource:
    """Two numbered chapters, three concepts, two questions, two references."""
    return Resource(
        id="community-organizing",
        edition="1.0",
        languages=("en", "fr"),
        titles={"en": "Let’s Talk: Community organizing", "fr": "Parlons-en\u00a0: Organisation communautaire"},
        subtitles={},
        authors=("Let’s Talk Desktop contributors",),
        licence="CC BY 4.0",
        published="2026",
        subjects={},
        audience={},
        chapters=(
            ChapterEntry(
                "power",
                "2",
                2,
                {"en": "Power and health equity", "fr": "Pouvoir et équité en santé"},
                in_short={"en": ("Power can be built.",), "fr": ("Le pouvoir se bâtit.",)},
            ),
            ChapterEntry(
                "concepts",
                "3",
                3,
                {"en": "Central concepts", "fr": "Concepts centraux"},
                in_short={
                    "en": ("A base is made of relationships.", "Leadership is a role that grows."),
                    "fr": ("Une base est faite de relations.", "Le leadership est un rôle qui grandit."),
                },
            ),
        ),
        concepts=(
            Concept(
                "power-with",
                {"en": "power with", "fr": "pouvoir avec"},
                {
                    "en": "strength that comes from acting together rather than over others.",
                    "fr": "force qui vient d’agir ensemble plutôt que sur les autres.",
                },
            ),
            Concept(
                "base-building",
                {"en": "base building", "fr": "édification d’une base"},
                {
                    "en": "bringing people into lasting relationships from which they can act together.",
                    "fr": "réunir des personnes en des relations durables à partir desquelles elles peuvent agir.",
                },
            ),
        ),
        questions=(
            Question(
                "q-self-interest",
                "concepts",
                "reflect",
                10,
                {
                    "en": "Whose self-interest did our last project begin with?",
                    "fr": "De quel intérêt notre dernier projet est-il parti\u00a0?",
                },
                blocks=("b2",),
            ),
        ),
        plans=(),
        references={
            "heller": {
                "id": "heller",
                "type": "article-journal",
                "author": [{"family": "Heller", "given": "J. C."}, {"family": "Little", "given": "O. M."}],
                "issued": {"date-parts": [[2023]]},
                "title": "Theory in action: Public health and community power building for health equity",
                "container-title": "Journal of Public Health Management and Practice",
                "volume": "29",
                "issue": "1",
                "page": "33-38",
            },
            "roy": {
                "id": "roy",
                "type": "webpage",
                "author": [{"literal": "Centre Roy & Roy"}],
                "title": "A $1 plan",
                "URL": "https://roy.ca/plan_a",
            },
        },
    )


def chapter(chapter_id: str, language: str) -> Chapter:
    """One of the two chapters; ``NotFound`` for any other."""
    if (chapter_id, language) not in _PARAGRAPHS:
        raise NotFound(N_("There is no chapter “{chapter}”."), chapter=chapter_id)
    entry = resource().entry(chapter_id)
    assert entry is not None
    text, blocks = "A heading", [Block("h", BlockKind.HEADING, 0, 0, 9, level=2)]
    for number, paragraph in enumerate(_PARAGRAPHS[chapter_id, language], 1):
        start = len(text) + 2
        text += "\n\n" + paragraph
        blocks.append(Block(f"b{number}", BlockKind.PARAGRAPH, number, start, len(text)))
    ends = {text.index(words) + len(words): where for words, where in _CITED.items() if words in text}
    spans = tuple(Span(end, end, SpanKind.CITATION, *where) for end, where in sorted(ends.items()))
    titles, in_short = entry.titles[language], entry.in_short[language]
    return Chapter(
        "community-organizing",
        "1.0",
        language,
        chapter_id,
        entry.label,
        entry.number,
        titles,
        "",
        in_short,
        text,
        tuple(blocks),
        (),
        spans,
        (),
        (),
        "hash",
    )


def highlight(
    number: int,
    chapter_id: str,
    quote: str,
    kind: Kind = Kind.KEY,
    note: str = "",
    *,
    concepts: tuple[str, ...] = (),
    language: str = "en",
    placement: Placement = Placement.PLACED,
    visibility: Visibility = Visibility.PRIVATE,
    author: str = READER,
) -> Annotation:
    """A highlight on a quote of the sample."""
    text = chapter(chapter_id, language).text
    start = text.index(quote) if quote in text else 0
    anchor = Anchor("community-organizing", "1.0", language, chapter_id, "b", start, start + len(quote), quote)
    return Annotation(
        f"00000000-0000-4000-8000-{number:012d}",
        AnnotationType.HIGHLIGHT,
        anchor,
        kind,
        note,
        concepts,
        author,
        visibility,
        f"2026-11-{number:02d}T15:00:00.000Z",
        f"2026-11-{number:02d}T15:30:00.000Z",
        placement=placement,
    )


def remark(number: int, chapter_id: str, note: str) -> Annotation:
    """A note on a chapter, or on the resource."""
    return Annotation(
        f"00000000-0000-4000-8000-{number:012d}",
        AnnotationType.NOTE,
        Anchor("community-organizing", "1.0", "en", chapter_id),
        note=note,
        concepts=("power-with",) if chapter_id else (),
        author=READER,
        created=f"2026-11-{number:02d}T15:00:00.000Z",
        modified=f"2026-11-{number:02d}T15:00:00.000Z",
    )


def answer(number: int, note: str, question: str = "q-self-interest") -> Annotation:
    """An answer to a discussion question."""
    return remark(number, "concepts", note).changed(type=AnnotationType.ANSWER, question=question, concepts=())


def marks() -> list[Annotation]:
    """Everything a reader can leave in a resource."""
    return [
        highlight(
            3, "concepts", "Who is missing from the room, and who decided that?", Kind.QUESTION, "Bring to the advisory table."
        ),
        highlight(
            1,
            "concepts",
            "They often have it together, once they know one another and decide to act.",
            Kind.KEY,
            'Use this to *open* the session:\n\n1. ask **who** they would call\n2. `#import "x"` a_b$ #let',
            concepts=("power-with", "base-building"),
        ),
        highlight(
            2,
            "power",
            "It is made by hundreds of conversations,",
            Kind.EVIDENCE,
            "Our survey reached 80.",
            concepts=("base-building", "own-1"),
        ),
        highlight(4, "concepts", "«\u00a0on avance ensemble\u00a0» \U0001f9e9", Kind.ACTION, visibility=Visibility.SHARED),
        highlight(
            5, "power", "Power can be built, and it can be shared.", Kind.ACTION, "Ask the tenants’ association <b>first</b>."
        ),
        highlight(6, "power", "Il naît de centaines de conversations.", Kind.STORY, language="fr", author="Léa"),
        highlight(7, "power", "Others wait.", Kind.TENSION, placement=Placement.DOUBTFUL),
        highlight(8, "power", "words that were revised away", Kind.EVIDENCE, "Old words.", placement=Placement.UNPLACED),
        remark(9, "concepts", "A chapter to *reread*."),
        remark(10, "", "The whole resource in one hour."),
        answer(21, "Ours. The health unit needed a plan by March."),
        highlight(11, "power", "Others wait.").changed(deleted="2026-11-12T00:00:00.000Z"),
    ]


def own_concepts() -> list[OwnConcept]:
    """One concept of the reader's own."""
    return [OwnConcept("own-1", "éveil", "what wakes us")]


def translator_for(language: str) -> Translator:
    """The translator of the language a document is written in."""
    return translator(language, ROOT / "resources" / "locale")
