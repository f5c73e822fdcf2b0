"""What a model is given goes through the guards of the input side, before anything runs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile_guards import Pattern
from speaking_engine import speaking

from llmpost.contracts.guard import Finding, GuardContext
from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Engine
from llmpost.guards.vault import Vault

SECRET = "swordfish"
TOY = {"toy": Pattern(SECRET, "WORD", reach=len(SECRET))}


class Listening:
    """Finds nothing, and remembers what it was told besides."""

    name, reach, context = "listening", 0, 0

    def __init__(self) -> None:
        self.heard: list[GuardContext] = []

    def inspect(self, text: str, context: GuardContext) -> list[Finding]:
        self.heard.append(context)
        return []


def policy(action: Any = "block", **more: Any) -> dict[str, Any]:
    toy = {"use": "toy", "action": action, "on": "input"}
    return {"version": 1, "name": "toys", "notice": "[cut]", "guards": [toy, {"use": "listening", **more}]}


def listening(action: Any, *answers: str, **around: Any) -> tuple[Engine, Listening]:
    ears = Listening()
    return speaking(
        *([answer] for answer in answers), policy=policy(action), guards={**TOY, "listening": ears}, **around
    ), ears


def test_a_blocked_prompt_never_comes_to_the_model() -> None:
    """No forward is run; the result is blocked, says what its policy says, and nothing of the prompt."""
    engine, _ = listening("block", "fine")
    result = engine.generate(f"say {SECRET}>", n=2, temperature=1.0)
    assert (result.text, result.finish_reason, result.verdict.decided_by) == ("[cut]", "blocked", "toy")
    assert [candidate.text for candidate in result.candidates] == ["[cut]", "[cut]"]
    assert engine.loaded.model.num_forwards == 0
    assert SECRET not in json.dumps(result.to_dict())
    piece, last = engine.stream(f"say {SECRET}>")
    assert isinstance(piece, TextDelta)
    assert isinstance(last, Finished)
    assert (piece.text, last.result.finish_reason) == ("[cut]", "blocked")
    results = engine.generate([f"{SECRET}>", "a>"])
    assert [each.text for each in results] == ["[cut]", "fine"]


def test_a_changed_prompt_is_what_the_model_reads() -> None:
    """A redaction changes the prompt, for the model and for the guards of its answer; the trace says so."""
    engine, ears = listening("redact", "fine")
    result = engine.generate(f"say {SECRET}>")
    assert result.usage.prompt_tokens == len("say [WORD]>")
    assert ears.heard[-1].prompt == "say [WORD]>"
    assert "the prompt was changed by its guards" in result.trace.notes
    assert [(outcome.guard, outcome.side, outcome.status) for outcome in result.verdict.outcomes] == [
        ("toy", "input", "changed"), ("listening", "output", "passed"),
    ]  # fmt: skip
    assert [inspection.side for inspection in result.trace.inspections] == ["input", "output"]
    assert SECRET not in json.dumps(result.to_dict())


def test_what_the_operator_says_is_not_looked_at(random_chat_model_folder: Any) -> None:
    """System messages come from whoever runs the program; all others are looked at."""
    ears = Listening()
    engine = Engine.load(str(random_chat_model_folder), policy("redact"), guards={**TOY, "listening": ears})
    said = [("system", f"a {SECRET}"), ("user", f"b {SECRET}"), ("assistant", "c"), ("user", "d")]
    messages = [{"role": role, "content": content} for role, content in said]
    result = engine.generate(messages, max_new_tokens=1)
    assert ears.heard[-1].system == f"a {SECRET}"
    assert ears.heard[-1].prompt == f"a {SECRET}\nb [WORD]\nc\nd"
    assert [inspection.note for inspection in result.trace.inspections] == [
        "messages[1]", "messages[2]", "messages[3]", "",
    ]  # fmt: skip


def test_token_ids_are_read_as_their_text() -> None:
    """A prompt of ids is looked at, too; it cannot be changed, so whoever would change it blocks it."""
    engine, ears = listening("redact", "fine")
    clean, dirty = list(b"abc>"), list(f"{SECRET}>".encode())
    assert engine.generate(clean).text == "fine"
    assert ears.heard[-1].prompt == "abc>"
    result = engine.generate(dirty)
    assert (result.text, result.finish_reason) == ("[cut]", "blocked")
    assert "a prompt of token ids cannot be changed" in result.trace.notes


def test_a_prompt_may_be_sent_elsewhere() -> None:
    """`reroute` on the input side: another policy and model have the prompt, whose guards look at it in their turn."""
    other = speaking(["from the other"])
    strict = {"version": 1, "name": "strict", "guards": [{"use": "toy", "action": "redact", "on": "input"}]}
    engine, _ = listening(
        {"reroute": {"policy": "strict", "model": "other"}},
        "fine",
        policies={"strict": strict},
        models={"other": other},
    )
    result = engine.generate(f"say {SECRET}>")
    assert (result.text, result.trace.policy) == ("from the other", "strict")
    assert result.usage.prompt_tokens == len("say [WORD]>")
    assert engine.loaded.model.num_forwards == 0


def test_a_prompt_that_goes_in_circles_is_blocked() -> None:
    """Two policies that hand a prompt to each other end in a block, streamed and not."""
    guards = [{"use": "toy", "action": {"reroute": {"policy": "circle"}}, "on": "input"}]
    circle = {"version": 1, "name": "circle", "notice": "[cut]", "guards": guards}
    engine = speaking(["fine"], policy="circle", policies={"circle": circle}, guards=TOY)
    result = engine.generate(f"{SECRET}>")
    assert (result.text, result.verdict.action, result.finish_reason) == ("[cut]", "block", "blocked")
    *_, last = engine.stream(f"{SECRET}>")
    assert isinstance(last, Finished)
    assert (last.result.text, last.result.verdict.action) == ("[cut]", "block")
    assert engine.loaded.model.num_forwards == 0


def test_pseudonyms_can_be_turned_back() -> None:
    """A vault of one's own knows who is behind the pseudonyms in prompt and answer."""
    vault = Vault()
    engine, ears = listening("pseudonymise", "I know [WORD_1]")
    result = engine.generate(f"who is {SECRET}>", vault=vault)
    assert ears.heard[-1].prompt == "who is [WORD_1]>"
    assert vault.restore(result.text) == f"I know {SECRET}"


@pytest.mark.parametrize("prompt", [7, None, {"role": "user"}, [], ["a>", 3]])
def test_no_prompt_is_no_prompt(prompt: Any) -> None:
    """What is no prompt without guards is none with them, and the error is the same."""
    engine, _ = listening("redact", "fine")
    errors = []
    for name in ("bare", None):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the same one, whatever it is
            engine.generate(prompt, policy=name)
        errors.append((type(caught.value), str(caught.value)))
    assert errors[0] == errors[1]
