"""``Engine.stream``: the pieces are the text, closing frees everything, and threads do not meet."""

import threading
from pathlib import Path

import pytest

from llmpost.contracts.result import Finished, TextDelta
from llmpost.engine import Engine
from llmpost.errors import DeadEnd, RequestError
from llmpost.testing import random_script, scripted_engine

LETTERS = [bytes([97 + i]) for i in range(26)]


@pytest.fixture(scope="module")
def engine(random_model_folder: Path) -> Engine:
    return Engine.load(str(random_model_folder))


def test_pieces_joined_are_the_text(engine: Engine) -> None:
    """The pieces of a stream, joined, are the result's text, and the result is what ``generate`` gives."""
    settings = {"temperature": 1.3, "seed": 9, "max_new_tokens": 40, "stop": "zz"}
    *pieces, last = engine.stream("stream", **settings)
    assert isinstance(last, Finished)
    assert all(isinstance(piece, TextDelta) and piece.text for piece in pieces)
    assert "".join(piece.text for piece in pieces) == last.result.text
    assert last.result.token_ids == engine.generate("stream", **settings).token_ids


def test_candidates_stream_side_by_side(engine: Engine) -> None:
    """Each candidate's pieces carry its number and join to its own text."""
    *pieces, last = engine.stream("stream", temperature=1.3, seed=9, n=3, max_new_tokens=10)
    for number, candidate in enumerate(last.result.candidates):
        assert "".join(piece.text for piece in pieces if piece.candidate == number) == candidate.text


def test_an_abandoned_stream_frees_its_slots() -> None:
    """Closing a stream half way leaves nothing open in the model."""
    engine = scripted_engine(random_script(26), LETTERS)
    stream = engine.stream("a", temperature=1.0, seed=1, n=4, max_new_tokens=100)
    next(stream)
    assert engine.loaded.model.num_open == 4
    stream.close()
    assert engine.loaded.model.num_open == 0


def test_errors_come_before_the_first_piece_or_after_the_last() -> None:
    """A bad argument raises when the stream is opened; a dead end raises where it happens."""
    engine = scripted_engine(random_script(3), [b"a", b"b", b"c"])
    with pytest.raises(RequestError):
        engine.stream("a", top_p=2)
    with pytest.raises(RequestError, match="a list of prompts"):
        engine.stream(["a", "b"])
    stream = engine.stream("a", no_repeat_ngram_size=1, max_new_tokens=9)
    assert len([next(stream), next(stream)]) == 2
    with pytest.raises(DeadEnd):
        next(stream)


def test_threads_get_what_they_would_get_alone(engine: Engine) -> None:
    """Several threads on one engine, batches and streams mixed: everybody gets his own text."""
    prompts = ["first", "the second prompt", "third one", "4"]

    def settings(n: int) -> dict:
        return {"temperature": 0.0 if n % 2 else 1.1, "seed": n, "max_new_tokens": 16}

    alone = [engine.generate(prompt, **settings(n)).token_ids for n, prompt in enumerate(prompts)]
    got: list[object] = [None] * len(prompts)

    def work(n: int) -> None:
        if n == 0:
            got[n] = list(engine.stream(prompts[n], **settings(n)))[-1].result.token_ids
        elif n == 1:
            batch = engine.generate([prompts[n], prompts[n]], **settings(n))
            got[n] = batch[0].token_ids if batch[0].token_ids == batch[1].token_ids else batch
        else:
            got[n] = engine.generate(prompts[n], **settings(n)).token_ids

    for _ in range(5):
        threads = [threading.Thread(target=work, args=(n,)) for n in range(len(prompts))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == alone
