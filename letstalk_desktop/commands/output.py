"""What goes to the terminal: text that survives any terminal, one JSON document, warnings beside it."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from letstalk_desktop.errors import WorldError
from letstalk_desktop.language import N_

_PLAIN = {
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‑": "-",
    "•": "*",
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
}
_ERRORS = "letstalk-plainly"


class OutputError(WorldError):
    """The answer could not be written where it was sent."""


@contextmanager
def _writing() -> Iterator[None]:
    """A full disk behind a redirection is the world's fault. ``BrokenPipeError`` (nobody reads on) goes through."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        template = N_("The answer could not be written out ({reason}). Make room, or send it elsewhere.")
        raise OutputError(template, reason=error.strerror or error) from error


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """What a terminal cannot show, in plainer characters; as a code where there are none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_plainer(character) for character in error.object[error.start : error.end]), error.end


def _plainer(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    decomposed = unicodedata.normalize("NFKD", character)
    plain = decomposed.encode("ascii", "ignore").decode("ascii")
    return plain or character.encode("ascii", "backslashreplace").decode("ascii")


def prepare_streams() -> None:
    """Nothing that is printed stops the program, whatever the terminal can show."""
    codecs.register_error(_ERRORS, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_ERRORS)


def say(text: str = "") -> None:
    """A line of the answer."""
    with _writing():
        print(text)


def finish() -> None:
    """Send out what still waits in the buffer."""
    if sys.stdout is not None:
        with _writing():
            sys.stdout.flush()


def warn(text: str) -> None:
    """A sentence beside the answer, on the error stream."""
    print(f"letstalk: {text}", file=sys.stderr)


def print_json(value: object) -> None:
    """The answer as one JSON document: readable where the stream is UTF-8, else in ASCII, which every encoding holds."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    ascii_only = codecs.lookup(encoding).name != "utf-8"
    say(json.dumps(value, ensure_ascii=ascii_only, indent=2))


def print_exactly(text: str) -> None:
    """The text in UTF-8, byte for byte, without a line end of ours."""
    if sys.stdout is not None:
        finish()
        with _writing():
            sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
            sys.stdout.buffer.flush()
