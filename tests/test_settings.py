"""Settings files: what they say, with its line, as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.errors import DocumentError
from subtools.settings import Setting, parse_settings


def test_an_empty_file_says_nothing() -> None:
    assert parse_settings("") == parse_settings("# only a comment\n") == Setting(None)


def test_values_stay_as_they_are_written() -> None:
    settings = parse_settings("a: 00:00:10-00:00:40\nb: 1:30\nc: no\nd: 007\ne: ~\n")
    texts = {key: value.text for key, value in settings.members}
    assert texts == {"a": "00:00:10-00:00:40", "b": "1:30", "c": "no", "d": "007", "e": None}


def test_every_value_knows_its_line() -> None:
    settings = parse_settings("\n東老師:\n  name: 董老師\n  aliases:\n    - 東老師\n    - 懂老師\n")
    person = settings.member("東老師")
    assert person is not None
    name, aliases = person.member("name"), person.member("aliases")
    assert name is not None
    assert aliases is not None
    assert (name.line, [item.line for item in aliases.items]) == (3, [5, 6])
    assert person.member("span") is None


def test_toml_goes_by_the_ending_of_the_file() -> None:
    settings = parse_settings('a = "x"\n[b]\nc = [1, true]\n', path="names.toml")
    inner = settings.member("b")
    assert inner is not None
    assert [item.text for item in dict(inner.members)["c"].items] == ["1", "true"]
    assert (settings.members[0][1].line, inner.line) == (1, 2)


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("a: [1", "x.yaml", "x.yaml:1: this is not YAML"),
        ("ok: 1\nb: {", None, "this is not YAML"),
        ("a: 1\n\na: 2", "x.yaml", "x.yaml:3: 'a' stands here twice"),
        ("- a\n- b", "x.yaml", "x.yaml:1: expected a list of keys and values"),
        ("just text", None, "expected a list of keys and values"),
        ("a: &x 1\nb: *x", "x.yaml", "x.yaml:2: references (*) are not understood here"),
        ("? [a]\n: b", "x.yaml", "x.yaml:1: a key must be a word"),
        ("a: " + "[" * 30 + "]" * 30, "x.yaml", "nested too deeply"),
        ("a: \x00", "x.yaml", "this is not YAML"),
        ("a = 1\nb = \n", "x.toml", "x.toml:2: this is not TOML"),
        ("a = 1\na = 2\n", "x.toml", "x.toml:2: this is not TOML"),
        ("a = " + "[" * 5000, "x.toml", "x.toml"),
        ("a" * 1_000_001, None, "too long"),
    ],
)
def test_what_is_not_understood_is_said_with_its_line(
    text: str, path: str | None, message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_settings(text, path=path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text())
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    for path in ("x.yaml", "x.toml"):
        try:
            parse_settings(text, path=path)
        except DocumentError as error:
            assert error.message
