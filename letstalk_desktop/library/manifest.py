"""Reads resource.toml, concepts.toml, questions.toml and references.json into a Resource."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import N_
from letstalk_desktop.library.csl_items import sort_names, year_of
from letstalk_desktop.library.model import GLOSSARY, REFERENCES, ChapterEntry, Concept, Plan, Question, Resource

GENERATED_LABELS = {GLOSSARY: "G", REFERENCES: "R"}

# Words that the program adds to a text in the text's own language. They belong to the edition (its text of record and hash),
# so they stand here and not in the catalogue, whose wording may change under a published edition.
CONTENT_WORDS = {
    "en": {GLOSSARY: "Glossary", REFERENCES: "References", "closing": "To talk about", "see": "See also: "},
    "fr": {GLOSSARY: "Glossaire", REFERENCES: "Références", "closing": "Pour en discuter", "see": "Voir aussi\u00a0: "},
}
CITATION = re.compile(r"\[(@[^\[\]]+)\]")
_KEY = re.compile(r"@([A-Za-z0-9_:.+/-]*[A-Za-z0-9_])")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def content_words(language: str) -> dict[str, str]:
    """The generated words of a text in ``language``; English where there are none."""
    return CONTENT_WORDS.get(language, CONTENT_WORDS["en"])


def chapter_path(folder: Path, language: str, entry: ChapterEntry, files: dict[str, str]) -> Path:
    """The Markdown file of a chapter in a language."""
    return folder / language / f"{files[entry.id]}.md"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary. Raises ContentError with file and line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentError(
            N_("the file cannot be read ({reason}); a resource needs it"), file=path.name, reason=error.strerror or error
        ) from error
    except UnicodeDecodeError as error:
        raise ContentError(N_("the file is not UTF-8 text; save it as UTF-8"), file=path.name) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else 1
        raise ContentError(N_("this is not valid TOML: {reason}"), file=path.name, line=line, reason=error) from error


def _texts(value: object, languages: tuple[str, ...]) -> dict[str, str]:
    if isinstance(value, str):
        return dict.fromkeys(languages, value)
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def _lists(value: object, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if isinstance(value, list):
        return dict.fromkeys(languages, tuple(str(part) for part in value))
    if isinstance(value, dict):
        return {str(key): tuple(str(part) for part in parts) for key, parts in value.items() if isinstance(parts, list)}
    return {}


def _required(table: dict[str, Any], key: str, file: str) -> Any:
    if table.get(key) in (None, "", [], {}):
        raise ContentError(N_("“{key}” is missing; see docs/formats.md for what belongs there"), file=file, key=key)
    return table[key]


def _checked_id(value: object, file: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ContentError(N_("“{id}” is not an id: use letters, digits and hyphens"), file=file, id=value)
    return value


def _required_texts(table: dict[str, Any], key: str, languages: tuple[str, ...], file: str) -> dict[str, str]:
    """The texts of a key per language; there is at least one. Raises ContentError."""
    return _required({key: _texts(_required(table, key, file), languages)}, key, file)  # type: ignore[no-any-return]


@contextmanager
def _right_types(file: str) -> Iterator[None]:
    """Turns what goes wrong on a value of another type (a number for a list, a list for a table) into a ContentError."""
    try:
        yield
    except (TypeError, AttributeError, ValueError, LookupError) as error:
        raise ContentError(
            N_("a value has the wrong type ({reason}); see docs/formats.md for what belongs there"), file=file, reason=error
        ) from error


def read_resource(folder: Path) -> tuple[Resource, dict[str, str]]:
    """The resource in ``folder`` and its chapter files by chapter id. Raises ContentError naming file, line and remedy."""
    name = "resource.toml"
    with _right_types(name):
        return _read_resource(folder, name, read_toml(folder / name))


def _read_resource(folder: Path, name: str, head: dict[str, Any]) -> tuple[Resource, dict[str, str]]:
    resource_id = _checked_id(_required(head, "id", name), name)
    languages = tuple(str(language) for language in head.get("languages", ["en"])) or ("en",)
    for language in languages:
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)?", language):
            raise ContentError(N_("“{language}” is not a language code such as en or fr"), file=name, language=language)
    entries: list[ChapterEntry] = []
    files: dict[str, str] = {}
    for number, chapter in enumerate(_required(head, "chapters", name), 1):
        chapter_id = _checked_id(_required(chapter, "id", name), name)
        if chapter_id in files or chapter_id in GENERATED_LABELS:
            raise ContentError(N_("the chapter id “{id}” is used twice"), file=name, id=chapter_id)
        files[chapter_id] = _checked_id(chapter.get("file", f"{number:02d}-{chapter_id}"), name)
        titles = _texts(chapter.get("title"), languages) or dict.fromkeys(languages, chapter_id)
        entries.append(
            ChapterEntry(
                chapter_id,
                str(number),
                number,
                titles,
                _texts(chapter.get("lede"), languages),
                _lists(chapter.get("in_short"), languages),
            )
        )
    with _right_types("concepts.toml"):
        concepts = _concepts(folder / "concepts.toml", languages)
    cited = cited_keys(folder, languages, files) | {key for concept in concepts for key in concept.sources}
    with _right_types("references.json"):
        references = _references(folder / "references.json", cited if head.get("references") else None)
    if head.get("glossary") and concepts:
        entries.append(_generated(GLOSSARY, languages))
    if head.get("references") and references:
        entries.append(_generated(REFERENCES, languages))
    with _right_types("questions.toml"):
        questions, plans = _questions(folder / "questions.toml", languages, set(files))
    authors = [_author(author) for author in head.get("authors", [])]
    resource = Resource(
        id=resource_id,
        edition=str(head.get("edition", "1")),
        languages=languages,
        titles=_required_texts(head, "title", languages, name),
        subtitles=_texts(head.get("subtitle"), languages),
        authors=tuple(author for author, _person in authors),
        licence=str(head.get("licence", "")),
        published=str(head.get("published", "")),
        subjects=_lists(head.get("subjects"), languages),
        audience=_texts(head.get("audience"), languages),
        chapters=tuple(entries),
        concepts=concepts,
        questions=questions,
        plans=plans,
        references=references,
        people={author: person for author, person in authors if person is not None},
    )
    return resource, files


def _author(written: object) -> tuple[str, tuple[str, str] | None]:
    """An author as shown; a person is written with family and given name, so that a citation can turn them."""
    if not isinstance(written, dict):
        return str(written), None
    family, given = str(written.get("family", "")), str(written.get("given", ""))
    return f"{given} {family}".strip(), (family, given)


def _generated(chapter_id: str, languages: tuple[str, ...]) -> ChapterEntry:
    titles = {language: content_words(language)[chapter_id] for language in languages}
    return ChapterEntry(chapter_id, GENERATED_LABELS[chapter_id], None, titles)


def cited_keys(folder: Path, languages: tuple[str, ...], files: dict[str, str]) -> set[str]:
    """The reference keys that the chapters cite, in any language."""
    keys: set[str] = set()
    for language in languages:
        for file in files.values():
            try:
                text = (folder / language / f"{file}.md").read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            for found in CITATION.finditer(text):
                keys.update(_KEY.findall(found.group(1)))
    return keys


def _concepts(path: Path, languages: tuple[str, ...]) -> tuple[Concept, ...]:
    if not path.exists():
        return ()
    concepts = []
    seen: set[str] = set()
    for table in read_toml(path).get("concepts", []):
        concept_id = _checked_id(_required(table, "id", path.name), path.name)
        if concept_id in seen:
            raise ContentError(N_("the concept id “{id}” is used twice"), file=path.name, id=concept_id)
        seen.add(concept_id)
        terms = _required_texts(table, "term", languages, path.name)
        definitions = _texts(table.get("definition"), languages)
        concepts.append(
            Concept(concept_id, terms, definitions, tuple(table.get("sources", [])), tuple(table.get("related", [])))
        )
    return tuple(concepts)


def _questions(path: Path, languages: tuple[str, ...], chapters: set[str]) -> tuple[tuple[Question, ...], tuple[Plan, ...]]:
    if not path.exists():
        return (), ()
    tables = read_toml(path)
    questions = []
    seen: set[str] = set()
    for table in tables.get("questions", []):
        question_id = _checked_id(_required(table, "id", path.name), path.name)
        if question_id in seen:
            raise ContentError(N_("the question id “{id}” is used twice"), file=path.name, id=question_id)
        seen.add(question_id)
        chapter = str(table.get("chapter", ""))
        if chapter and chapter not in chapters:
            raise ContentError(
                N_("the question “{id}” names the chapter “{chapter}”, which resource.toml does not have"),
                file=path.name,
                id=question_id,
                chapter=chapter,
            )
        questions.append(
            Question(
                question_id,
                chapter,
                str(table.get("kind", "reflect")),
                int(table.get("minutes", 10)),
                _required_texts(table, "text", languages, path.name),
                _texts(table.get("guidance"), languages),
                tuple(str(block) for block in table.get("blocks", [])),
                bool(table.get("closing", False)),
            )
        )
    plans = []
    for table in tables.get("plans", []):
        steps = tuple(
            (int(step.get("minutes", 0)), str(step.get("question", "")), _texts(step.get("text"), languages))
            for step in table.get("steps", [])
        )
        for _minutes, question, _text in steps:
            if question and question not in seen:
                raise ContentError(N_("a plan names the question “{id}”, which does not exist"), file=path.name, id=question)
        plan_id = _checked_id(_required(table, "id", path.name), path.name)
        plans.append(Plan(plan_id, _required_texts(table, "title", languages, path.name), int(table.get("minutes", 0)), steps))
    return tuple(questions), tuple(plans)


def _references(path: Path, cited: set[str] | None) -> dict[str, dict[str, object]]:
    """CSL items by key, sorted as a reference list; only the cited ones where ``cited`` is given."""
    if not path.exists():
        return {}
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
        by_key = {str(item["id"]): dict(item) for item in items}
    except (OSError, ValueError, TypeError, KeyError) as error:
        line = getattr(error, "lineno", 1)
        raise ContentError(
            N_("this is not a CSL-JSON array of items with an id: {reason}"), file=path.name, line=line, reason=error
        ) from error
    keys = [key for key in by_key if cited is None or key in cited]
    return {key: by_key[key] for key in sorted(keys, key=lambda key: _sort_key(by_key[key]))}


def _sort_key(item: dict[str, Any]) -> tuple[tuple[str, ...], str, str]:
    """By names, one by one; then year, none first; then title. An article at the start of a name or title does not count."""

    def plain(words: str) -> str:
        return re.sub(r"^(the|an?) ", "", re.sub("[\"'“”‘’«»\\[(\u00a0]", "", folded(words)).strip()).replace(", ", "\0")

    return tuple(plain(name) for name in sort_names(item)), year_of(item), plain(str(item.get("title", "")))


def folded(text: str) -> str:
    """Lower case without accents, for sorting and comparing (œ as oe, æ as ae)."""
    import unicodedata

    text = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(character for character in unicodedata.normalize("NFD", text) if not unicodedata.combining(character))
