"""Types of columns: the few that SQLite's STRICT tables and PostgreSQL both take. Rows hold plain values; rooms make theirs from them."""

import json

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, Text, TypeDecorator

Number = BigInteger().with_variant(Integer(), "sqlite")
"""An integer of 64 bits; as a primary key it counts by itself on both databases."""
Seconds = Number
"""A time: seconds since the epoch, UTC."""
Words = Text().with_variant(Text(collation="C"), "postgresql")
"""A text, sorted by its bytes on every database; and what a system library thinks of languages breaks no index."""
Bytes = LargeBinary


class Flag(TypeDecorator[bool]):
    """Yes or no, stored as 1 or 0, because STRICT tables know no booleans."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Json(TypeDecorator[object]):
    """A small JSON value as text. It is stored and given back, never searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        return None if value is None else json.loads(value)
