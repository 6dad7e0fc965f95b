"""The tables of the notebook, as typed declarative rows; private to this folder.

The rows are written and read through their ``__table__`` (SQLAlchemy Core): hydrating ten thousand ORM objects would cost
more than the query. What each column means is told in ``docs/formats.md``.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from letstalk_desktop.storage.encoding import ANNOTATION, CONCEPT, KIND, PLAN


class Base(DeclarativeBase):
    """What all rows have in common."""

    type_annotation_map = {str: Text}  # noqa: RUF012 - read by SQLAlchemy, which wants a plain dict


class MetaRow(Base):
    """Facts about the notebook itself, by name."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(server_default="")


class RevisionRow(Base):
    """The revision of the schema; the table is the one that Alembic keeps."""

    __tablename__ = "alembic_version"
    version_num: Mapped[str] = mapped_column(primary_key=True)


class AnnotationRow(Base):
    """One annotation. ``concepts`` is a JSON array; ``folded`` is note and quote made comparable, for the filter.

    ``trashed`` is the time from which the trash counts its days; ``undone`` marks what exists only because undoing its
    creation keeps it for redo.
    """

    __tablename__ = "annotations"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    resource: Mapped[str]
    edition: Mapped[str]
    language: Mapped[str]
    chapter: Mapped[str]
    block: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    kind: Mapped[str]
    note: Mapped[str]
    concepts: Mapped[str]
    author: Mapped[str]
    visibility: Mapped[str]
    created: Mapped[str]
    modified: Mapped[str]
    deleted: Mapped[str]
    placement: Mapped[str]
    question: Mapped[str]
    trashed: Mapped[str]
    undone: Mapped[int]
    folded: Mapped[str]

    __table_args__ = (
        Index("ix_annotations_place", "deleted", "resource", "chapter", "start", "created", "type"),
        Index("ix_annotations_text", "resource", "edition", "language", "chapter"),
    )


class AnnotationConceptRow(Base):
    """Which annotations are linked to a concept: a copy of ``annotations.concepts``, made for looking up."""

    __tablename__ = "annotation_concepts"
    concept: Mapped[str] = mapped_column(primary_key=True)
    annotation: Mapped[str] = mapped_column(ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index("ix_annotation_concepts_annotation", "annotation"), {"sqlite_with_rowid": False})


class ConceptRow(Base):
    """A concept of the reader's own. ``related`` is a JSON array."""

    __tablename__ = "concepts"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    term: Mapped[str]
    definition: Mapped[str]
    related: Mapped[str]
    author: Mapped[str]
    created: Mapped[str]
    modified: Mapped[str]
    deleted: Mapped[str]
    trashed: Mapped[str]
    undone: Mapped[int]


class KindRow(Base):
    """The reader's own name for a kind; '' is the program's name."""

    __tablename__ = "kinds"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    modified: Mapped[str]


class PlanRow(Base):
    """A session plan. ``steps`` is a JSON array of [minutes, question id, text]."""

    __tablename__ = "plans"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    resource: Mapped[str]
    title: Mapped[str]
    steps: Mapped[str]
    created: Mapped[str]
    modified: Mapped[str]
    deleted: Mapped[str]
    trashed: Mapped[str]
    undone: Mapped[int]

    __table_args__ = (Index("ix_plans_resource", "resource"),)


class KeptTextRow(Base):
    """The text of record of a chapter that annotations refer to. ``text`` and ``blocks`` (JSON) are zlib streams of UTF-8."""

    __tablename__ = "kept_texts"
    number: Mapped[int] = mapped_column(primary_key=True)
    resource: Mapped[str]
    edition: Mapped[str]
    language: Mapped[str]
    chapter: Mapped[str]
    added: Mapped[str]
    text: Mapped[bytes] = mapped_column(LargeBinary)
    blocks: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ux_kept_texts_chapter", "resource", "edition", "language", "chapter", unique=True),)


class GestureRow(Base):
    """One step of undo. ``state``: done, undone, or dropped (no longer to be undone or redone).

    ``id`` is the gesture of the operations; it comes back in a new row when it goes on after having been undone. ``position``
    orders the steps: the highest *done* is undone next, the lowest *undone* is redone next.
    """

    __tablename__ = "gestures"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]
    label: Mapped[str]
    who: Mapped[str]
    at: Mapped[str]
    state: Mapped[str]

    __table_args__ = (Index("ix_gestures_state", "state", "position"),)


class JournalRow(Base):
    """What one operation did to one thing. ``before`` (NULL: it did not exist) and ``after`` are JSON objects.

    ``act``: do, undo, redo or merge. ``step`` is the row of ``gestures`` that it belongs to.
    """

    __tablename__ = "journal"
    number: Mapped[int] = mapped_column(primary_key=True)
    operation: Mapped[str]
    gesture: Mapped[str]
    step: Mapped[int]
    act: Mapped[str]
    label: Mapped[str]
    who: Mapped[str]
    at: Mapped[str]
    thing: Mapped[str]
    thing_id: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]

    __table_args__ = (
        Index("ix_journal_thing", "thing_id", "number"),
        Index("ix_journal_step", "step", "act"),
        {"sqlite_autoincrement": True},  # a number is never given twice: it is what other programs ask for changes by
    )


class PurgedRow(Base):
    """What has left the trash for good: only its id and times, so that merging an old backup does not bring it back."""

    __tablename__ = "purged"
    id: Mapped[str] = mapped_column(primary_key=True)
    thing: Mapped[str]
    modified: Mapped[str]
    purged: Mapped[str]


def _table(row: type[Base]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)
    return table


METADATA: MetaData = Base.metadata
META = _table(MetaRow)
REVISION = _table(RevisionRow)
ANNOTATIONS = _table(AnnotationRow)
ANNOTATION_CONCEPTS = _table(AnnotationConceptRow)
CONCEPTS = _table(ConceptRow)
KINDS = _table(KindRow)
PLANS = _table(PlanRow)
KEPT_TEXTS = _table(KeptTextRow)
GESTURES = _table(GestureRow)
JOURNAL = _table(JournalRow)
PURGED = _table(PurgedRow)
# The table of each thing of the notebook.
TABLES: dict[str, Table] = {ANNOTATION: ANNOTATIONS, CONCEPT: CONCEPTS, KIND: KINDS, PLAN: PLANS}
