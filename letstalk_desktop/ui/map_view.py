"""The picture of a concept map: painted, walked with the arrow keys, opened with Enter or a click."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from letstalk_desktop.annotations.concepts import Link
from letstalk_desktop.annotations.map_picture import GAP, MapPicture, Shape, link_width, shape_of
from letstalk_desktop.exporting.map_svg import FONT_PIXELS
from letstalk_desktop.ui.theme import INTERFACE_FAMILY, Theme

_HALO = 3.0
_MARKED, _ALL, _BACK = 1.0, 0.72, 0.3  # how much of its colour a link has: of the marked concept, of any, of the others
_STORED = 8_000_000  # pixels at most of a stored layer
_STEPS = (1.0, 1.25, 1.5, 2.0, 2.5)  # how much a picture can be enlarged; never smaller, so that it stays readable


def map_font() -> QFont:
    """The face of the labels."""
    font = QFont(INTERFACE_FAMILY)
    font.setPixelSize(FONT_PIXELS)
    return font


def concept_shape(concept_id: str, term: str, count: int, own: bool) -> Shape:
    """The shape of a concept with so many passages, measured in the face of the labels."""
    metrics = QFontMetricsF(map_font())
    return shape_of(concept_id, term, count, own, metrics.horizontalAdvance, metrics.lineSpacing())


def draw_map(painter: QPainter, picture: MapPicture, theme: Theme) -> None:
    """Draw a whole picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_links(painter, picture.links, picture, theme, _ALL)
    draw_concepts(painter, picture, theme)


def draw_links(painter: QPainter, links: Iterable[Link], picture: MapPicture, theme: Theme, stress: float) -> None:
    """Draw links: with all their colour (1.0) or stepping back."""
    for link in links:
        painter.setPen(_pen(link, theme, stress))
        painter.drawLine(QPointF(*picture.circles[link.first]), QPointF(*picture.circles[link.second]))


def draw_concepts(painter: QPainter, picture: MapPicture, theme: Theme, marked: str = "", focused: bool = False) -> None:
    """Draw circles and terms; with a ``marked`` concept, what is not next to it steps back."""
    near = picture.near(marked) if marked else set()
    painter.setFont(map_font())
    ascent = QFontMetricsF(map_font()).ascent()
    for shape in picture.shapes:
        _draw_halo(painter, picture, shape, theme)
    for shape in picture.shapes:
        centre = QPointF(*picture.circles[shape.id])
        here = shape.id == marked
        painter.setPen(QPen(QColor(theme.accent), 2.0 if here else 1.4))
        painter.setBrush(QColor(theme.accent if here else theme.card if shape.own else theme.accent_soft))
        painter.drawEllipse(centre, shape.radius, shape.radius)
        if shape.own:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.on_accent if here else theme.accent), 1.2))
            painter.drawEllipse(centre, shape.radius - 3, shape.radius - 3)
        painter.setPen(QColor(theme.muted if marked and not here and shape.id not in near else theme.text))
        y = centre.y() + shape.radius + GAP + ascent
        for line, width in zip(shape.lines, shape.widths, strict=True):
            painter.drawText(QPointF(centre.x() - width / 2, y), line)
            y += shape.line_height
        if here and focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.drawRoundedRect(QRectF(*picture.box(shape)).adjusted(-4, -4, 4, 3), 6, 6)


def _pen(link: Link, theme: Theme, stress: float) -> QPen:
    """Related: a whole line; only by shared passages: dashes. Wider with every passage shared."""
    colour = QColor(theme.accent if stress == _MARKED else theme.muted)
    colour.setAlphaF(stress)
    width = link_width(link) + (0.6 if stress == _MARKED else 0)
    return QPen(colour, width, Qt.PenStyle.SolidLine if link.related else Qt.PenStyle.DashLine)


def _draw_halo(painter: QPainter, picture: MapPicture, shape: Shape, theme: Theme) -> None:
    """Keep lines out of the label."""
    box = QRectF(*picture.box(shape))
    box.setTop(box.top() + 2 * shape.radius)
    ground = QColor(theme.page)
    ground.setAlphaF(0.92)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(-_HALO, 0, _HALO, 0), 4, 4)


def map_image(picture: MapPicture, theme: Theme, scale: float = 2.0) -> QImage:
    """The picture as pixels, on the theme's page."""
    image = QImage(math.ceil(picture.width * scale), math.ceil(picture.height * scale), QImage.Format.Format_RGB32)
    image.fill(QColor(theme.page))
    painter = QPainter(image)
    painter.scale(scale, scale)
    draw_map(painter, picture, theme)
    painter.end()
    return image


