from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sql

from opnc.pki.validity import Validity, contains_second, ended_before, whole_second

BEGIN = datetime(2024, 3, 1, 0, 0, 1, tzinfo=UTC)
END = datetime(2024, 4, 1, tzinfo=UTC)
SPAN = Validity.between(BEGIN, END)

# The four edges of x509-limbo (rfc5280/validity), and beyond them.
EDGES = [
    ("notbefore-exact", BEGIN, True, False),
    ("notbefore-fractional", BEGIN - timedelta(milliseconds=1), False, False),
    ("notafter-exact", END, True, False),
    ("notafter-fractional", END + timedelta(milliseconds=5), True, False),
    ("the second before", BEGIN - timedelta(seconds=1), False, False),
    ("the second after", END + timedelta(seconds=1), False, True),
]


@pytest.mark.parametrize(("name", "moment", "inside", "over"), EDGES, ids=[each[0] for each in EDGES])
def test_both_ends_are_included(name: str, moment: datetime, inside: bool, over: bool) -> None:  # noqa: FBT001 - a table
    assert (SPAN.contains(moment), SPAN.ended(moment)) == (inside, over), name
    assert (SPAN.contains(moment.timestamp()), SPAN.ended(moment.timestamp())) == (inside, over), name


@pytest.mark.parametrize(("name", "moment", "inside", "over"), EDGES, ids=[each[0] for each in EDGES])
def test_a_store_says_the_same(name: str, moment: datetime, inside: bool, over: bool) -> None:  # noqa: FBT001 - a table
    table = sql.table("spans", sql.column("begin", sql.Float), sql.column("end", sql.Float))
    second: Any = sql.bindparam("second", whole_second(moment))
    with sql.create_engine("sqlite://").begin() as connection:
        connection.execute(sql.text('CREATE TABLE spans ("begin" FLOAT, "end" FLOAT)'))
        connection.execute(table.insert().values(begin=SPAN.begin, end=SPAN.end))
        for condition, holds in (
            (contains_second(table.c.begin, table.c.end, second), inside),
            (ended_before(table.c.end, second), over),
        ):
            rows = connection.execute(sql.select(table).where(condition)).all()
            assert bool(rows) is holds, name
