"""Palettes and reading styles as data, and the one style sheet made from them.

Every text colour has at least 4.5:1 on its background (7:1 in the high-contrast theme), every line that means something 3:1;
tests/ui/test_theme.py computes it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from PySide6 import QtCore
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QGuiApplication, QPalette, QPen

from letstalk_desktop.annotations.kinds import Kind
from letstalk_desktop.settings import Settings


class Theme(NamedTuple):
    """The colours of one theme, as #rrggbb. ``kinds``: (fill under text, line and label)."""

    name: str
    dark: bool
    page: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    panel: str
    card: str
    border: str
    link: str
    visited: str
    selection: str
    find: str
    find_current: str
    focus: str
    warning: str
    kinds: dict[Kind, tuple[str, str]]


_LIGHT_KINDS = {
    Kind.KEY: ("#fde9a3", "#7a5a00"),
    Kind.EVIDENCE: ("#cbe8c8", "#22672c"),
    Kind.QUESTION: ("#cfe0fb", "#1f4f9c"),
    Kind.ACTION: ("#fbd7b3", "#8c4306"),
    Kind.TENSION: ("#f8cfdc", "#97204f"),
    Kind.STORY: ("#e2d3f7", "#5f3398"),
}
_DARK_KINDS = {
    Kind.KEY: ("#564407", "#f0cf63"),
    Kind.EVIDENCE: ("#24482a", "#86cf8c"),
    Kind.QUESTION: ("#25426e", "#93bcff"),
    Kind.ACTION: ("#5c3515", "#f5ab6b"),
    Kind.TENSION: ("#5c2440", "#f59bbd"),
    Kind.STORY: ("#45306a", "#c9a9f5"),
}
_CONTRAST_KINDS = {
    Kind.KEY: ("#ffe680", "#4d3800"),
    Kind.EVIDENCE: ("#b8f0b5", "#0b4d15"),
    Kind.QUESTION: ("#bcd8ff", "#0a3577"),
    Kind.ACTION: ("#ffc999", "#662d00"),
    Kind.TENSION: ("#ffbdd3", "#700f37"),
    Kind.STORY: ("#dcc6ff", "#421878"),
}

THEMES = {
    "light": Theme(
        name="light",
        dark=False,
        page="#fcfbf8",
        text="#1f2529",
        muted="#5c6668",
        accent="#0b6165",
        on_accent="#ffffff",
        accent_soft="#d9ebea",
        panel="#f1eee8",
        card="#ffffff",
        border="#dedad2",
        link="#0b6165",
        visited="#5f4b8b",
        selection="#b5d4f5",
        find="#f5dd6e",
        find_current="#ffb347",
        focus="#0b6165",
        warning="#9b2c0e",
        kinds=_LIGHT_KINDS,
    ),
    "sepia": Theme(
        name="sepia",
        dark=False,
        page="#f5ecd9",
        text="#3b2e1e",
        muted="#6b5a44",
        accent="#7a4413",
        on_accent="#ffffff",
        accent_soft="#ead9bb",
        panel="#ebdfc7",
        card="#fbf5e8",
        border="#d6c6a6",
        link="#7a4413",
        visited="#6a3d6e",
        selection="#c8d6e0",
        find="#f0d060",
        find_current="#f5a94a",
        focus="#7a4413",
        warning="#92260b",
        kinds=_LIGHT_KINDS,
    ),
    "dark": Theme(
        name="dark",
        dark=True,
        page="#1b1f21",
        text="#e4e6e5",
        muted="#a3adae",
        accent="#6cc5c4",
        on_accent="#0d2425",
        accent_soft="#264344",
        panel="#23282a",
        card="#262c2e",
        border="#3a4144",
        link="#6cc5c4",
        visited="#c4b0f0",
        selection="#305a8c",
        find="#6b5a12",
        find_current="#8a4d12",
        focus="#6cc5c4",
        warning="#ff9d80",
        kinds=_DARK_KINDS,
    ),
    "contrast": Theme(
        name="contrast",
        dark=False,
        page="#ffffff",
        text="#000000",
        muted="#333333",
        accent="#003e80",
        on_accent="#ffffff",
        accent_soft="#d6e6ff",
        panel="#ffffff",
        card="#ffffff",
        border="#000000",
        link="#003e80",
        visited="#4b0082",
        selection="#a8d0ff",
        find="#ffe14d",
        find_current="#ffa64d",
        focus="#003e80",
        warning="#8b0000",
        kinds=_CONTRAST_KINDS,
    ),
}

