"""Mailboxes: where a message ends, and what is kept of it."""

from email.message import EmailMessage
from mailbox import mbox
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.formats import read_articles, read_records
from dedup.formats.kept import write_kept

LETTER = "From a@b.example Mon Aug  3 15:02:00 2026\nMessage-ID: <{0}>\nSubject: Rain\n\n{1}\n\n"


def test_a_line_that_begins_so_is_of_the_text_unless_a_blank_one_is_before_it(
    tmp_path: Path,
) -> None:
    """And one with a mark before it loses the mark."""
    path = tmp_path / "a.mbox"
    text = "It rained\nFrom then on\n\n>From here to there\n>>From a letter"
    path.write_text(LETTER.format("1", text) + LETTER.format("2", "Dry."), "utf-8")
    first, second = read_articles(path)
    assert first.text == "It rained\nFrom then on\n\nFrom here to there\n>From a letter"
    assert (second.id, second.title, second.text) == ("2", "Rain", "Dry.")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_message_without_an_id_goes_by_its_number(end: str, tmp_path: Path) -> None:
    """Whatever ends its lines."""
    path = tmp_path / "a.mbox"
    path.write_bytes(f"From a{end}Subject: Rain{end}{end}Fell.{end}{end}".encode() * 2)
    assert [article.id for article in read_articles(path)] == [f"{path}:1", f"{path}:2"]


def test_mailboxes_are_kept_one_behind_another(tmp_path: Path) -> None:
    """Also where the first does not end with a blank line."""
    for name in "ab":
        content = LETTER.format(f"{name}1", "One.") + LETTER.format(f"{name}2", "Two.")
        (tmp_path / f"{name}.mbox").write_text(content.rstrip("\n") + "\n", "utf-8")
    out = tmp_path / "kept.mbox"
    assert write_kept(str(out), [tmp_path / "a.mbox", tmp_path / "b.mbox"], {"a1"}) == 3
    assert [article.id for article in read_articles(out)] == ["a2", "b1", "b2"]


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\r")), min_size=1))
def test_the_same_messages_are_found_as_by_the_standard_library(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """In mailboxes that it wrote."""
    path = tmp_path_factory.mktemp("mail") / "a.mbox"
    written = mbox(path)
    for number, text in enumerate(texts):
        message = EmailMessage()
        message["Message-ID"] = f"<{number}>"
        message.set_content(text)
        written.add(message)
    written.close()
    records = list(read_records(path, skip_invalid=True))
    assert [record.article.id for record in records] == [str(n) for n in range(len(texts))]
    assert b"".join(record.raw for record in records) == path.read_bytes()