class MapView(QWidget):
    """Shows a picture. Arrow keys go to the nearest concept in their direction, Enter and a click open one."""

    current_changed = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture: MapPicture | None = None
        self._scale = 1.0
        self._hovered = ""
        self._layers: dict[tuple[float, float, float], QPixmap] = {}
        self.current = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_picture(self, picture: MapPicture) -> None:
        """Draw this; the current concept stays where it is still there."""
        self._picture = picture
        self._layers = {}
        self._hovered = ""
        if self.current not in picture.circles:
            self.current = ""
        self._resize()
        self.update()

    def make_current(self, concept_id: str) -> None:
        """Mark a concept and tell so."""
        if self._picture is not None and concept_id in self._picture.circles and concept_id != self.current:
            self.current = concept_id
            self.update()
            self.current_changed.emit(concept_id)

    def describe(self, words: str) -> None:
        """What a screen reader says of the current concept."""
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def enlarge(self, step: int) -> None:
        """The next larger (1) or smaller (-1) picture."""
        at = _STEPS.index(self._scale) + step
        self._scale = _STEPS[min(max(at, 0), len(_STEPS) - 1)]
        self._resize()
        self.update()

    def current_rect(self) -> QRectF:
        """Where the current concept is drawn."""
        picture = self._picture
        shape = next((one for one in picture.shapes if one.id == self.current), None) if picture else None
        if picture is None or shape is None:
            return QRectF()
        box = QRectF(*picture.box(shape))
        return QRectF(box.topLeft() * self._scale + self._offset(), box.size() * self._scale)

    def _resize(self) -> None:
        if self._picture is not None:
            self.setMinimumSize(
                QSize(math.ceil(self._picture.width * self._scale), math.ceil(self._picture.height * self._scale))
            )

    def _offset(self) -> QPointF:
        """The picture stands in the middle of a larger view."""
        size = self._picture
        if size is None:
            return QPointF()
        return QPointF(
            max(self.width() - size.width * self._scale, 0) / 2, max(self.height() - size.height * self._scale, 0) / 2
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture; the links that do not stand out come from a store, for there are many."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(self._theme.page))
        picture = self._picture
        if picture is None:
            return
        painter.translate(self._offset())
        marked = self._hovered or self.current
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stress = _BACK if marked else _ALL
        layer = self._link_layer(picture, stress)
        if layer is not None:
            painter.drawPixmap(0, 0, layer)
        painter.scale(self._scale, self._scale)
        if layer is None:
            draw_links(painter, picture.links, picture, self._theme, stress)
        outstanding = (link for link in picture.links if marked in (link.first, link.second))
        draw_links(painter, outstanding, picture, self._theme, _MARKED)
        draw_concepts(painter, picture, self._theme, marked, self.hasFocus())

    def _link_layer(self, picture: MapPicture, stress: float) -> QPixmap | None:
        """All links as they were drawn last; None where that would take too much memory."""
        ratio = self.devicePixelRatioF()
        key = (stress, self._scale, ratio)
        size = QSizeF(picture.width, picture.height) * self._scale * ratio
        if size.width() * size.height() > _STORED:
            return None
        if key not in self._layers:
            layer = QPixmap(math.ceil(size.width()), math.ceil(size.height()))
            layer.setDevicePixelRatio(ratio)
            layer.fill(QColor(self._theme.page))
            painter = QPainter(layer)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._scale, self._scale)
            draw_links(painter, picture.links, picture, self._theme, stress)
            painter.end()
            self._layers = {other: kept for other, kept in self._layers.items() if other[1:] == key[1:]} | {key: layer}
        return self._layers[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk and open."""
        directions = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        key = Qt.Key(event.key())
        picture = self._picture
        if picture is None or not picture.shapes:
            super().keyPressEvent(event)
        elif key in directions:
            self.make_current(picture.next(self.current, *directions[key]) if self.current else picture.shapes[0].id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current:
            self.opened.emit(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.enlarge(-1 if key == Qt.Key.Key_Minus else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current concept is framed while the map has the keyboard."""
        super().focusInEvent(event)
        if not self.current and self._picture is not None and self._picture.shapes:
            self.make_current(self._picture.shapes[0].id)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The frame goes."""
        super().focusOutEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the mouse stands out."""
        found = self._at(event.position())
        if found != self._hovered:
            self._hovered = found
            self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the mouse."""
        self._hovered = ""
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens."""
        found = self._at(event.position())
        if found and event.button() == Qt.MouseButton.LeftButton:
            self.make_current(found)
            self.opened.emit(found)

    def _at(self, point: QPointF) -> str:
        inside = (point - self._offset()) / self._scale
        return self._picture.at(inside.x(), inside.y()) if self._picture is not None else ""
