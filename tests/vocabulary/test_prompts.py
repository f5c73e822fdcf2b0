"""Laws of `Prompts`: the tokenizer's own ids for text and chat, and errors in four parts for what cannot be encoded."""

import pytest
from small_tokenizers import byte_level_backend, fast_tokenizer, tekken_file
from transformers import ByT5Tokenizer
from transformers.tokenization_mistral_common import MistralCommonBackend

from llmpost.errors import RequestError, VocabularyError
from llmpost.vocabulary import Prompts

TEMPLATE = (
    "{% for m in messages %}{% if m['role'] not in ['system', 'user', 'assistant'] %}"
    "{{ raise_exception('Unknown role ' + m['role']) }}{% endif %}"
    "<|{{ m['role'] }}|>{{ m['content'] }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
USER = {"role": "user", "content": "hello world"}


def _chat(template: object = TEMPLATE) -> Prompts:
    tokenizer = fast_tokenizer()
    tokenizer.chat_template = template
    return Prompts(tokenizer)


@pytest.mark.parametrize("text", ["", "hello", " the cat", "日本 🙂", "<|im_end|> and <s>"])
def test_text_is_encoded_as_the_tokenizer_does(text: str) -> None:
    """encode(t) is tokenizer(t).input_ids, special tokens included, for fast and slow tokenizers."""
    for tokenizer in (fast_tokenizer(), ByT5Tokenizer()):
        ids = Prompts(tokenizer).encode(text)
        assert ids == tuple(tokenizer(text).input_ids)
        assert isinstance(ids, tuple)


def test_chat_is_rendered_and_opens_the_answer() -> None:
    """encode_chat gives the ids of the rendered conversation with the generation prompt, special tokens as such."""
    prompts = _chat()
    ids = prompts.encode_chat([{"role": "system", "content": "be brief"}, USER])
    rendered = "<|system|>be brief<|im_end|><|user|>hello world<|im_end|><|assistant|>"
    assert ids == tuple(prompts.tokenizer(rendered, add_special_tokens=False).input_ids)
    assert prompts.has_template


def test_the_callers_messages_are_not_changed() -> None:
    """A template that writes into a message is refused by the sandbox, and would have had a copy."""
    message = dict(USER)
    with pytest.raises(RequestError, match="SecurityError"):
        _chat("{{ messages[0].update({'content': 'x'}) }}").encode_chat([message])
    assert message == USER


def test_several_templates_use_the_default() -> None:
    """Of named templates the default one is used; without one there is no template."""
    assert _chat({"default": TEMPLATE, "tool_use": "x"}).encode_chat([USER]) == _chat().encode_chat([USER])
    assert not _chat({"tool_use": "x"}).has_template
    assert not _chat(None).has_template


def test_mistral_common_needs_no_template() -> None:
    """transformers' MistralCommonBackend renders with its own code."""
    tokenizer = MistralCommonBackend(tokenizer_path=tekken_file())
    prompts = Prompts(tokenizer)
    assert prompts.has_template
    ids = prompts.encode_chat([USER])
    assert ids == tuple(tokenizer.apply_chat_template([USER], return_dict=False))
    assert prompts.encode("hello") == tuple(tokenizer("hello").input_ids)
    with pytest.raises(RequestError, match="roles assistant"):
        prompts.encode_chat([{"role": "assistant", "content": "x"}])


@pytest.mark.parametrize(
    ("messages", "where", "given"),
    [
        ([], "messages", "an empty list"),
        ("hello", "messages", "a str"),
        (USER, "messages", "a dict"),
        (None, "messages", "a NoneType"),
        (["hello"], "messages[0]", "a str"),
        ([USER, {"content": "x"}], "messages[1]", "a message without role"),
        ([{"role": "user"}], "messages[0]", "a message without content"),
        ([{"role": "user", "content": None}], "messages[0].content", "a NoneType"),
        ([{"role": "user", "content": [{"type": "text"}]}], "messages[0].content", "a list"),
        ([{"role": 1, "content": "x"}], "messages[0].role", "a int"),
        ([{"role": "user", "content": "\ud800"}], "messages[0].content", "text with half a surrogate pair"),
        ([USER, {"role": "tool", "content": "secret"}], "messages", "a conversation of the roles user, tool"),
    ],
)
def test_messages_that_cannot_be_encoded(messages, where: str, given: str) -> None:
    """The error says where in the messages, and never quotes their contents."""
    with pytest.raises(RequestError) as caught:
        _chat().encode_chat(messages)
    error = caught.value
    assert error.where == where
    assert error.given.startswith(given)
    assert error.allowed
    assert error.hint.endswith(".")
    assert "secret" not in str(error)


def test_a_refusal_of_the_template_is_told() -> None:
    """What the template raised is part of the message."""
    with pytest.raises(RequestError, match="Unknown role tool"):
        _chat().encode_chat([{"role": "tool", "content": "x"}])


@pytest.mark.parametrize(
    "template",
    [
        "{{ 1 / 0 }}",
        "{% for %}",
        "{{ messages[9].content }}",
        "{% for i in range(99999999999) %}x{% endfor %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ missing.attribute }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    ],
)
def test_a_broken_template_is_an_error_in_words(template: str) -> None:
    """Whatever a template raises, the caller gets a RequestError without a chain of foreign errors."""
    with pytest.raises(RequestError, match="chat template takes") as caught:
        _chat(template).encode_chat([USER])
    assert caught.value.__suppress_context__


def test_messages_without_a_template_are_refused() -> None:
    """A model without a chat template takes text only, and the hint says so."""
    with pytest.raises(RequestError, match=r"Pass a text prompt, or set tokenizer\.chat_template\."):
        _chat(None).encode_chat([USER])


@pytest.mark.parametrize(("prompt", "given"), [(None, "a NoneType"), (b"x", "a bytes"), ("a\udfff", "text with half")])
def test_a_prompt_that_is_no_text_is_refused(prompt, given: str) -> None:
    """The error is at prompt and says what was given."""
    with pytest.raises(RequestError) as caught:
        _chat().encode(prompt)
    assert caught.value.where == "prompt"
    assert caught.value.given.startswith(given)


def test_only_transformers_tokenizers_make_prompts() -> None:
    """A bare backend is refused when it is given, not when the first prompt comes."""
    with pytest.raises(VocabularyError, match="PreTrainedTokenizerFast"):
        Prompts(byte_level_backend())
