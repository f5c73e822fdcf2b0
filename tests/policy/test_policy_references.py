"""Files that a policy names are part of it: read where it is read, looked up where it stands."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from policy_tree import HEAD, read, refusal, written

from llmpost.engine import Checker
from llmpost.errors import PolicyError
from llmpost.policy import Policy

SCHEMA = {"type": "object", "properties": {"age": {"type": "integer"}}}
HELD = f"{HEAD}constraint: {{json_schema: reply.json}}\n"
LISTED = f"{HEAD}guards: [{{use: phrases, file: words.txt, action: redact}}]\n"


def test_a_schema_is_read_and_is_part_of_the_policy(tmp_path: Path) -> None:
    """The same policy as with the schema written out; another schema, another digest."""
    named = read(tmp_path, p__yaml=HELD, reply__json=json.dumps(SCHEMA))
    out = read(tmp_path, p__yaml=f"{HEAD}constraint: {{json_schema: {json.dumps(SCHEMA)}}}\n")
    assert named == out
    assert named.digest == out.digest != read(tmp_path, p__yaml=HELD, reply__json="{}").digest
    assert Policy.from_dict(named.canonical).digest == named.digest


def test_a_schema_of_yaml_and_a_schema_as_a_text(tmp_path: Path) -> None:
    """A file is read as its name says; what begins as JSON is no name."""
    schema = "type: object\nproperties: {age: {type: integer}}\n"
    named = read(tmp_path, p__yaml=HELD.replace("json}", "yaml}"), reply__yaml=schema)
    assert named.digest == read(tmp_path, p__yaml=HELD, reply__json=json.dumps(SCHEMA)).digest
    text = read(tmp_path, p__yaml=f"{HEAD}constraint: {{json_schema: '{json.dumps(SCHEMA)}'}}\n")
    assert text.constraint is not None
    assert text.constraint.content == json.dumps(SCHEMA)


def test_a_list_is_read_and_is_part_of_the_policy(tmp_path: Path) -> None:
    """Its lines, but empty ones and remarks; a changed word is another policy, a changed remark is not."""
    one = read(tmp_path, p__yaml=LISTED, words__txt="# rivals\n\nGlobex\nInitech\n")
    assert one.guards[0].options["file"] == ("Globex", "Initech")
    assert Checker(one).check("Globex?").text == "[PHRASE]?"
    assert one.digest == read(tmp_path, p__yaml=LISTED, words__txt="Globex\r\nInitech").digest
    assert one.digest != read(tmp_path, p__yaml=LISTED, words__txt="Globex\nInitec\n").digest


def test_guards_that_stand_in_have_files_too(tmp_path: Path) -> None:
    """However deep they stand in for others; and so has the guard of a budget, and a schema that is a guard's."""
    stand_in = "{use: phrases, name: b, file: words.txt, on_timeout: {use: phrases, name: c, file: words.txt}}"
    text = f"{HEAD}guards: [{{use: schema, schema: reply.json, on_failure: {stand_in}}}]\n"
    text += f"budget: {{total_ms: 9, on_timeout: {stand_in}}}\n"
    made = read(tmp_path, p__yaml=text, words__txt="Globex\n", reply__json=json.dumps(SCHEMA))
    entry = made.guards[0].on_failure.entry
    assert entry is not None
    assert entry.on_timeout.entry is not None
    assert entry.options == entry.on_timeout.entry.options == {"file": ("Globex",)}
    assert made.budget.on_timeout.entry is not None
    assert made.budget.on_timeout.entry.options == entry.options
    assert made.guards[0].options["schema"] == SCHEMA
    assert [source.path.name for source in made.sources] == ["p.yaml", "reply.json", "words.txt"]


def test_names_mean_something_where_they_are_written(tmp_path: Path) -> None:
    """A parent's files lie in the parent's folder, whoever extends it from wherever."""
    (tmp_path / "base").mkdir()
    written(tmp_path / "base", base__yaml=LISTED, words__txt="Globex\n")
    made = read(tmp_path, p__yaml=f"{HEAD}extends: base/base.yaml\n", words__txt="Initech\n")
    assert made.guards[0].options["file"] == ("Globex",)


