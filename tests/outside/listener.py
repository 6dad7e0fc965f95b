"""What a screen reader meets: the program's tree, text and events over AT-SPI, as JSON lines for a test in another process.

Run by the system's Python, whose gi knows AT-SPI: ``listener.py COMMAND...`` starts the program in the same session, and
answers each question on its standard input, ``{"ask": ..., ...}``, with a marked line on its standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE = 60.0
MARK = "answer: "  # other programs of the session write here too
EVENTS = ("object:announcement", "object:text-caret-moved", "object:state-changed:focused")
STATES = ("ENABLED", "EXPANDED", "FOCUSABLE", "FOCUSED", "MULTI_LINE", "READ_ONLY", "SELECTED", "SHOWING")


def main() -> None:
    program = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    heard: list[dict[str, Any]] = []
    listener = Atspi.EventListener.new(lambda event: heard.append(_event(event)))
    for kind in EVENTS:
        listener.register(kind)
    try:
        for line in sys.stdin:
            question = json.loads(line)
            _let_events_come()
            print(MARK + json.dumps(_patiently(question, heard)), flush=True)
    finally:
        program.terminate()
        program.wait()


def _patiently(question: dict[str, Any], heard: list[dict[str, Any]]) -> Any:
    """The answer; asked again where something went away while it was being looked at."""
    for _attempt in range(5):
        try:
            return _answer(question, heard)
        except GLib.GError:
            _let_events_come()
    return None


def _answer(question: dict[str, Any], heard: list[dict[str, Any]]) -> Any:
    ask = question["ask"]
    if ask == "tree":
        return _tree(_program())
    if ask == "text":
        found = _find(_program(), question["role"], question["name"])
        if found is None:
            return None
        text = found.get_text_iface()
        return {"text": text.get_text(0, text.get_character_count()), "caret": text.get_caret_offset()}
    if ask == "caret":
        found = _find(_program(), question["role"], question["name"])
        return found is not None and found.get_text_iface().set_caret_offset(question["offset"])
    if ask == "focus":
        found = _find(_program(), question["role"], question["name"])
        return found is not None and found.get_component_iface().grab_focus()
    if ask == "act":
        found = _find(_program(), question["role"], question["name"])
        return found is not None and found.get_action_iface().do_action(0)
    if ask == "events":
        events, heard[:] = list(heard), []
        return events
    raise ValueError(ask)


def _let_events_come() -> None:
    context = GLib.MainContext.default()
    until = time.monotonic() + 0.05
    while time.monotonic() < until:
        if not context.iteration(False):
            time.sleep(0.005)


def _program() -> Any:
    """The program's place in the tree, once it has a window."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_child_count():
                return child
        _let_events_come()
    raise TimeoutError("no program with a window")


def _children(node: Any) -> list[Any]:
    return [one for one in (node.get_child_at_index(index) for index in range(node.get_child_count())) if one is not None]


def _tree(node: Any) -> dict[str, Any]:
    states = node.get_state_set()
    return {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "description": node.get_description() or "",
        "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name))],
        "interfaces": node.get_interfaces(),
        "children": [_tree(child) for child in _children(node)],
    }


def _find(node: Any, role: str, name: str) -> Any:
    """The first object with this role whose name begins so."""
    if node.get_role_name() == role and (node.get_name() or "").startswith(name):
        return node
    return next((found for found in (_find(child, role, name) for child in _children(node)) if found is not None), None)


def _event(event: Any) -> dict[str, Any]:
    data = event.any_data if isinstance(event.any_data, str) else ""
    try:
        name, role = event.source.get_name(), event.source.get_role_name()
    except (AttributeError, GLib.GError):  # it was gone before it could be asked
        name, role = "", ""
    return {"type": event.type, "name": name, "role": role, "detail": event.detail1, "words": data}


if __name__ == "__main__":
    main()