# The colours that figures are drawn in (docs/formats.md), and the theme's colour for each.
FIGURE_COLOURS = {
    "#1f2529": "text",
    "#5c6668": "muted",
    "#0b6165": "accent",
    "#d9ebea": "accent_soft",
    "#f1eee8": "panel",
    "#fcfbf8": "page",
}
_FIGURE_DARK = {"#8a5a00": "#f0cf63", "#fbe7a1": "#564407", "#9b3d12": "#f5ab6b", "#fbd9b8": "#5c3515"}

FAMILIES = {
    "serif": "Source Serif 4",
    "sans": "Source Sans 3",
    "legible": "Atkinson Hyperlegible Next",
    "dyslexic": "OpenDyslexic",
}
INTERFACE_FAMILY = "Source Sans 3"
BASE_PIXELS = 18.0  # of the running text at 100 %
INTERFACE_PIXELS = 15.0


def scaled(pixels: float) -> int:
    """A length of the interface, at the size that the reader has chosen for it; ``pixels`` is its length at 100 %."""
    chosen = QGuiApplication.font().pixelSize()
    return round(pixels * chosen / INTERFACE_PIXELS) if chosen > 0 else round(pixels)


def interface_font(settings: Settings) -> QFont:
    """The font of menus, panels and notes at the size that the settings ask for."""
    font = QFont(INTERFACE_FAMILY)
    font.setPixelSize(round(INTERFACE_PIXELS * settings.interface_size / 100))
    return font


def focus_pen(theme: Theme) -> QPen:
    """What a painted widget draws around what has the keyboard."""
    return QPen(QColor(theme.focus), 2)


def theme_for(settings: Settings) -> Theme:
    """The theme that the settings ask for; the system's light or dark where they follow it."""
    if settings.theme in THEMES:
        return THEMES[settings.theme]
    hints = QGuiApplication.styleHints()
    return THEMES["dark" if hints.colorScheme() == QtCore.Qt.ColorScheme.Dark else "light"]


def theme_at_start(settings: Settings) -> Theme:
    """As ``theme_for``, before the first paint: a desktop is dark where the palette that Qt found is (see page.py)."""
    if settings.theme in THEMES:
        return THEMES[settings.theme]
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return THEMES["dark" if window.lightness() < 128 else "light"]


def figure_svg(svg: str, theme: Theme) -> str:
    """A figure's SVG in the theme's colours."""
    if theme.name == "light":
        return svg
    import re

    table = {source: getattr(theme, name) for source, name in FIGURE_COLOURS.items()}
    if theme.dark:
        table |= _FIGURE_DARK
    return re.sub(r"#[0-9a-fA-F]{6}", lambda found: table.get(found.group().lower(), found.group()), svg)


class ReadingStyle(NamedTuple):
    """How the text is set: font family, size in pixels, line height × natural size, paragraph gap and column in pixels."""

    family: str
    pixels: float
    line_height: float
    paragraph_gap: float
    column: int
    letter_spacing: float  # em
    word_spacing: float  # em
    show_concepts: bool

    def font(self, scale: float = 1.0, *, sans: bool = False, weight: int = 400, italic: bool = False) -> QFont:
        """A font of this style; ``scale`` × the size of the running text."""
        font = QFont(INTERFACE_FAMILY if sans else self.family)
        font.setPixelSize(max(round(self.pixels * scale), 6))
        font.setWeight(QFont.Weight(weight))
        font.setItalic(italic)
        return font


