"""How much a word tells: nats of information, by how often it stands in the text and in the language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

from letstalk_desktop.annotations.anchoring.words import Vocabulary, fold

# They stand everywhere in English and French prose; each is taken to be one word in a hundred before counting.
_COMMON_WORDS = """
a about after all also an and any are as at be been before but by can could did do does each for from had has have he
her his how i if in into is it its just like may more most must my no not of on one only or other our out over same
should so some such t s than that the their them then there these they this those through to under up us use used
using very was we were what when where which who will with without would you your au aux avec c ce ces cet cette comme
d dans de des donc du elle elles en entre est et été être eu fait il ils j je l la le les leur leurs lors lui m mais
me même moi mon n ne nos notre nous ont ou où par pas peut plus pour qu quand que qui sa sans se ses si son sont sous
sur ta te tes ton tous tout toute toutes très tu un une va vers vos votre vous y
"""
_PRIOR_WORDS = 300.0  # the prior counts as much as so many words of text
_PRIOR_COMMON = 0.01
_PRIOR_OTHER = 0.0002


class Weights:
    """Nats by word number, from the counts in the given texts together and what is common in the language."""

    def __init__(self, vocabulary: Vocabulary, *texts: Iterable[int]) -> None:
        self._vocabulary = vocabulary
        self._counts: Counter[int] = Counter()
        for words in texts:
            self._counts.update(words)
        self._total = _PRIOR_WORDS + sum(self._counts.values())
        self.nats: list[float] = []
        self._common = frozenset(fold(word) for word in _COMMON_WORDS.split())
        self.cover()

    def cover(self) -> None:
        """Take in words that the vocabulary has learned since."""
        for number in range(len(self.nats), len(self._vocabulary)):
            spelled = self._vocabulary.spelled[number]
            common = spelled in self._common or (len(spelled) == 1 and not spelled.isdigit())
            prior = _PRIOR_COMMON if common else _PRIOR_OTHER
            self.nats.append(-log((self._counts[number] + _PRIOR_WORDS * prior) / self._total))
