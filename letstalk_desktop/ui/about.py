"""About: version, licences of all parts, where the notes live."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import QSize, qVersion
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QTextBrowser, QWidget

from letstalk_desktop import __version__
from letstalk_desktop.language import Translator
from letstalk_desktop.paths import Paths
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.theme import scaled

# name shown, distribution, licence
PARTS = (
    ("Qt, PySide6", "PySide6-Essentials", "LGPL-3.0"),
    ("SQLAlchemy", "SQLAlchemy", "MIT"),
    ("Alembic", "alembic", "MIT"),
    ("Python-Markdown", "Markdown", "BSD-3-Clause"),
    ("markdown-it-py", "markdown-it-py", "MIT"),
    ("Typst", "typst", "Apache-2.0"),
    ("RapidFuzz", "rapidfuzz", "MIT"),
    ("platformdirs", "platformdirs", "MIT"),
    ("citeproc-py", "citeproc-py", "BSD-2-Clause"),
    ("lxml", "lxml", "BSD-3-Clause"),
    ("python-docx", "python-docx", "MIT"),
    ("pypdf", "pypdf", "BSD-3-Clause"),
    ("NetworkX", "networkx", "BSD-3-Clause"),
    ("PyStemmer, Snowball", "PyStemmer", "MIT, BSD-3-Clause"),
)


class AboutDialog(Dialog):
    """Plain facts, as text that can be copied."""

    def __init__(self, parent: QWidget, translator: Translator, paths: Paths) -> None:
        _ = translator.gettext
        super().__init__(parent, _("About Let’s Talk Desktop"))
        self._add_title(paths, _("Let’s Talk Desktop {version}").format(version=__version__))
        lines = [
            _("An offline reader and note-taking program for public health resources."),
            _("Program: MIT licence. Resources: CC BY 4.0. Fonts: SIL Open Font License."),
            _("Independent of the NCCDH, whose “Let’s Talk” series inspired it."),
            "",
            _("Your notes are in:"),
            str(paths.notebook),
            _("Backups are in:"),
            str(paths.backups),
            _("Nothing leaves this computer: the program has no network code."),
            "",
            _("It stands on:"),
        ]
        for name, distribution, licence in PARTS:
            try:
                version = metadata.version(distribution)
            except metadata.PackageNotFoundError:
                continue
            lines.append(f"{name} {version if name != 'Qt, PySide6' else f'{qVersion()}, {version}'} ({licence})")
        lines.append("Source Serif, Source Sans, Source Code Pro, Atkinson Hyperlegible Next, OpenDyslexic, Noto (OFL-1.1)")
        lines.append("Citation Style Language styles, https://citationstyles.org/ (CC BY-SA 3.0)")
        text = QTextBrowser(self)
        text.setPlainText("\n".join(lines))
        text.document().setDocumentMargin(12)
        text.setAccessibleName(self.windowTitle())
        self.rows.addWidget(text)
        self.add_buttons(translator)
        self.resize(scaled(580), scaled(540))

    def _add_title(self, paths: Paths, words: str) -> None:
        """The program's sign, and its name beside it."""
        row = QHBoxLayout()
        row.setSpacing(14)
        sign = QLabel(self)
        side = scaled(52)
        sign.setPixmap(
            QIcon(str(paths.resources / "icons" / "letstalk.svg")).pixmap(QSize(side, side), self.devicePixelRatioF())
        )
        title = QLabel(words, self)
        font = QFont(title.font())
        font.setPixelSize(scaled(21))
        font.setWeight(QFont.Weight.Bold)
        title.setFont(font)
        row.addWidget(sign)
        row.addWidget(title, 1)
        self.rows.addLayout(row)
