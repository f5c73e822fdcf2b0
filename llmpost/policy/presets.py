"""Presets: four ways to draw tokens, each under a name; what a name stands for is what somebody would have written.

A preset says how the model's law is bent and cut, and nothing of lengths, stops or seeds. It says that in full, what it
leaves alone too, so that under it neither the model's own habits nor those of a layer below are left over. Which one is
for what, and where the numbers come from, is in docs/decode-presets.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


def _preset(**settings: Any) -> Mapping[str, Any]:
    return MappingProxyType(settings)


PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "precise": _preset(
            temperature=0.0,
            top_k=0,
            top_p=1.0,
            min_p=0.0,
            # what is copied out of a prompt repeats it: no penalty may speak against that
            repetition_penalty=1.0,
            presence_penalty=0.0,
            frequency_penalty=0.0,
            no_repeat_ngram_size=0,
        ),
        "balanced": _preset(temperature=0.7, top_k=0, top_p=0.9, min_p=0.0),
        "creative": _preset(temperature=1.0, top_k=0, top_p=1.0, min_p=0.05),
        # the cut is made behind the temperature: a tenth as likely there is a thirtieth (0.1 ** 1.5) to the model
        "diverse": _preset(temperature=1.5, top_k=0, top_p=1.0, min_p=0.1),
    }
)
"""By name, as settings that were read. None says ``do_sample``: a temperature given elsewhere still decides that."""
