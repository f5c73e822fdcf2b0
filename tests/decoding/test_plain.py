"""The plain decoder, its picks sent by hand: no model, no sampler, no driver."""

from collections.abc import Iterable

import pytest
from toy_constraints import OneOf

from llmpost.contracts.decoder import Ask, Decoder, Finish, OutOfTime
from llmpost.contracts.model import Feed
from llmpost.contracts.pick import Logprobs, Pick
from llmpost.decoding import Assignment, decode_plainly
from llmpost.vocabulary import Detokenizer, Vocabulary

VOCABULARY = Vocabulary.from_tokens([b"a", b"b", b"\xc3", b"\xa9", b"", b"ST", b"OP"], eos_ids=[4])
END = 4


def assignment(**changes: object) -> Assignment:
    return Assignment(prompt=(0, 1), detokenizer=Detokenizer(VOCABULARY), **{"max_new_tokens": 10, **changes})  # type: ignore[arg-type]


def decode(decoder: Decoder, tokens: Iterable[int]) -> tuple[list[Ask], Finish]:
    asks = [next(decoder)]
    try:
        for token in tokens:
            asks.append(decoder.send([Pick(token)]))  # noqa: PERF401 - the asks before the end must be kept
    except StopIteration as stop:
        return asks, stop.value
    raise AssertionError("the decoder wants more")


def text_of(asks: list[Ask], finish: Finish) -> str:
    commits = [commit for ask in asks for commit in ask.commits] + list(finish.commits)
    return "".join(commit.text for commit in commits) + finish.text


def test_prompt_is_fed_once_then_one_token_at_a_time() -> None:
    """The first feed is the prompt; each later one the last token behind all that was fed."""
    asks, _ = decode(decode_plainly(assignment(max_new_tokens=3)), [0, 1, 0])
    assert [ask.feeds for ask in asks] == [(Feed((0, 1), 0),), (Feed((0,), 2),), (Feed((1,), 3),)]
    assert [ask.steps[0].context.output.tolist() for ask in asks] == [[], [0], [0, 1]]


def test_length_ends_after_so_many_tokens() -> None:
    """`max_new_tokens` tokens are committed, and not one more is asked for."""
    asks, finish = decode(decode_plainly(assignment(max_new_tokens=2)), [0, 1])
    assert finish.reason == "length"
    assert text_of(asks, finish) == "ab"


def test_end_id_is_committed_without_text() -> None:
    """An end id stops, is part of the tokens, and adds no text."""
    asks, finish = decode(decode_plainly(assignment(end_ids=frozenset({END}))), [0, END])
    assert (finish.reason, finish.stop, finish.commits[0].pick.token) == ("stop", None, END)
    assert text_of(asks, finish) == "a"


def test_stop_string_across_tokens_is_never_shown() -> None:
    """A stop string that spans two tokens ends the output before its first character."""
    asks, finish = decode(decode_plainly(assignment(stop=("STOP",))), [0, 5, 6])
    assert (finish.reason, finish.stop) == ("stop", "STOP")
    assert text_of(asks, finish) == "a"


def test_text_held_for_a_stop_string_that_never_comes_is_released() -> None:
    """What was held back is part of the text when the output ends otherwise."""
    asks, finish = decode(decode_plainly(assignment(max_new_tokens=2, stop=("STOP",))), [0, 5])
    assert text_of(asks, finish) == "aST"


def test_half_a_character_at_the_end_becomes_one_replacement() -> None:
    """Bytes that wait for the rest of their character end as U+FFFD, once."""
    asks, finish = decode(decode_plainly(assignment(max_new_tokens=2)), [0, 2])
    assert text_of(asks, finish) == "a\N{REPLACEMENT CHARACTER}"


def test_out_of_time_ends_with_what_there_is() -> None:
    """A decoder told that time is over returns at once, with the text it held."""
    decoder = decode_plainly(assignment(stop=("STOP",)))
    next(decoder)
    decoder.send([Pick(5)])
    with pytest.raises(StopIteration) as stop:
        decoder.throw(OutOfTime())
    assert (stop.value.value.reason, stop.value.value.text) == ("time", "ST")


class Counting:
    """A stage that remembers how many tokens it saw, and how likely they were."""

    name = "counting"

    def remember(self, memory: object, token: int, logprob: float) -> tuple[object, int, float]:
        return memory, token, logprob


def test_a_remembering_stage_gets_its_memory_back() -> None:
    """After each token the memory is what the stage made of the one before; nothing is kept in the stage."""
    decoder = decode_plainly(assignment(remembering=(Counting(),), max_new_tokens=3))
    assert next(decoder).steps[0].num_top_logprobs == 0, "a remembering stage needs to be told log-probabilities"
    decoder.send([Pick(0, Logprobs(-1.0, -2.0))])
    ask = decoder.send([Pick(1, Logprobs(-1.0, -3.0))])
    assert ask.steps[0].memories == {"counting": ((None, 0, -2.0), 1, -3.0)}


def test_companions_are_fed_the_same_output() -> None:
    """Each other model gets its own prompt first and then every token that was drawn."""
    decoder = decode_plainly(assignment(companions={"negative": (1, 1, 1)}, max_new_tokens=2))
    assert next(decoder).feeds[1] == Feed((1, 1, 1), 0, model="negative")
    assert decoder.send([Pick(0)]).feeds[1] == Feed((0,), 3, model="negative")


def test_the_state_goes_from_token_to_token() -> None:
    """Each step carries the state after all tokens before it; the end id is the decoder's business as ever."""
    language = OneOf([(0, 1), (0, 0, 1)], end_ids=(END,))
    start = language.start()
    asks, finish = decode(decode_plainly(assignment(constraint=start, end_ids=frozenset({END}))), [0, 0, 1, END])
    after = [start, start.advance(0), start.advance(0).advance(0), start.advance(0).advance(0).advance(1)]
    assert [ask.steps[0].constraint for ask in asks] == after
    assert (finish.reason, text_of(asks, finish)) == ("stop", "aab")


def test_a_finished_constraint_ends_the_output() -> None:
    """By an id that the decoder does not know as an end id; the id is committed."""
    start = OneOf([(0,)], end_ids=(1,)).start()
    _, finish = decode(decode_plainly(assignment(constraint=start, end_ids=frozenset({END}))), [0, 1])
    assert (finish.reason, finish.commits[0].pick.token) == ("stop", 1)


def test_without_end_ids_a_complete_text_ends_where_nothing_may_follow() -> None:
    """Not where it merely could end."""
    start = OneOf([(0,), (0, 1)]).start()
    asks, finish = decode(decode_plainly(assignment(constraint=start)), [0, 1])
    assert len(asks) == 2
    assert (finish.reason, text_of(asks, finish)) == ("stop", "ab")