def test_sources_are_all_files_of_a_policy(tmp_path: Path) -> None:
    """Each once, as it was, with its path from the root; they make no difference to what the policy is."""
    files = {"p__yaml": f"{HELD}extends: q\n", "q__yaml": f"{LISTED}extends: default\n", "reply__json": "{}"}
    made = read(tmp_path, **files, words__txt="Globex\n")
    names = [source.path.name for source in made.sources]
    assert names == ["p.yaml", "reply.json", "q.yaml", "words.txt", "default.yaml"]
    assert all(source.path.is_absolute() for source in made.sources)
    assert all(hashlib.sha256(s.path.read_bytes()).hexdigest() == s.sha256 for s in made.sources)
    assert Policy.from_dict(made.canonical) == made
    assert Policy.from_dict(made.canonical).sources == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HELD,
            "p.yaml:3:27: constraint.json_schema: 'reply.json', which cannot be read (No such file or directory), is",
        ),
        (
            LISTED,
            "p.yaml:3:31: guards[0].file: 'words.txt', which cannot be read (No such file or directory), is not a list",
        ),
        (
            HELD.replace("reply.json", "."),
            "p.yaml:3:27: constraint.json_schema: '', which cannot be read (Is a directory)",
        ),
        (LISTED.replace("words.txt", "[a, 3]"), "p.yaml:3:31: guards[0].file: ('a', 3) is not a list of texts."),
        (LISTED.replace("words.txt", "'$WORDS'"), "p.yaml:3:31: guards[0].file: '$WORDS' is not replaced by anything"),
        (
            HELD.replace("reply.json", "broken.json"),
            "broken.json:2:3: text with a mistake in it (a ':' is missing) is not",
        ),
        (HELD.replace("reply.json", "wrong.json"), "wrong.json:2:10: constraint.json_schema.type: 'objec' is not"),
    ],
)
def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path, text: str, message: str) -> None:
    """And one that is broken where it is broken."""
    written(tmp_path, broken__json='{"a"\n  1}', wrong__json='{\n "type": "objec"}')
    path = written(tmp_path, p__yaml=text)
    with pytest.raises(PolicyError) as caught:
        Checker(Policy.read(path))
    assert str(caught.value).replace(f"{tmp_path}/", "").replace(str(tmp_path), "").startswith(message)


def test_a_long_list_is_refused(tmp_path: Path) -> None:
    """Of lines, and of bytes."""
    assert "a list of 600,001 lines is not one of at most" in refusal(
        tmp_path, p__yaml=LISTED, words__txt="\n" * 600_000 + "a"
    )
    assert "of more than 16,000,000 bytes is not a list" in refusal(
        tmp_path, p__yaml=LISTED, words__txt="a" * 16_000_001
    )


def test_data_names_no_files_without_a_folder(tmp_path: Path) -> None:
    """Neither by a path nor by a name; with one they are looked up there, and a program's own data in its folder."""
    written(tmp_path, words__txt="Globex\n", reply__json="{}")
    listed = {"version": 1, "guards": [{"use": "phrases", "file": "words.txt"}]}
    held = {"version": 1, "constraint": {"json_schema": "reply.json"}}
    for given in (listed, held, {"version": 1, "guards": [{"use": "schema", "schema": "/etc/passwd"}]}):
        with pytest.raises(PolicyError, match="is not possible: this policy came from no file"):
            Policy.from_dict(given)
    assert Policy.from_dict(listed, tmp_path).guards[0].options["file"] == ("Globex",)
    assert Policy.from_dict(held, tmp_path).constraint is not None


def test_a_text_that_looks_like_a_variable_may_be_one_that_people_read(tmp_path: Path) -> None:
    """It is refused where it could only be a mistake, and stays as it is where any text may stand."""
    text = f'{HEAD}notice: ${{NAME}}\nforbid: [{{phrase: $NAME}}]\ndecode: {{stop: ["${{END}}"]}}\n'
    text += "guards: [{use: phrases, phrases: ['${NAME}'], action: {replace: '${X}'}}]\n"
    text += "constraint: {json_schema: {const: {env: HOME}}}\ntrace: {key: {env: TRACE_KEY}}\n"
    made = read(tmp_path, p__yaml=text)
    assert (made.notice, made.decode.stop, made.trace.key) == ("${NAME}", ("${END}",), "TRACE_KEY")


def test_the_policy_of_the_guide_is_one(tmp_path: Path) -> None:
    """Of docs/policy-files.md, with the files that it names beside it."""
    guide = (Path(__file__).parents[2] / "docs" / "policy-files.md").read_text("utf-8")
    text = guide.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "schemas").mkdir()
    written(tmp_path / "schemas", reply__json="{}")
    made = read(tmp_path, support__yaml=text, base__yaml=f"{HEAD}extends: default\n", rivals__txt="Globex\n")
    assert [(entry.name, entry.use) for entry in made.guards] == [("pii", "pii"), ("rivals", "phrases")]
    assert Checker(made).policy is made
