"""Every path of the program, from a checkout, an installed wheel or a frozen build."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

NAME = "letstalk-desktop"


def _data_root() -> Path:
    """The folder that holds content/ and resources/."""
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent))
    package = Path(__file__).resolve().parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent


class Paths(NamedTuple):
    """Where everything is. ``base`` is the folder of --basedir, or None for the platform's own folders."""

    data: Path
    config: Path
    cache: Path
    bundled: Path

    @property
    def notebook(self) -> Path:
        """The reader's database."""
        return self.data / "notebook.sqlite"

    @property
    def search(self) -> Path:
        """The search index, which can be deleted at any time."""
        return self.cache / "search.sqlite"

    @property
    def backups(self) -> Path:
        """Copies of the notebook."""
        return self.data / "backups"

    @property
    def imported(self) -> Path:
        """Imported resources."""
        return self.data / "resources"

    @property
    def templates(self) -> Path:
        """The reader's own export templates."""
        return self.data / "templates"

    @property
    def logs(self) -> Path:
        """What went wrong, for reports."""
        return self.data / "logs"

    @property
    def compiled(self) -> Path:
        """Compiled chapters."""
        return self.cache / "compiled"

    @property
    def content(self) -> Path:
        """The bundled resources."""
        return self.bundled / "content"

    @property
    def fonts(self) -> Path:
        """The bundled fonts."""
        return self.bundled / "resources" / "fonts"

    @property
    def locale(self) -> Path:
        """The gettext catalogues."""
        return self.bundled / "resources" / "locale"

    @property
    def resources(self) -> Path:
        """Icons, templates, styles."""
        return self.bundled / "resources"


def find_paths(basedir: str | None = None) -> Paths:
    """The paths of this run: under ``basedir`` or LETSTALK_BASEDIR where given, else the platform's folders."""
    base = basedir or os.environ.get("LETSTALK_BASEDIR") or ""
    bundled = _data_root()
    if base:
        root = Path(base).expanduser().absolute()
        return Paths(root / "data", root / "config", root / "cache", bundled)
    import platformdirs

    return Paths(
        Path(platformdirs.user_data_dir(NAME, appauthor=False)),
        Path(platformdirs.user_config_dir(NAME, appauthor=False)),
        Path(platformdirs.user_cache_dir(NAME, appauthor=False)),
        bundled,
    )
