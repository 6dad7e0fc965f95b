"""Rules about pictures: where they are, what they say to those who do not see them, and how the SVGs are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from letstalk_desktop.language import N_
from letstalk_desktop.library.checking.material import ChapterText, Material
from letstalk_desktop.library.checking.report import Finding, Severity
from letstalk_desktop.library.model import Block, BlockKind

COLOURS = frozenset(
    ["#1f2529", "#5c6668", "#0b6165", "#d9ebea", "#f1eee8", "#fcfbf8", "#8a5a00", "#fbe7a1", "#9b3d12", "#fbd9b8"]
)  # docs/formats.md, “Figures”
WIDTH = 720
SMALLEST_TEXT = 15.0
FONT = "'Source Sans 3'"
_PICTURES = (".svg", ".png", ".jpg", ".jpeg")
_FORBIDDEN = {"script", "a", "image", "foreignObject", "iframe", "audio", "video", "handler", "animate", "set"}
_PAINT = ("fill", "stroke", "stop-color", "flood-color", "lighting-color", "color")
_NO_COLOUR = {"none", "currentcolor", "inherit", "transparent", "context-fill", "context-stroke"}
_DECLARED = re.compile(r"(?:^|[;{\s])(fill|stroke|stop-color|color|font-size|font-family)\s*:\s*([^;}]+)")
_EXTERNAL = re.compile(r"url\(\s*['\"]?(?!#)|@import")
_DRAWN = {"text", "rect", "circle", "ellipse", "path", "polygon"}


def check_figures(material: Material) -> Iterator[Finding]:
    """Every rule of this file."""
    used: set[str] = set()
    for text in material.texts:
        for block in text.compiled.blocks if text.compiled else []:
            if block.kind is BlockKind.FIGURE:
                used.add(block.image)
                yield from _in_text(material, text, block)
    if all(text.compiled for text in material.texts):
        for path in sorted((material.folder / "figures").glob("*")):
            name = f"figures/{path.name}"
            if path.suffix in _PICTURES and name not in used:
                template = N_("no chapter shows this picture;")
                yield Finding(Severity.WARNING, "unused-picture", name, 0, template, N_("show it, or take it out."))
    for name in sorted(used):
        path = material.folder / name
        if name.endswith(".svg") and path.is_file():
            yield from check_svg(path, name, material.languages)


def _in_text(material: Material, text: ChapterText, block: Block) -> Iterator[Finding]:
    fields: dict[str, object] = {"image": block.image}
    if not (material.folder / block.image).is_file():
        template = N_("the picture “{image}” does not exist;")
        remedy = N_("put it into figures/ or correct its name.")
        yield Finding(Severity.ERROR, "missing-picture", text.file, block.line, template, remedy, fields)
    elif not block.image.endswith(_PICTURES):
        template = N_("the picture “{image}” is not an SVG, PNG or JPEG file;")
        yield Finding(Severity.ERROR, "picture-format", text.file, block.line, template, N_("save it as one of these."), fields)
    if not block.description:
        template = N_("the picture “{image}” has no description;")
        remedy = N_("write one between the square brackets, for those who do not see the picture.")
        yield Finding(Severity.ERROR, "no-description", text.file, block.line, template, remedy, fields)
    if text.words_of(block) in ("", block.description):
        template = N_("the picture “{image}” has no caption;")
        remedy = N_("write one in quotation marks after the file’s name.")
        yield Finding(Severity.ERROR, "no-caption", text.file, block.line, template, remedy, fields)
    if found := re.search(r"\[@[^\]]*\]?|\[\[[^\]]*(?:\]\])?", text.source.split("\n")[block.line - 1]):
        template = N_("the mark “{mark}” is lost in a picture’s description or caption;")
        remedy = N_("write it into the text beside the picture.")
        lost: dict[str, object] = {"mark": found.group()}
        yield Finding(Severity.ERROR, "mark-in-picture", text.file, block.line, template, remedy, lost)
    own = _language_of(block.image, material.languages)
    if own and own != text.language:
        template = N_("the picture “{image}” is made for the language {language};")
        fields["language"] = own
        yield Finding(
            Severity.ERROR, "picture-language", text.file, block.line, template, N_("use this language’s own."), fields
        )


def _language_of(image: str, languages: tuple[str, ...]) -> str:
    """The language in the picture's name, as in cycle.fr.svg; empty where there is none."""
    parts = Path(image).name.split(".")
    return parts[-2] if len(parts) > 2 and parts[-2] in languages else ""


def check_svg(path: Path, name: str, languages: tuple[str, ...] = ()) -> Iterator[Finding]:
    """The rules of docs/formats.md for one SVG; ``name`` is shown in the findings."""
    reader = _Reader(name, _language_of(name, languages))
    try:
        reader.read(path.read_bytes())
    except expat.ExpatError as error:
        reader.add(Severity.ERROR, "svg-broken", N_("this is not well-formed SVG: {reason}"), "", reason=error)
    except OSError as error:
        reader.add(Severity.ERROR, "svg-broken", N_("the file cannot be read: {reason}"), "", reason=error.strerror or error)
    yield from reader.findings


