"""Every text can be read in every theme (WCAG 2.x contrast), and every kind differs by more than its colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letstalk_desktop.annotations.kinds import KIND_STYLES
from letstalk_desktop.ui.theme import FIGURE_COLOURS, THEMES, Theme, style_sheet


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_texts_and_lines_can_be_seen(theme: Theme) -> None:
    enough = 7.0 if theme.name == "contrast" else 4.5
    grounds = {"page": theme.page, "panel": theme.panel, "card": theme.card}
    for ground in grounds.values():
        for text in (theme.text, theme.muted, theme.accent, theme.link, theme.visited, theme.warning):
            assert contrast(text, ground) >= enough, (text, ground)
        assert contrast(theme.focus, ground) >= 3
    assert contrast(theme.on_accent, theme.accent) >= enough
    for behind in (theme.selection, theme.find, theme.find_current, theme.accent_soft):
        assert contrast(theme.text, behind) >= enough, behind
    for words in (theme.muted, theme.accent, theme.link):  # a row that is chosen, a place just gone to
        assert contrast(words, theme.accent_soft) >= 4.5, words
    for around in (*grounds.values(), theme.accent_soft):
        assert contrast(theme.focus, around) >= 3, around
        assert contrast(theme.accent, around) >= 3, around  # progress, edges of boxes, marks of bookmarks


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_highlights_can_be_read_and_told_from_the_page(theme: Theme) -> None:
    enough = 7.0 if theme.name == "contrast" else 4.5
    for fill, line in theme.kinds.values():
        for words in (theme.text, theme.link, theme.visited):
            assert contrast(words, fill) >= (enough if words == theme.text else 4.5), (words, fill)
        for ground in (theme.page, theme.panel):  # the line under the words, which a fill alone would not be
            assert contrast(line, ground) >= 3, line
        assert contrast(line, theme.card) >= enough, line  # the kind's name on a card
        assert contrast(line, theme.panel) >= 4.5, line  # and in the list of notes
        assert contrast(line, theme.accent_soft) >= 4.5, line  # in a row that is chosen
        assert contrast(line, fill) >= 3, (line, fill)
    for behind in (theme.selection, theme.find, theme.find_current):
        assert contrast(theme.link, behind) >= 3, behind


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_style_sheet_has_no_colour_of_its_own(theme: Theme) -> None:
    sheet = style_sheet(theme, Path("icons"))
    colours = set(re.findall(r"#[0-9a-fA-F]{6}\b", sheet))
    known = {value for value in theme if isinstance(value, str)}
    assert colours <= known
    assert f"placeholder-text-color: {theme.muted}" in sheet, "else Qt pales the text colour for it"


def test_kinds_differ_in_letter_and_line() -> None:
    assert len({style.letter for style in KIND_STYLES.values()}) == len(KIND_STYLES)
    assert len({style.line for style in KIND_STYLES.values()}) == len(KIND_STYLES)


def test_figures_take_the_theme_s_colours() -> None:
    from letstalk_desktop.ui.theme import figure_svg

    svg = "".join(f'<path fill="{colour}"/>' for colour in FIGURE_COLOURS)
    dark = figure_svg(svg, THEMES["dark"])
    assert not [colour for colour in FIGURE_COLOURS if colour in dark]
    assert figure_svg(svg, THEMES["light"]) == svg
