"""The words of Python's argument parser in our catalogue.

``argparse`` asks the gettext module for its own messages, with ``%`` fields. They are marked here so that the catalogue holds
them; ``translated`` makes the module look there.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from letstalk_desktop.language import DOMAIN, N_, Translator

WORDS = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)


@contextmanager
def translated(tr: Translator, locale: Path) -> Iterator[None]:
    """While this lasts the argument parser speaks the translator's language, whatever the environment says."""
    domain, known = gettext.textdomain(), os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = tr.language
    gettext.bindtextdomain(DOMAIN, str(locale))
    gettext.textdomain(DOMAIN)
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if known is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = known