def reading_style(settings: Settings) -> ReadingStyle:
    """The style that the settings ask for; *spacious* is the text spacing of WCAG 1.4.12."""
    pixels = BASE_PIXELS * settings.text_size / 100
    spacious = settings.spacing == "spacious"
    font = QFont(FAMILIES[settings.face])
    font.setPixelSize(round(pixels))
    metrics = QFontMetricsF(font)
    sample = "the people who face the same injustice often have power together, "
    column = metrics.horizontalAdvance(sample) / len(sample) * settings.measure
    if spacious:
        column += (0.12 + 0.16 / 6) * pixels * settings.measure
    return ReadingStyle(
        family=FAMILIES[settings.face],
        pixels=pixels,
        line_height=max(settings.line_height, 1.5) if spacious else settings.line_height,
        paragraph_gap=pixels * (2.0 if spacious else 0.75),
        column=round(column),
        letter_spacing=0.12 if spacious else 0.0,
        word_spacing=0.16 if spacious else 0.0,
        show_concepts=settings.show_concepts,
    )


@cache
def brush(colour: str) -> QBrush:
    """A solid brush.

    WORKAROUND: every other way to a brush or a pen asks PySide whether the colour is one of `Qt.GlobalColor`, for which it
    makes the whole namespace `Qt` (15 ms, see page.py).
    """
    table = QPalette()
    table.setColor(QPalette.ColorRole.Window, QColor(colour))
    return table.brush(QPalette.ColorRole.Window)


def palette(theme: Theme) -> QPalette:
    """Qt's palette in the theme's colours."""
    roles = QPalette.ColorRole
    table = {
        roles.Window: theme.panel,
        roles.WindowText: theme.text,
        roles.Base: theme.card,
        roles.AlternateBase: theme.panel,
        roles.Text: theme.text,
        roles.Button: theme.card,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.on_accent,
        roles.Highlight: theme.accent,
        roles.HighlightedText: theme.on_accent,
        roles.Link: theme.link,
        roles.LinkVisited: theme.visited,
        roles.ToolTipBase: theme.card,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Light: theme.card,
        roles.Midlight: theme.border,
        roles.Mid: theme.border,
        roles.Dark: theme.muted,
        roles.Shadow: theme.text,
        roles.Accent: theme.accent,
    }
    made = QPalette()
    for role, colour in table.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return made


