"""How long chapters and sections are and how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letstalk_desktop.language import N_
from letstalk_desktop.library.chapters import sections_of
from letstalk_desktop.library.checking.material import ChapterText, Material
from letstalk_desktop.library.checking.report import Finding, Measures, Severity
from letstalk_desktop.library.model import Block, BlockKind, ContainerKind
from letstalk_desktop.library.text import sentence_around, word_count

LONGEST_CHAPTER = 2200  # words of the first language; longer ones are better read in parts
SECTION = range(150, 351)
HARDEST = 11.5  # Flesch-Kincaid grade
LONGEST_SENTENCE = 45  # words
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:[’'-][A-Za-zÀ-ÿ]+)*")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûü]+")
_SILENT = re.compile(r"[^aeiouy]e$(?<![^aeiouy]le)|[^aeiouydt]ed$|[^aeiouysxzcgh]es$")
_HIATUS = re.compile(
    r"(?<![tcsxg])i(?:a(?!ge)|o|um)|[^aeiouq]eo|uou|u(?:al|at)|(?<![^aeiou]q)ue(?:nc|l$)|ying|oing|eing|iety|ower"
)


def syllables(word: str) -> int:
    """About how many syllables an English word has (at least 1): groups of vowels, without a silent e, with hiatus parted."""
    word = re.sub(r"[^a-zà-ÿ]", "", word.lower())
    count = len(_VOWELS.findall(word)) + len(_HIATUS.findall(word))
    return max(count - bool(_SILENT.search(word)), 1)


def prose(text: ChapterText) -> Iterator[tuple[Block, str]]:
    """The author's own running text: paragraphs and list items outside of quotations, with their words."""
    containers = text.compiled.containers if text.compiled else []
    for block in text.compiled.blocks if text.compiled else []:
        quoted = any(containers[index].kind is ContainerKind.QUOTE for index in block.containers)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and not quoted:
            yield block, text.words_of(block)


def sentences(words: str) -> list[str]:
    """The sentences of a paragraph."""
    found, at = [], 0
    while at < len(words):
        start, end = sentence_around(words, at, min(at + 1, len(words)))
        if words[max(start, at) : end].strip():
            found.append(words[max(start, at) : end].strip())
        at = max(end, at + 1)
    return found


def grade_of(paragraphs: list[str]) -> float | None:
    """The Flesch-Kincaid grade of English paragraphs; None for too little text."""
    words = [word for paragraph in paragraphs for word in _WORD.findall(paragraph)]
    count = sum(len(sentences(paragraph)) for paragraph in paragraphs)
    if len(words) < 100 or not count:
        return None
    return 0.39 * len(words) / count + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def measure(text: ChapterText) -> Measures | None:
    """The figures of one chapter's text; None where it does not compile."""
    if text.compiled is None:
        return None
    own = [words for _, words in prose(text)]
    lengths = [length for _, _, length in _sections(text)]
    count = sum(len(sentences(words)) for words in own)
    return Measures(
        chapter=text.chapter,
        file=text.file,
        language=text.language,
        words=word_count(text.compiled.text),
        blocks=sum(1 for block in text.compiled.blocks if block.number),
        sections=len(lengths),
        longest_section=max(lengths, default=0),
        words_per_sentence=sum(map(word_count, own)) / count if count else 0.0,
        grade=grade_of(own) if text.language == "en" else None,
    )


def _sections(text: ChapterText) -> list[tuple[int, str, int]]:
    """(line, title, words) of what stands between one heading and the next, whatever their levels."""
    if text.compiled is None:
        return []
    headings = [block for block in text.compiled.blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return []
    sections = sections_of(text.compiled.text, text.compiled.blocks)
    ends = [block.start for block in headings[1:]] + [len(text.compiled.text)]
    return [
        (heading.line, section.title, word_count(text.compiled.text[heading.end : end]))
        for heading, section, end in zip(headings, sections, ends, strict=True)
    ]


def check_measures(material: Material) -> Iterator[Finding]:
    """Chapters, sections and sentences that are long, English that is hard."""
    for text in material.texts:
        figures = measure(text)
        if figures is None:
            continue
        first = text.language == material.languages[0]  # what a section holds is decided there; other languages follow
        if first and figures.words > LONGEST_CHAPTER:
            template = N_("the chapter has {words} words;")
            remedy = N_("more than {limit} are hard to read in one sitting.")
            fields: dict[str, object] = {"words": figures.words, "limit": LONGEST_CHAPTER}
            yield Finding(Severity.NOTE, "chapter-length", text.file, 0, template, remedy, fields)
        if figures.grade is not None and figures.grade > HARDEST:
            template = N_("the English is of grade {grade} (Flesch-Kincaid), which is above {limit};")
            remedy = N_("shorten sentences, and use words that people say.")
            fields = {"grade": f"{figures.grade:.1f}", "limit": HARDEST}
            yield Finding(Severity.WARNING, "reading-grade", text.file, 0, template, remedy, fields)
        for line, title, words in _sections(text) if first else ():
            if words > SECTION[-1]:
                template = N_("the section “{title}” has {words} words;")
                remedy = N_("{least} to {most} are easy to take in: perhaps it has a second subject.")
                fields = {"title": title, "words": words, "least": SECTION[0], "most": SECTION[-1]}
                yield Finding(Severity.NOTE, "section-length", text.file, line, template, remedy, fields)
        for block, words_of in prose(text):
            for sentence in sentences(words_of):
                if (count := word_count(sentence)) > LONGEST_SENTENCE:
                    template = N_("a sentence of {count} words (“{words}…”);")
                    fields = {"count": count, "words": " ".join(sentence.split()[:6])}
                    remedy = N_("make two of it.")
                    yield Finding(Severity.NOTE, "long-sentence", text.file, block.line, template, remedy, fields)
