"""The first schema.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str, *, primary_key: bool = False, unique: bool | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False, primary_key=primary_key, unique=unique)


def _number() -> "sa.Column[int]":
    return sa.Column("number", sa.Integer(), primary_key=True, nullable=False)


def _texts(*names: str) -> "list[sa.Column[str]]":
    return [_text(name) for name in names]


def upgrade() -> None:
    op.execute(sa.text("PRAGMA application_id = 1280591982"))
    op.create_table(
        "meta",
        _text("key", primary_key=True),
        sa.Column("value", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "annotations",
        _number(),
        _text("id", unique=True),
        *_texts("type", "resource", "edition", "language", "chapter", "block"),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        *_texts("exact", "prefix", "suffix", "kind", "note", "concepts", "author", "visibility"),
        *_texts("created", "modified", "deleted", "placement", "question", "trashed"),
        sa.Column("undone", sa.Integer(), nullable=False),
        _text("folded"),
    )
    place = ["deleted", "resource", "chapter", "start", "created", "type"]
    op.create_index("ix_annotations_place", "annotations", place)
    op.create_index("ix_annotations_text", "annotations", ["resource", "edition", "language", "chapter"])
    op.create_table(
        "annotation_concepts",
        _text("concept", primary_key=True),
        sa.Column(
            "annotation", sa.Text(), sa.ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_annotation_concepts_annotation", "annotation_concepts", ["annotation"])
    op.create_table(
        "concepts",
        _number(),
        _text("id", unique=True),
        *_texts("term", "definition", "related", "author", "created", "modified", "deleted", "trashed"),
        sa.Column("undone", sa.Integer(), nullable=False),
    )
    op.create_table("kinds", _number(), _text("id", unique=True), *_texts("name", "modified"))
    op.create_table(
        "plans",
        _number(),
        _text("id", unique=True),
        *_texts("resource", "title", "steps", "created", "modified", "deleted", "trashed"),
        sa.Column("undone", sa.Integer(), nullable=False),
    )
    op.create_index("ix_plans_resource", "plans", ["resource"])
    op.create_table(
        "kept_texts",
        _number(),
        *_texts("resource", "edition", "language", "chapter", "added"),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ux_kept_texts_chapter", "kept_texts", ["resource", "edition", "language", "chapter"], unique=True)
    op.create_table(
        "gestures",
        _number(),
        _text("id"),
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("label", "who", "at", "state"),
    )
    op.create_index("ix_gestures_id", "gestures", ["id"])
    op.create_index("ix_gestures_state", "gestures", ["state", "position"])
    op.create_table(
        "journal",
        _number(),
        *_texts("operation", "gesture"),
        sa.Column("step", sa.Integer(), nullable=False),
        *_texts("act", "label", "who", "at", "thing", "thing_id"),
        sa.Column("before", sa.Text()),
        _text("after"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_thing", "journal", ["thing_id", "number"])
    op.create_index("ix_journal_step", "journal", ["step", "act"])
    op.create_table("purged", _text("id", primary_key=True), *_texts("thing", "modified", "purged"))