class _Reader:
    """Reads one SVG as a stream, so that every finding has its line."""

    def __init__(self, name: str, language: str) -> None:
        self.name, self.language = name, language
        self.findings: list[Finding] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.path: list[str] = []
        self.filled: list[bool] = []
        self.said: dict[str, str] = {"title": "", "desc": ""}

    def add(self, severity: Severity, rule: str, template: str, remedy: str, **fields: object) -> None:
        line = self.parser.CurrentLineNumber
        finding = Finding(severity, rule, self.name, line, template, remedy, fields)
        if finding not in self.findings:
            self.findings.append(finding)

    def read(self, data: bytes) -> None:
        self.parser.Parse(data, True)
        for part, words in self.said.items():
            if not words.strip():
                template = N_("the figure has no <{part}>;")
                remedy = N_("add one in the figure’s language, directly under <svg>.")
                self.findings.append(Finding(Severity.ERROR, "svg-words", self.name, 1, template, remedy, {"part": part}))

    def doctype(self, *_: object) -> None:
        self.add(Severity.ERROR, "svg-doctype", N_("the figure has a document type;"), N_("take out <!DOCTYPE …>."))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        plain = tag.rpartition(":")[2]
        self.path.append(plain)
        paint = attributes.get("fill") or ("fill" if "fill:" in attributes.get("style", "") else "")
        self.filled.append(bool(paint) or bool(self.filled and self.filled[-1]))
        if len(self.path) == 1:
            self.root(plain, attributes)
        if plain in _FORBIDDEN:
            template = N_("<{tag}> is not allowed in a figure;")
            remedy = N_("no scripts, links, animations or embedded pictures.")
            self.add(Severity.ERROR, "svg-element", template, remedy, tag=plain)
        for key, value in attributes.items():
            self.attribute(key, value)
        if plain in _DRAWN and not self.filled[-1] and not {"defs", "clipPath", "mask"} & set(self.path):
            template = N_("<{tag}> has no “fill”, so it would stay black in dark themes;")
            remedy = N_("give it a colour of the palette, or “none”.")
            self.add(Severity.WARNING, "svg-colour", template, remedy, tag=plain)

    def root(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "svg":
            self.add(Severity.ERROR, "svg-broken", N_("this is not an SVG: it begins with <{tag}>"), "", tag=tag)
            return
        box = attributes.get("viewBox", "").replace(",", " ").split()
        if len(box) != 4 or _number(box[2]) != WIDTH:
            template = N_("the “viewBox” is not {width} units wide;")
            remedy = N_('write viewBox="0 0 {width} height", so that all figures have text of one size.')
            self.add(Severity.WARNING, "svg-width", template, remedy, width=WIDTH)
        said = attributes.get("xml:lang") or attributes.get("lang", "")
        if self.language and said.split("-")[0] != self.language:
            template = N_("the figure does not say that its language is {language};")
            remedy = N_('write xml:lang="{language}" into <svg>.')
            self.add(Severity.WARNING, "svg-language", template, remedy, language=self.language)

    def attribute(self, key: str, value: str) -> None:
        name = key.rpartition(":")[2]
        if name.startswith("on"):
            template = N_("the attribute “{name}” is a script;")
            self.add(Severity.ERROR, "svg-script", template, N_("take it out."), name=name)
        if (name == "href" and not value.startswith("#")) or _EXTERNAL.search(value):
            template = N_("“{value}” is outside of the figure;")
            remedy = N_("a figure must not need other files.")
            self.add(Severity.ERROR, "svg-external", template, remedy, value=value[:60])
        if name in _PAINT:
            self.colour(value)
        elif name in ("font-size", "font-family"):
            self.font(name, value)
        elif name == "style":
            self.declarations(value)

    def declarations(self, style: str) -> None:
        for name, value in _DECLARED.findall(style):
            if name.startswith("font"):
                self.font(name, value.strip())
            else:
                self.colour(value)

    def colour(self, value: str) -> None:
        value = value.strip().lower()
        if value not in COLOURS and value not in _NO_COLOUR and not value.startswith("url(#"):
            template = N_("the colour “{colour}” is not of the palette, so it would not follow the reader’s theme;")
            remedy = N_("use one of {colours}.")
            self.add(Severity.WARNING, "svg-colour", template, remedy, colour=value, colours=", ".join(sorted(COLOURS)))

    def font(self, name: str, value: str) -> None:
        if name == "font-family" and not value.startswith(FONT):
            template = N_("the font “{font}” is not the program’s;")
            remedy = N_("write font-family=\"'Source Sans 3'\", with both kinds of quotation marks.")
            self.add(Severity.WARNING, "svg-font", template, remedy, font=value)
        elif name == "font-size" and (_number(value.removesuffix("px")) or 0) < SMALLEST_TEXT:
            template = N_("the text size “{size}” is smaller than {smallest} units;")
            fields: dict[str, object] = {"size": value, "smallest": f"{SMALLEST_TEXT:g}"}
            self.add(Severity.WARNING, "svg-text-size", template, N_("make it larger, or say less."), **fields)

    def end(self, _tag: str) -> None:
        self.path.pop()
        self.filled.pop()

    def words(self, words: str) -> None:
        if len(self.path) == 2 and self.path[1] in self.said:
            self.said[self.path[1]] += words
        elif self.path and self.path[-1] == "style":
            self.declarations(words)
            if _EXTERNAL.search(words):
                template = N_("“{value}” is outside of the figure;")
                remedy = N_("a figure must not need other files.")
                self.add(Severity.ERROR, "svg-external", template, remedy, value=words.strip()[:60])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
