"""The detector of languages, ``use: language``: stretches of a text in a language that a policy does not allow.

The label is the language, by its code. Stretches whose language nobody could say are let be, unless a policy wants
them found, too. Which words are foreign within a sentence is not known here: a stretch has one language.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from llmpost.errors import suggestion
from llmpost.guards.language.identify import CONFIDENCE, UNDETERMINED, identify, known_languages
from llmpost.guards.options import Options
from llmpost.guards.passages import Opinion, PassageGuard

SIZE, STEP = 512, 256
"""Characters: enough to be sure, and little enough that a foreign paragraph is not outvoted."""
_UNSURE = "in no language that could be told"


def language(allow: Collection[str], finds_undetermined: bool = False, confidence: float = CONFIDENCE) -> PassageGuard:
    """A `FollowingGuard`.

    >>> from llmpost.contracts.guard import GuardContext
    >>> text = "Leider habe ich dazu keine Informationen gefunden."
    >>> [found.label for found in language(["en", "fr"]).inspect(text, GuardContext())]
    ['de']
    """
    scores = {code: (confidence, 1.0) for code in known_languages() if code not in allow}
    if finds_undetermined:
        scores[UNDETERMINED] = (0.0, 1.0)

    def weigh(passage: str) -> dict[str, Opinion]:
        code, score = identify(passage, confidence)
        reason = _UNSURE if code == UNDETERMINED else "in a language that is not allowed"
        return {code: Opinion(score, reason)} if code in scores else {}

    return PassageGuard("language", weigh, MappingProxyType(scores), SIZE, STEP)


def build(options: Options) -> PassageGuard:
    """`allow`: codes; `undetermined`: whether what nobody could tell is found; `confidence`: how sure one must be."""
    allow, known = options.texts("allow"), known_languages()
    if not allow:
        raise options.error("allow", "a list of languages", "Write allow: [en, de], say.")
    unknown = next((code for code in allow if code not in known), None)
    if unknown is not None:
        raise options.error("allow", f"languages out of {', '.join(known)}", suggestion(unknown, known))
    finds = options.flag("undetermined", False)
    confidence = options.number("confidence", CONFIDENCE, low=0.5, high=1.0) or CONFIDENCE
    options.finish()
    return language(allow, finds, confidence)
