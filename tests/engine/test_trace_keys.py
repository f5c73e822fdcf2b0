"""Keys of records: handed in, or in the variables that a policy names; asked for when an engine is put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from listing_recorder import Listing
from speaking_engine import speaking

from llmpost.engine import Checker
from llmpost.engine.recording.keys import keys_of
from llmpost.engine.surroundings import Surroundings
from llmpost.errors import PolicyError
from llmpost.policy import Policy
from llmpost.traces.keeping import Keeper, tokens_of, unsealed
from llmpost.traces.lines import to_line
from llmpost.traces.sealing import Part, Sealer

OBVIOUSLY_FAKE = "0f" * 32


def policy(**trace: Any) -> Policy:
    return Policy.from_dict({"version": 1, "name": "mine", "trace": trace})


def test_what_is_handed_in_counts_first() -> None:
    """Before what a policy names, and that before the key that everything else depends on."""
    named = policy(store="raw", key={"env": "FAKE_KEY"}, seal={"env": "FAKE_SEAL"})
    environment = {"FAKE_KEY": " from the environment\n", "FAKE_SEAL": OBVIOUSLY_FAKE}
    keys = keys_of(named, Surroundings(key=b"own"), environment)
    assert (keys.digest, keys.seal) == (b"from the environment", bytes.fromhex(OBVIOUSLY_FAKE))
    given = keys_of(named, Surroundings(trace_key=b"given", seal_key=b"s" * 32), {})
    assert (given.digest, given.seal) == (b"given", b"s" * 32)
    assert keys_of(policy(), Surroundings(key=b"own"), {}).digest == b"own"
    assert "environment" not in repr(keys)


@pytest.mark.parametrize("name", ["key", "seal"])
@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_missing_key_is_said_before_anything_runs(name: str, value: str | None) -> None:
    """Where it should be, and how else it can be given."""
    environment = {} if value is None else {"FAKE": value}
    message = rf"policy.trace.{name}: the variable FAKE is not set in the environment. Set it .* trace_key=, seal_key="
    with pytest.raises(PolicyError, match=message):
        keys_of(policy(store="raw", **{name: {"env": "FAKE"}}), Surroundings(), environment)


def test_a_key_that_is_none_is_not_quoted() -> None:
    """A seal that is no key of 32 bytes is refused, and nothing of it told."""
    with pytest.raises(PolicyError, match=r"policy\.trace\.seal: something else is not a key of 32 bytes") as caught:
        keys_of(policy(store="raw", seal={"env": "FAKE"}), Surroundings(), {"FAKE": "swordfish"})
    assert "swordfish" not in str(caught.value)


def test_keys_are_asked_for_where_records_are_kept(tmp_path: Path) -> None:
    """When an engine or a checker is made, and when a call brings a policy; nowhere if nothing is recorded."""
    named = policy(key={"env": "LLMPOST_TEST_NO_SUCH_VARIABLE"})
    with pytest.raises(PolicyError, match="LLMPOST_TEST_NO_SUCH_VARIABLE"):
        Checker(named, Surroundings(trace=tmp_path / "traces"))
    assert not (tmp_path / "traces").exists()
    made = Checker("bare", Surroundings(trace=Listing()))
    with pytest.raises(PolicyError, match="LLMPOST_TEST_NO_SUCH_VARIABLE"):
        made.check("text", policy=named)
    with pytest.raises(PolicyError, match="LLMPOST_TEST_NO_SUCH_VARIABLE"):
        speaking(["fine"], trace=Listing()).generate("a>", policy=named)
    assert Checker(named).check("text").text == "text"


def test_digests_are_keyed() -> None:
    """The same text has the same digest under the same key, another under another, and none without."""
    records = Listing()
    for key in (b"one", b"other", b"one", b""):
        Checker("bare", Surroundings(trace=records, trace_key=key)).check("text")
    first, second, third, fourth = (record.raw.digest for record in records)
    assert first == third == Keeper("digest", b"one").digest("text")
    assert first != second
    assert fourth == ""


def test_raw_texts_are_sealed() -> None:
    """With a key to seal with no text is to be read, and no token: each is opened by that key in its own place."""
    own = {"version": 1, "trace": {"store": "raw", "logits": 2}, "guards": [{"use": "pii", "on": "input"}]}
    records, key = Listing(), b"s" * 32
    engine = speaking(["swordfish"], policy=own, trace=records, seal_key=key)
    engine.generate("tuna>", trace_masked=1, regex="swordfish")
    record = records.only
    line = to_line(record).decode()
    assert "swordfish" not in line
    assert "tuna" not in line
    assert (record.tokens, record.trace.masked) == (None, ())
    parts = {"raw": record.raw, "released": record.released, "prompt": record.prompt, "inputs[0]": record.inputs[0]}
    opened = {name: unsealed(kept, key, Part(record.id, 0, name)) for name, kept in parts.items() if kept is not None}
    assert opened == {"raw": "swordfish", "released": "swordfish", "prompt": "tuna>", "inputs[0]": "tuna>"}


def test_sealed_tokens_are_opened_as_they_were() -> None:
    """What decoding can be replayed with is the same, sealed or not."""
    own = {"version": 1, "trace": {"store": "raw", "logits": 2}}
    records, key = Listing(), b"s" * 32
    speaking(["swordfish"], policy=own, trace=records, seal_key=key).generate("tuna>")
    speaking(["swordfish"], policy=own, trace=records).generate("tuna>")
    sealed, plain = records
    assert (sealed.tokens, plain.sealed_tokens) == (None, None)
    assert tokens_of(sealed, Sealer(key)) == tokens_of(plain) == plain.tokens
    assert tokens_of(sealed) is None
