"""Every sentence of the program has its French, with the same named fields, and the compiled catalogue holds it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message

from letstalk_desktop.language import INTERFACE_LANGUAGES, translator
from letstalk_desktop.ui.actions import ACTIONS, MENUS
from tools import catalogue

PACKAGE = Path(__file__).parents[1] / "letstalk_desktop"
# A colon, a question mark and their like stand after a no-break space in French.
BREAKING = re.compile(r"(?: [:?!;»]| %(?![\w(]))|(?:« )|\S;(?= )|[^\s\u00a0\u202f«(<&/\\][?!»]|[^\W_]:(?=\s|$)")


def forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def fields(text: str) -> set[str]:
    """The named fields of a message, in either style: {name}, and argparse's %(name)s."""
    named = {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%(?:\(\w+\))?[a-z]", text))


def test_the_catalogue_holds_exactly_what_the_code_says() -> None:
    assert catalogue.out_of_step("fr") == []


def problem(message: Message) -> str:
    """What is wrong with the French of a message; nothing where it is right."""
    if message.fuzzy or len(forms(message.string)) != (2 if message.pluralizable else 1):
        return "not one text for each form"
    wanted = fields(forms(message.id)[-1])
    for text in forms(message.string):
        if not text.strip():
            return "no translation"
        if fields(text) != wanted and not (message.pluralizable and fields(text) < wanted):
            return f"the fields are {fields(text)}"
        if found := BREAKING.search(text):
            return f"no no-break space at “{found.group()}”"
        if re.search(r"\w'\w", text):
            return "the apostrophe of print is ’"
    return ""


def test_every_message_has_its_french() -> None:
    found = {forms(message.id)[0]: problem(message) for message in catalogue.read("fr") if message.id}
    assert len(found) > 200
    assert {text: reason for text, reason in found.items() if reason} == {}


def test_the_compiled_catalogue_answers_in_french_without_qt() -> None:
    french = translator("fr", catalogue.LOCALE)
    assert french.language == "fr"
    assert french.gettext("Key idea") == "Idée clé"


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_no_two_entries_of_a_menu_share_their_letter(language: str) -> None:
    words = translator(language, catalogue.LOCALE)
    assert words.language == language
    menus = {"": [text for _menu, text in MENUS]}
    for spec in ACTIONS:
        menus.setdefault(spec.menu, []).append(spec.text)
    for menu, texts in menus.items():
        letters = Counter(re.findall(r"&(\w)", " ".join(words.gettext(text) for text in texts).lower()))
        assert letters
        assert {letter for letter, count in letters.items() if count > 1} == set(), menu


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_messages_are_literals_with_named_fields(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in catalogue.KEYWORDS:
            continue
        for argument in node.args:
            assert not isinstance(argument, ast.JoinedStr | ast.BinOp), f"line {node.lineno}: not a literal"
            assert not (isinstance(argument, ast.Call) and getattr(argument.func, "attr", "") == "format"), (
                f"line {node.lineno}: format after translating"
            )
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                assert all(field.isidentifier() for field in fields(argument.value) if field[0] != "%"), (
                    f"line {node.lineno}: a field has no name"
                )


def test_a_shorter_name_for_a_translating_function_is_known_to_the_extractor() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
                if isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple):
                    pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
                for target, value in pairs:
                    if isinstance(value, ast.Attribute) and value.attr in ("gettext", "ngettext", "pgettext"):
                        assert isinstance(target, ast.Name)
                        assert target.id in catalogue.KEYWORDS, f"{path.name}:{node.lineno}"
