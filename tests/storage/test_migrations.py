"""An older notebook is brought to the newest form after a copy, wholly or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.errors import NotebookError
from letstalk_desktop.storage import migrations, revisions, schema
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.copying import verify
from letstalk_desktop.storage.migrations import migrate
from letstalk_desktop.storage.notebook import Notebook
from tests.storage.things import NOW, everything, highlight, operation

DATABASES = Path(__file__).parents[1] / "databases"

GOOD = """
revision, down_revision = "0002", "0001"
import sqlalchemy as sa
from alembic import op

def upgrade():
    op.add_column("kinds", sa.Column("colour", sa.Text(), nullable=False, server_default="grey"))
    with op.batch_alter_table("annotations") as batch:
        batch.add_column(sa.Column("page", sa.Text(), nullable=False, server_default=""))
        batch.alter_column("note", existing_type=sa.Text(), nullable=True)
"""
FAILING = """
revision, down_revision = "0003", "0002"
from alembic import op

def upgrade():
    op.execute("DELETE FROM annotations")
    op.execute("DROP TABLE plans")
    op.execute("ALTER TABLE nowhere ADD COLUMN x")
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Revisions of the future: a good one that rebuilds a table."""
    folder = tmp_path / "100% new" / "versions"
    folder.mkdir(parents=True)
    (folder / "0002_more.py").write_text(GOOD)
    return folder


def described(path: Path) -> dict[tuple[str, str], str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic_version%'"
        ).fetchall()
    connection.close()
    return {(kind, name): " ".join((sql or "").split()) for kind, name, sql in rows}


def test_the_first_revision_makes_the_same_tables_as_a_new_notebook(path: Path, tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    Notebook.open(path, now=NOW).close()
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "newline")
    engine = create_engine(f"sqlite:///{tmp_path / 'built.sqlite'}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    assert described(tmp_path / "built.sqlite") == described(path)
    script = ScriptDirectory.from_config(config)
    assert [script.get_current_head()] == [revisions.HEAD]
    assert tuple(found.revision for found in script.walk_revisions())[::-1] == revisions.REVISIONS


def test_a_notebook_is_copied_then_migrated_with_all_that_refers_to_it(notebook: Notebook, path: Path, versions: Path) -> None:
    notebook.apply(everything(), now=NOW)
    notebook.close()
    backups = Backups.beside(path)
    migrate(path, "0001", backups, NOW, [versions])
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        assert connection.execute("SELECT id, page FROM annotations").fetchall() == [("one", "")]
        assert connection.execute("SELECT count(*) FROM annotation_concepts").fetchone() == (2,)
        assert connection.execute("SELECT colour FROM kinds").fetchone() == ("grey",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    (copy,) = backups.all()
    assert copy.path.name == "notebook-20261123T091200.000Z-before-migration-from-0001.sqlite"
    assert verify(copy.path).revision == "0001"
    with pytest.raises(NotebookError, match="newer"):
        schema.inspect(path)
    assert schema.inspect(path, ("0001", "0002"))[1] == "0002"
    assert schema.inspect(copy.path, ("0001", "0002")) == (schema.Schema.OLDER, "0001")


def test_a_migration_that_fails_half_way_leaves_the_notebook_as_it_was(notebook: Notebook, path: Path, versions: Path) -> None:
    (versions / "0003_failing.py").write_text(FAILING)
    notebook.apply(everything(), now=NOW)
    before = described(path), notebook.contents(), notebook.history("one")
    with pytest.raises(NotebookError):
        migrate(path, "0001", Backups.beside(path), NOW, [versions])
    assert (described(path), notebook.contents(), notebook.history("one")) == before
    assert notebook.apply(operation(highlight("still-works")), now=NOW)
    assert len(Backups.beside(path).all()) == 1


def test_a_migration_that_raises_says_where_the_copy_is(notebook: Notebook, path: Path, versions: Path) -> None:
    (versions / "0003_failing.py").write_text(
        FAILING.replace('op.execute("ALTER TABLE nowhere ADD COLUMN x")', 'raise ValueError("x")')
    )
    notebook.apply(everything(), now=NOW)
    with pytest.raises(NotebookError, match="before-migration-from-0001"):
        migrate(path, "0001", Backups.beside(path), NOW, [versions])
    assert notebook.total() == 1


def test_two_programs_that_find_an_old_notebook_at_once_migrate_it_once(notebook: Notebook, path: Path, versions: Path) -> None:
    notebook.apply(everything(), now=NOW)
    notebook.close()
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from letstalk_desktop.storage.migrations import migrate; from letstalk_desktop.storage.backups import Backups\n"
        "path = Path(sys.argv[1]); migrate(path, '0001', Backups.beside(path), datetime.now(UTC), [Path(sys.argv[2])])"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), str(versions)]) for _ in range(2)]
    assert [program.wait() for program in running] == [0, 0]
    assert schema.inspect(path, ("0001", "0002")) == (schema.Schema.CURRENT, "0002")


@pytest.mark.parametrize("file", sorted(DATABASES.glob("notebook-*.sqlite")), ids=lambda file: file.stem)
def test_a_notebook_of_every_form_there_ever_was_can_be_opened(file: Path, path: Path) -> None:
    path.parent.mkdir()
    shutil.copy(file, path)
    notebook = Notebook.open(path, now=NOW)
    found = notebook.annotations(Query())
    assert [annotation.id for annotation in found] == ["bookmark", "highlight-1", "answer", "highlight-2", "resource-note"]
    first = next(one for one in found if one.id == "highlight-1")
    assert "Le\u202fcœur de l’action\u00a0: e\u0301couter 🌱" in first.anchor.exact
    assert first.note.startswith("Voilà\u202f! *Œuvre*")
    assert first.concepts == ("base", "own-1")
    assert [one.id for one in notebook.annotations(Query(deleted=True))] == ["deleted"]
    assert [entry.label for entry in notebook.history("highlight-1")] == ["Add highlight", "Edit note"]
    assert [concept.term for concept in notebook.concepts()] == ["Entraide"]
    assert [plan.steps for plan in notebook.plans("organizing")] == [((5, "", "Accueil"), (25, "q-1", ""))]
    assert list(notebook.kind_names().values()) == ["Clé"]
    kept = notebook.kept_text("organizing", "1.0", "en", "power")
    assert kept is not None
    assert kept.text.startswith("Le\u202fcœur")
    assert (notebook.undo_label(), notebook.redo_label()) == ("Add bookmark", "Add story")
    assert notebook.apply(operation(highlight("new")), now=NOW)
    assert notebook.problems() == []
    notebook.close()


def test_there_is_a_fixture_for_every_revision() -> None:
    assert {file.stem.removeprefix("notebook-") for file in DATABASES.glob("notebook-*.sqlite")} == set(revisions.REVISIONS)
