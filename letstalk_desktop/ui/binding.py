"""PySide6, loaded so that the imports of everybody else stay as fast as they were.

WORKAROUND: PySide6 puts a function of its own before every import of the process, for `from __feature__ import …` and for
`from PySide6.QtCore import *`; we use neither. It makes loading SQLAlchemy take a third longer, on every start.
Seen with PySide6 6.11.
"""

from __future__ import annotations

import builtins

plain_import = builtins.__import__

import PySide6.QtCore  # noqa: E402
import PySide6.QtGui  # noqa: E402
import PySide6.QtWidgets  # noqa: E402, F401

builtins.__import__ = plain_import
