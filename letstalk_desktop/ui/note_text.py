"""A reader's note, drawn from its parsed tree: the same tree as in exports, so that it looks alike everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QWidget

from letstalk_desktop.annotations.notes import (
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    ItemList,
    Link,
    NoteBlock,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
    parse_note,
    plain_text,
)
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme


def note_document(note: str, theme: Theme, pixels: float) -> QTextDocument:
    """The note as a document, set in the window's face at ``pixels``."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    font = QFont(INTERFACE_FAMILY)
    font.setPixelSize(round(pixels))
    document.setDefaultFont(font)
    char = QTextCharFormat()
    char.setFont(font)
    char.setForeground(QColor(theme.text))
    _NoteWriter(document, theme, pixels, char).blocks(parse_note(note), 0.0)
    return document


class _NoteWriter:
    def __init__(self, document: QTextDocument, theme: Theme, pixels: float, char: QTextCharFormat) -> None:
        self.cursor = QTextCursor(document)
        self.theme, self.pixels, self.char = theme, pixels, char
        self.first = True

    def blocks(self, blocks: Sequence[NoteBlock], indent: float) -> None:
        for block in blocks:
            self.block(block, indent)

    def open(self, indent: float, *, hanging: float = 0.0, gap: float = 0.25) -> None:
        format_ = QTextBlockFormat()
        format_.setLeftMargin(indent)
        format_.setTextIndent(-hanging)
        format_.setBottomMargin(round(self.pixels * gap))
        format_.setLineHeight(round(self.pixels * 1.35), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        if self.first:
            self.cursor.setBlockFormat(format_)
            self.cursor.setBlockCharFormat(self.char)
            self.first = False
        else:
            self.cursor.insertBlock(format_, self.char)

    def block(self, block: NoteBlock, indent: float) -> None:
        if isinstance(block, Paragraph):
            self.open(indent)
            self.inlines(block.children, self.char)
        elif isinstance(block, Heading):
            self.open(indent)
            char = QTextCharFormat(self.char)
            char.setFontWeight(700)
            self.inlines(block.children, char)
        elif isinstance(block, CodeBlock):
            self.open(indent)
            self.cursor.insertText(block.text.replace("\n", "\u2028"), self.code())
        elif isinstance(block, Quote):
            self.blocks(block.children, indent + self.pixels)
        elif isinstance(block, ItemList):
            self.list(block, indent)
        elif isinstance(block, Rule):
            self.open(indent)
            self.cursor.insertText("———", self.char)

    def list(self, block: ItemList, indent: float) -> None:
        start = block.start
        hang = self.pixels * 1.2
        for number, item in enumerate(block.items, start if start is not None else 0):
            marker = "•" if start is None else f"{number}."
            inside = list(item)
            self.open(indent + hang, hanging=hang * 0.9)
            self.cursor.insertText(f"{marker}\u2002", self.char)
            first = inside[0] if inside else None
            if isinstance(first, Paragraph):
                self.inlines(first.children, self.char)
                inside = inside[1:]
            self.blocks(inside, indent + hang)

    def code(self) -> QTextCharFormat:
        char = QTextCharFormat(self.char)
        char.setFontFamilies(["Source Code Pro", "monospace"])
        return char

    def inlines(self, inlines: Sequence[Inline], char: QTextCharFormat) -> None:
        for inline in inlines:
            if isinstance(inline, Text):
                self.cursor.insertText(inline.text.replace("\n", "\u2028").replace("\ufffc", "\ufffd"), char)
            elif isinstance(inline, Code):
                self.cursor.insertText(inline.text, self.code())
            elif isinstance(inline, Break):
                self.cursor.insertText("\u2028", char)
            else:
                inner = QTextCharFormat(char)
                if isinstance(inline, Emphasis):
                    inner.setFontItalic(True)
                elif isinstance(inline, Strong):
                    inner.setFontWeight(700)
                elif isinstance(inline, Link):
                    inner.setForeground(QColor(self.theme.link))
                    inner.setFontUnderline(True)
                    inner.setToolTip(inline.url)
                self.inlines(inline.children, inner)


class NoteText(QWidget):
    """Draws one note; as high as it needs to be at its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = QTextDocument(self)
        self._note = ""
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    def show_note(self, note: str, theme: Theme, pixels: float) -> None:
        """Show this note."""
        self._note = note
        self._document = note_document(note, theme, pixels)
        self._document.setParent(self)
        self.setAccessibleName(plain_text(parse_note(note)))
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """The note's height in pixels at a width."""
        if not self._note:
            return 0
        self._document.setTextWidth(max(width, 10))
        return round(self._document.size().height())

    def sizeHint(self) -> QSize:
        """At its present width."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the document."""
        painter = QPainter(self)
        self._document.setTextWidth(self.width())
        self._document.drawContents(painter, QRectF(QPointF(0, 0), self.size().toSizeF()))
        painter.end()


class Chips(QWidget):
    """Concept terms as pills, wrapped into lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: list[str] = []
        self._theme: Theme | None = None

    def show_terms(self, terms: list[str], theme: Theme, pixels: float) -> None:
        """Show these terms."""
        self._terms, self._theme = terms, theme
        font = QFont(INTERFACE_FAMILY)
        font.setPixelSize(round(pixels))
        self.setFont(font)
        self.setAccessibleName(", ".join(terms))
        self.setVisible(bool(terms))
        self.update()

    def _boxes(self, width: int) -> list[QRectF]:
        metrics = self.fontMetrics()
        height = metrics.height() + 4
        x = y = 0.0
        boxes = []
        for term in self._terms:
            wide = min(metrics.horizontalAdvance(term) + 18, width)
            if x and x + wide > width:
                x, y = 0.0, y + height + 4
            boxes.append(QRectF(x + 0.5, y + 0.5, wide - 1, height - 1))
            x += wide + 5
        return boxes

    def heightForWidth(self, width: int) -> int:
        """The height in pixels at a width."""
        boxes = self._boxes(width)
        return round(boxes[-1].bottom() + 2) if boxes else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pills."""
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for term, box in zip(self._terms, self._boxes(self.width()), strict=True):
            painter.setPen(QColor(self._theme.border))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(self._theme.link))
            words = self.fontMetrics().elidedText(term, Qt.TextElideMode.ElideRight, round(box.width() - 14))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
