"""Presets: a name for settings, filled in where it is read."""

from typing import Any

import pytest

from llmpost.engine.request import Asked, asked_of_batch
from llmpost.errors import PolicyError, RequestError
from llmpost.policy import SETTINGS, Policy, read_settings
from llmpost.policy.presets import PRESETS

NAMES = tuple(PRESETS)
DISTRIBUTION = {"temperature", "top_k", "top_p", "min_p"}


def asked(given: dict[str, Any], size: int | None = None) -> list[dict[str, Any]]:
    requests, _ = asked_of_batch(given, size)
    return [request.settings.given() for request in requests if isinstance(request, Asked)]


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_what_somebody_would_have_written(name: str) -> None:
    """What a preset stands for can be written out, and means the same, to the digest."""
    written = Policy.from_dict({"version": 1, "name": "a", "decode": dict(PRESETS[name])})
    named = Policy.from_dict({"version": 1, "name": "a", "decode": {"preset": name}})
    assert named == written
    assert named.digest == written.digest
    assert named.canonical["decode"] == dict(PRESETS[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_speaks_of_the_whole_distribution(name: str) -> None:
    """Nothing of a layer below is left of how the law is bent and cut; of everything else nothing is said."""
    read = read_settings({"preset": name}, "here", PolicyError).given()
    assert set(read) >= DISTRIBUTION
    assert not set(read) & {"do_sample", "seed", "n", "max_new_tokens", "stop"}
    assert {key: SETTINGS[key].read(value) for key, value in read.items()} == read


def test_a_setting_beside_a_preset_wins() -> None:
    """In whatever order they are written, what is said itself counts."""
    for given in ({"preset": "creative", "min_p": 0.2}, {"min_p": 0.2, "preset": "creative"}):
        read = read_settings(given, "here", PolicyError)
        assert (read.min_p, read.temperature) == (0.2, PRESETS["creative"]["temperature"])


def test_the_preset_of_a_call_lies_over_its_policys_settings() -> None:
    """A layer's preset is that layer's settings: over those below, under those above."""
    policy = read_settings({"temperature": 0.3, "top_p": 0.5, "seed": 7}, "policy", PolicyError)
    call = read_settings({"preset": "diverse"}, "call", RequestError)
    assert call.over(policy).given() == {**PRESETS["diverse"], "seed": 7}
    above = read_settings({"temperature": 0}, "call", RequestError)
    assert above.over(call).temperature == 0


def test_in_a_batch_what_all_share_lies_over_what_a_preset_of_one_means() -> None:
    """A setting given once for all requests stands beside the preset that each of them has of its own."""
    first, second = asked({"preset": ["precise", "diverse"], "temperature": 0.4}, 2)
    assert (first["temperature"], second["temperature"]) == (0.4, 0.4)
    assert (first["min_p"], second["min_p"]) == (PRESETS["precise"]["min_p"], PRESETS["diverse"]["min_p"])
    assert asked({"preset": "precise"}, 2) == [dict(PRESETS["precise"])] * 2
    assert asked({"preset": ["precise", None]}, 2) == [dict(PRESETS["precise"]), {}]


@pytest.mark.parametrize("given", ["creativ", "", 1, True, None, ["creative"], {"name": "creative"}])
def test_what_is_no_preset_is_refused(given: Any) -> None:
    """The error names the four that there are; no preset at all is None."""
    if given is None:
        assert read_settings({"preset": None}, "here", PolicyError).given() == {}
        return
    with pytest.raises(PolicyError) as caught:
        read_settings({"preset": given}, "here", PolicyError)
    assert caught.value.where == "here.preset"
    assert all(name in caught.value.allowed for name in NAMES)
