"""Which schema a file of notes has; known without loading SQLAlchemy."""

from __future__ import annotations

# The revisions of the schema, oldest first; the last one is what this program writes. Read without Alembic at each start.
REVISIONS = ("0001",)
HEAD = REVISIONS[-1]

# "LTDn" in the header of the file: a notebook of this program, whatever its name.
APPLICATION_ID = 0x4C54446E
