"""The child's side of readers' own templates: limits for the whole process, then one document after the other.

From the first line on this process can write no file, can take so much memory and no more, and finds the network's door
closed (``child.py`` sets the proxies); its parent watches the clock.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from letstalk_desktop.exporting.pdf import Typesetter
from letstalk_desktop.exporting.rendered import Rendered
from letstalk_desktop.exporting.template_files import MOST, TemplateFault, links_out_of, too_large
from letstalk_desktop.exporting.template_text import fill_in
from letstalk_desktop.language import N_

MEMORY = 3_000_000_000  # bytes of address space


class OwnTemplates:
    """Makes documents with the templates of a folder."""

    def __init__(self, fonts: Path, folder: Path) -> None:
        """Raises ``ExportError``."""
        _limit_this_process()
        self._folder = folder.resolve()
        self._fonts = fonts
        self._typesetter: Typesetter | None = None

    def typeset(
        self, document: str, shape: str, *, attachment: bytes | None = None, image_ppi: float | None = None
    ) -> Rendered:
        """The document that the template in the file ``shape`` makes. Raises ``ExportError``."""
        for name in links_out_of(self._folder):
            raise TemplateFault(shape, 0, N_("the link {name} beside it leads out of the folder of templates"), name=name)
        try:
            if shape.lower().endswith(".typ"):
                if self._typesetter is None:
                    self._typesetter = Typesetter(self._fonts, self._folder)
                made = self._typesetter.typeset_own(document, shape, attachment=attachment, image_ppi=image_ppi)
            else:
                text = fill_in(self._folder, shape, json.loads(document), attachment)
                made = Rendered((text.encode("utf-8"),))
        except MemoryError as error:
            raise TemplateFault(shape, 0, N_("it needs more memory than templates may have")) from error
        if sum(map(len, made.content)) > MOST:
            raise too_large(shape)
        return made


def _limit_this_process() -> None:
    """No files written, no core dump, so much memory; where the system knows such limits."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in ((resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY)):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):  # macOS refuses to limit memory
            continue
