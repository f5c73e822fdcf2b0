"""Nothing comes twice, and everything else may come: masks are what listing all texts finds, however tokens are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_json import LANGUAGES, SOUND, SmallJson, texts_of

from llmpost.constraints.space import Space
from llmpost.constraints.state import State
from llmpost.constraints.tools import PLAIN, best_tools
from llmpost.errors import TokenRejected
from llmpost.vocabulary import Vocabulary

laws = settings(max_examples=15, deadline=None, derandomize=True)
KINDS = {"plain": PLAIN, "compiled": best_tools()}
BYTES = sorted({octet for name in LANGUAGES for text in texts_of(name)[0] for octet in text})


@st.composite
def cuts(draw: st.DrawFn, name: str) -> tuple[list[bytes], list[int]]:
    """Single bytes, pieces of texts of the language, pieces that repeat, and which way to go at each step."""
    texts = sorted(texts_of(name)[0])
    pieces = []
    for text in draw(st.lists(st.sampled_from(texts), min_size=1, max_size=6)):
        first, last = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        piece = text[first:last]
        pieces += [piece, piece + piece[draw(st.integers(0, 2)) :]]
    return [bytes([octet]) for octet in BYTES] + pieces, draw(st.lists(st.integers(0, 1000), max_size=20))


def space_of(tokens: list[bytes], kind: str) -> Space:
    if kind == "compiled" and best_tools() is PLAIN:
        pytest.skip("built without a compiler")
    vocabulary = Vocabulary.from_tokens([b"<end>", *tokens], special_ids=[0], eos_ids=[0])
    return Space(vocabulary, tools=KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", LANGUAGES)
@laws
@given(st.data())
def test_masks_are_what_listing_finds(name: str, kind: str, data: st.DataObject) -> None:
    """A token is allowed exactly when some text that repeats nothing begins so; one by one and all at once."""
    pieces, steps = data.draw(cuts(name))
    space = space_of(pieces, kind)
    texts, beginnings = texts_of(name)
    state, text = SmallJson(name).constraint(space).start(), b""
    for step in [*steps, *[0] * 40]:
        written = [(token, octets) for token, octets in enumerate(space.tokens.texts) if octets]
        expected = [token for token, octets in written if text + octets in beginnings]
        allowed = [token for token in state.mask().ids().tolist() if token]
        assert allowed == expected or (name in SOUND and set(allowed) > set(expected)), text
        assert state.can_end == state.mask().allows(0) == (text in texts)
        assert [token for token, _ in written if state.allows(token)] == allowed
        if name not in SOUND:
            _check_forced(state, beginnings, text)
        if not expected:
            return
        token = expected[step % len(expected)]
        state, text = state.advance(token), text + space.tokens.texts[token]


def _check_forced(state: State, beginnings: frozenset[bytes], text: bytes) -> None:
    for token in state.forced():
        text += state.reach.texts[token]
        assert text in beginnings


@pytest.mark.parametrize("name", LANGUAGES)
def test_whole_texts_are_accepted_when_they_repeat_nothing(name: str) -> None:
    """Of all texts of the language that forgets, those that remember accept the ones that repeat nothing."""
    space = space_of([bytes([octet]) for octet in BYTES], "plain")
    remembers, forgets = SmallJson(name).constraint(space), SmallJson(name).plain(space)
    texts, _ = texts_of(name)
    assert all(remembers.accepts(text) and forgets.accepts(text) for text in texts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("any of two keys", b'{"a":1,"a":1}'),
        ("keys in two spellings", b'{"\\u00e9":1,"\xc3\xa9":1}'),
        ("keys with commas", b'{",":",",",":1}'),
        ("objects in an object", b'{"a":{"a":1},"a":{}}'),
        ("objects in an array", b'[{"a":1,"b":1,"a":1}]'),
        ("numbers that differ", b"[1,12,1.0]"),
        ("arrays that differ", b"[[1,2],[1,2]]"),
        ("arrays in an object", b'{"a":[1,2],"b":[1,1]}'),
    ],
)
def test_a_repeat_is_refused_however_it_is_cut(name: str, text: bytes) -> None:
    """The language would take it; in one token, in several or as a whole, the text that remembers does not."""
    for cut in range(1, len(text)):
        space = space_of([*(bytes([octet]) for octet in BYTES), text, text[:cut], text[cut:]], "plain")
        constraint = SmallJson(name).constraint(space)
        size = space.tokens.size
        assert SmallJson(name).plain(space).accepts(text)
        assert not constraint.accepts(text)
        assert not constraint.start().allows(size - 3)
        with pytest.raises(TokenRejected, match=r"a second time|expected"):
            constraint.start().advance(size - 2).advance(size - 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_language_that_is_not_watched_is_as_it_was(kind: str) -> None:
    """Where the language forgets nothing itself, all states have the terms and masks of plain ones."""
    texts = [b'{"a":1,"b":[1,1,{"a":"\xc3\xa9"}]}', b'{"b":[[],[]],"c":1}', b'[{"a":1},{"a":1}]', b"12"]
    space = space_of([*(bytes([octet]) for octet in BYTES), b'1},{"a":1', b"[],[", b'":1,"'], kind)
    for text in texts:
        state, plain = SmallJson("no choice").constraint(space).start(), SmallJson("no choice").plain(space).start()
        for octet in text:
            state, plain = _after(state, bytes([octet])), _after(plain, bytes([octet]))
            assert (state.term, state.can_end, state.forced()) == (plain.term, plain.can_end, plain.forced())
            assert state.mask() == plain.mask()
            assert State.masks_of([state]) == state.masks_of([state])
        assert state.advance(0) == plain.advance(0)
        assert state.advance(0).is_finished


@pytest.mark.parametrize("kind", KINDS)
def test_very_many_keys_are_remembered(kind: str) -> None:
    """However many keys there are, each is refused again, in one token or in several, and every other one is not."""
    names = [b"a%d" % number for number in range(72)]
    again = [form % name for name in names[::9] for form in (b',"%b"', b'1,"%b":')]
    space = space_of([*(bytes([octet]) for octet in range(256)), *again], kind)
    state = SmallJson("any keys").constraint(space).start()
    _, *texts = space.tokens.texts
    for place, key in enumerate(names):
        for octet in b'%b"%b":' % (b"," if place else b"{", key):
            state = state.advance(1 + texts.index(bytes([octet])))
        if place in (1, 60, 70):
            allowed = {texts[token - 1] for token in state.mask().ids() if texts[token - 1] in again}
            assert allowed == {b'1,"%b":' % name for name in names[::9] if name not in names[: place + 1]}
        state = state.advance(1 + texts.index(b"1"))
        if place in (1, 60, 70):
            allowed = {texts[token - 1] for token in state.mask().ids() if texts[token - 1] in again}
            assert allowed == {b',"%b"' % name for name in names[::9] if name not in names[: place + 1]}


@laws
@given(st.data())
def test_what_cannot_matter_is_not_remembered(data: st.DataObject) -> None:
    """Before anything was written, and behind the last bracket, a state equals that of the language that forgets;
    inside, equal states go on alike."""
    name = data.draw(st.sampled_from(sorted(LANGUAGES)))
    texts, beginnings = texts_of(name)
    space = space_of([bytes([octet]) for octet in BYTES], "plain")
    remembers, forgets = SmallJson(name).constraint(space).start(), SmallJson(name).plain(space).start()
    assert remembers == forgets
    assert hash(remembers) == hash(forgets)
    one, other = (data.draw(st.sampled_from(sorted(texts | beginnings))) for _ in range(2))
    here, there = _after(remembers, one), _after(remembers, other)
    if here == there:
        assert _endings(one, texts) == _endings(other, texts)
        assert hash(here) == hash(there)
    if one in texts:
        assert here == _after(forgets, one)


def _after(state: State, text: bytes) -> State:
    for octet in text:
        state = state.advance(1 + BYTES.index(octet))
    return state


def _endings(beginning: bytes, texts: frozenset[bytes]) -> set[bytes]:
    return {text[len(beginning) :] for text in texts if text.startswith(beginning)}
