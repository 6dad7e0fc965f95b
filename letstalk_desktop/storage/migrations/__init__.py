"""Bringing an older notebook to the newest revision with Alembic, which is imported here and nowhere else.

A verified copy is made first. Then all steps run in one transaction, and only a notebook that passes SQLite's integrity check
is committed: a failed migration leaves the notebook as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from letstalk_desktop.errors import NotebookError
from letstalk_desktop.language import N_
from letstalk_desktop.storage.backups import Backups
from letstalk_desktop.storage.copying import copy_whole
from letstalk_desktop.storage.database import DAMAGED, DamagedNotebook, Database
from letstalk_desktop.storage.revisions import REVISIONS

_FAILED = N_(
    "{path} could not be brought to the form that this version needs: {reason}. It is as it was, and a copy is at {backup}. "
    "Keep using the earlier version of the program and tell us about it."
)

_HERE = Path(__file__).parent


def migrate(path: Path, revision: str, backups: Backups, now: datetime, versions: Sequence[Path] = ()) -> None:
    """Bring the notebook at ``path`` from ``revision`` to the newest one. ``versions``: more folders with revisions.

    Raises ``NotebookError``; the notebook is then as it was.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", _escaped(_HERE))
    config.set_main_option("version_locations", "\n".join(_escaped(folder) for folder in (_HERE / "versions", *versions)))
    config.set_main_option("path_separator", "newline")
    database = Database(path, foreign_keys=False)
    try:
        with database.driver() as driver:
            copy = backups.make(partial(copy_whole, driver), now, f"before-migration-from-{revision}")
        with database.writing() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
                connection.exec_driver_sql(f"PRAGMA user_version = {len(REVISIONS) + len(versions)}")
            except NotebookError:
                raise
            except (CommandError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
                raise NotebookError(_FAILED, path=path, reason=error, backup=copy.path) from error
            whole = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one() == "ok"
            if not whole or connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise DamagedNotebook(DAMAGED, path=path)
    finally:
        database.close()


def _escaped(path: Path) -> str:
    """Alembic's options pass through ConfigParser, to which a percent sign means something."""
    return str(path).replace("%", "%%")
