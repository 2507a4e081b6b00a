"""The full text index is built again where texts are folded in another way than they were."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from nabaa.errors import OutputError
from tests.support.archived import NOW, news, said, store
from workers.index.database import Archive
from workers.index.model import Question, QuotationQuestion
from workers.index.quotations import find_quotations
from workers.index.rebuild import begin_rebuild, build_again
from workers.index.schema import fact
from workers.index.search import search


def found(archive: Archive) -> tuple[int, int]:
    with archive.reading() as connection:
        return (
            len(search(connection, Question("هدنة"), NOW).hits),
            len(find_quotations(connection, QuotationQuestion("هدنة"))),
        )


def test_an_index_of_another_version_is_built_again_before_anything_is_written(
    archive: Archive,
) -> None:
    store(archive, *(news(n, "هدنة", quotes=(said("هدنة", None),)) for n in range(3)))
    with archive.writing() as connection:
        connection.execute(update(fact).where(fact.c.name == "words").values(value="0"))
    with pytest.raises(OutputError, match="built again"):
        store(archive, news(9))
    assert build_again(archive) == 3
    assert found(archive) == (3, 3)
    assert store(archive, news(9)).articles == 1


def test_an_index_that_is_as_it_should_be_is_left_alone(archive: Archive) -> None:
    store(archive, news(1, "هدنة"))
    assert build_again(archive) == 0
    assert found(archive) == (1, 0)


def test_a_rebuild_that_was_interrupted_goes_on_where_it_stood(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.index.rebuild._BATCH", 2)
    store(archive, *(news(number, "هدنة", hours_ago=number) for number in range(5)))
    begin_rebuild(archive)

    def stop_at_the_first_batch(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_again(archive, stop_at_the_first_batch)
    assert found(archive)[0] == 2
    assert build_again(archive) == 3
    assert found(archive)[0] == 5
