"""Places in texts that outlive their texts: describe one, and find it again in another edition.

``describe`` makes the anchor of a place. A ``Relocator`` finds anchors again in one new text, by comparison with the old text
where that is at hand, else by the quote and what stands around it; it is sure, or it says that it is not. ``Elsewhere`` looks
for what is gone from a chapter in the other chapters of its resource. All offsets are Unicode code points.
"""

from __future__ import annotations

from collections.abc import Sequence

from letstalk_desktop.annotations.anchoring.description import CONTEXT, describe
from letstalk_desktop.annotations.anchoring.elsewhere import Elsewhere
from letstalk_desktop.annotations.anchoring.relocator import Progress, Relocator
from letstalk_desktop.annotations.anchoring.results import Cancelled, Candidate, Doubtful, Found, Result, Rung, Unplaced
from letstalk_desktop.annotations.model import Anchor

__all__ = [
    "CONTEXT",
    "Cancelled",
    "Candidate",
    "Doubtful",
    "Elsewhere",
    "Found",
    "Progress",
    "Relocator",
    "Result",
    "Rung",
    "Unplaced",
    "describe",
    "locate",
]


def locate(anchor: Anchor, new: str, old: str | None = None, blocks: Sequence[tuple[str, int, int]] = ()) -> Result:
    """The place of one anchor in the text ``new``; for many anchors of one text make one ``Relocator``."""
    return Relocator(new, old, blocks).locate(anchor)