def style_sheet(theme: Theme, icons: Path) -> str:
    """The window's one style sheet; set again on every change of theme. ``icons`` is the folder of the small pictures."""
    t = theme
    shade = "dark" if t.dark else "light"
    check, down, up = ((icons / f"{name}-{shade}.svg").as_posix() for name in ("check", "down", "up"))
    return f"""
QMainWindow, QDialog {{ background: {t.panel}; }}
#topBar, #statusLine, #leftPanel {{ background: {t.panel}; }}
#topBar {{ border-bottom: 1px solid {t.border}; }}
#statusLine {{ border-top: 1px solid {t.border}; color: {t.muted}; }}
#statusLine QLabel {{ color: {t.muted}; }}
#leftPanel {{ border-right: 1px solid {t.border}; }}
#page {{ background: {t.page}; border: none; color: {t.text}; selection-background-color: {t.selection};
    selection-color: {t.text}; }}
#topBar QPushButton, #topBar QToolButton, #topBar QLineEdit, QPushButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{
    background: {t.card}; color: {t.text}; border: 1px solid {t.border}; border-radius: 6px; padding: 4px 10px; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {t.muted}; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
#topBar QPushButton, #topBar QToolButton {{ min-height: 20px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.accent}; }}
#topBar QPushButton:focus, #topBar QToolButton:focus, #topBar QLineEdit:focus,
QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
    border: 2px solid {t.focus}; padding: 3px 9px; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; }}
QComboBox:disabled, QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{ color: {t.muted};
    background: transparent; }}
QPushButton:checked, QToolButton:checked {{ background: {t.accent_soft}; border-color: {t.accent}; }}
QPushButton#primary, QPushButton:default {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton#primary:focus, QPushButton:default:focus {{ background: {t.card}; color: {t.accent}; border: 3px solid {t.accent};
    padding: 2px 8px; }}
#title {{ font-weight: 700; color: {t.text}; }}
#chapterTitle {{ color: {t.muted}; }}
QTabBar::tab {{ background: transparent; color: {t.muted}; padding: 12px 6px 10px 6px; border: none;
    border-bottom: 2px solid transparent; }}
#leftPanel QTabBar {{ font-size: {scaled(INTERFACE_PIXELS * 0.9)}px; }}
#leftPanel QTabBar::tab {{ padding: 12px 3px 10px 3px; }}
QTabBar::tab:selected {{ color: {t.accent}; border-bottom: 2px solid {t.accent}; font-weight: 600; }}
QTabBar::tab:focus {{ color: {t.text}; border: 2px solid {t.focus}; border-radius: 4px; padding: 10px 4px 10px 4px; }}
#leftPanel QTabBar {{ border-bottom: 1px solid {t.border}; }}
#leftPanel QTreeView, #leftPanel QListView, #leftPanel QScrollArea, #leftPanel QTextBrowser {{ background: {t.panel};
    border: none; }}
#leftPanel QScrollArea > QWidget > QWidget {{ background: {t.panel}; }}
QTreeView::item, QListView::item {{ padding: 5px 4px; border-radius: 6px; color: {t.text}; }}
QTreeView::item:selected, QListView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QTreeView::item:focus, QListView::item:focus, QTableView::item:focus {{ border: 2px solid {t.focus}; padding: 3px 2px; }}
QTreeView::branch {{ background: transparent; }}
QFrame#noteCard {{ background: {t.card}; border: 1px solid {t.border}; border-left: none; border-radius: 5px; }}
QFrame#noteCard QLabel {{ color: {t.text}; }}
QFrame#selectionBar, QFrame#popup {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 8px; }}
QFrame#divider {{ background: {t.border}; }}
QFrame#popup QLabel {{ color: {t.text}; }}
QFrame#findBar {{ background: {t.panel}; border-bottom: 1px solid {t.border}; }}
QFrame#notice {{ background: {t.accent_soft}; border: 1px solid {t.accent}; border-radius: 8px; }}
QFrame#notice[stays="true"] {{ background: {t.card}; border: 1px solid {t.warning}; border-left: 5px solid {t.warning}; }}
QFrame#notice QLabel {{ color: {t.text}; background: transparent; }}
QPlainTextEdit, QTextEdit#editor {{ background: {t.card}; color: {t.text}; border: 1px solid {t.focus}; border-radius: 4px; }}
QMenu {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 20px; border: 1px solid transparent; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; border-color: {t.focus}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.border}; margin: 4px 8px; }}
QMenuBar {{ background: {t.panel}; color: {t.text}; }}
QMenuBar::item {{ padding: 3px 8px; background: transparent; border: 1px solid transparent; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {t.accent_soft}; border-color: {t.focus}; }}
QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.border}; }}
#topBar QLineEdit QToolButton {{ min-height: 0; padding: 0; border: none; background: transparent; }}
QProgressBar {{ background: {t.page if t.name == "contrast" else t.border};
    border: {"1px solid " + t.border if t.name == "contrast" else "none"}; border-radius: 2px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.border if t.name != "contrast" else t.muted}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 30px; }}
QScrollBar::handle:horizontal {{ min-width: 30px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QRadioButton::indicator, QCheckBox::indicator {{ width: 14px; height: 14px; border: 2px solid {t.muted};
    background: {t.card}; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator {{ border-radius: 3px; }}
QRadioButton::indicator:checked, QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
QCheckBox::indicator:checked {{ image: url("{check}"); }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url("{down}"); width: 14px; height: 14px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; border: none; width: 22px; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow {{ image: url("{down}"); width: 12px; height: 12px; }}
QTabWidget::pane {{ border: 1px solid {t.border}; border-radius: 6px; }}
QDialog QListView, QDialog QTreeView, QDialog QTableView, QDialog QTextBrowser, QDialog QScrollArea {{
    border: 1px solid {t.border}; border-radius: 6px; }}
QAbstractScrollArea:focus {{ border-color: {t.focus}; }}
QHeaderView::section {{ background: {t.panel}; color: {t.muted}; border: none; border-bottom: 1px solid {t.border};
    padding: 5px 8px; }}
QGroupBox {{ border: 1px solid {t.border}; border-radius: 6px; margin-top: 22px; padding: 6px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 2px; color: {t.text}; }}
QRadioButton, QCheckBox {{ padding: 2px; border: 2px solid transparent; border-radius: 5px; }}
QRadioButton:focus, QCheckBox:focus {{ border-color: {t.focus}; }}
QRadioButton::indicator:focus, QCheckBox::indicator:focus {{ border-color: {t.focus}; }}
QSplitter::handle {{ background: {t.border}; }}
"""
