"""The time of each slide. Times are seconds on any steady clock."""

from __future__ import annotations


class SlideClock:
    """Counts how long each slide has been shown; coming back to a slide goes on from there."""

    def __init__(self, now: float) -> None:
        self._spent: dict[str, float] = {}
        self._key = ""
        self._since: float | None = now
        self._begun = now

    def show(self, key: str, now: float) -> None:
        """This slide is shown from now on."""
        self._settle(now)
        self._key = key

    def toggle(self, now: float) -> None:
        """Pause, or go on."""
        self._settle(now)
        self._since = now if self._since is None else None

    def restart(self, now: float) -> None:
        """The slide at hand begins again."""
        self._settle(now)
        self._spent[self._key] = 0.0

    @property
    def paused(self) -> bool:
        """True while no time counts."""
        return self._since is None

    def spent(self, now: float) -> float:
        """Seconds that the slide at hand has been shown."""
        running = now - self._since if self._since is not None else 0.0
        return self._spent.get(self._key, 0.0) + running

    def whole(self, now: float) -> float:
        """Seconds since the beginning, pauses included."""
        return now - self._begun

    def _settle(self, now: float) -> None:
        if self._since is not None:
            self._spent[self._key] = self._spent.get(self._key, 0.0) + now - self._since
            self._since = now


def clock_words(spent: float, minutes: int) -> str:
    """What is left of so many minutes ("4:05"), what is over them ("+0:10"), or without minutes what has passed."""
    seconds = int(spent)
    if not minutes:
        return _words(seconds)
    left = minutes * 60 - seconds
    return _words(left) if left >= 0 else f"+{_words(-left)}"


def _words(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
