"""The first that says something, in SQL: of a line, of its segment, of its template.

Constants are folded before the database is asked: one that says nothing is left out, and behind
one that says something nobody is asked. An empty text or a null means "inherit".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import BigIntegerField, ExpressionWrapper, F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

ID = BigIntegerField()
EMPTY = Value("", output_field=TextField())
UNKNOWN = object()


def constant(value: Any, output: Any) -> Any:
    """A constant that says its type: PostgreSQL takes an untyped null for a text."""
    typed = Value(value, output_field=output)
    return typed if isinstance(output, TextField) else Cast(typed, output)


def text(*parts: Any) -> Any:
    """The first text that is not empty, else ""; parts are expressions, or names of fields."""
    kept = [one if _is_known(one) else NullIf(_path(one), EMPTY) for one in _asked(parts)]
    if not kept or not _is_known(kept[-1]):
        kept.append(EMPTY)
    return Coalesce(*kept, output_field=TextField()) if len(kept) > 1 else kept[0]


def value(output: Any, *parts: Any) -> Any:
    """The first that is not null, of such a type; parts are expressions, or names of fields."""
    kept = [_path(one) for one in _asked(parts)]
    if not kept:
        return constant(None, output)
    if len(kept) == 1:
        return ExpressionWrapper(kept[0], output_field=output)
    return Coalesce(*kept, output_field=output)


def _asked(parts: tuple[Any, ...]) -> Iterator[Any]:
    """Those that say something or may, up to the first that surely does."""
    for part in parts:
        known = _known(part)
        if known is UNKNOWN:
            yield part
        elif known is not None and known != "":
            yield part
            return


def _known(part: Any) -> Any:
    """What a constant says; UNKNOWN for what only the database knows."""
    if isinstance(part, Cast):
        (part,) = part.get_source_expressions()
    return part.value if isinstance(part, Value) else UNKNOWN


def _is_known(part: Any) -> bool:
    return _known(part) is not UNKNOWN


def _path(part: Any) -> Any:
    return F(part) if isinstance(part, str) else part


class Switch(Func):
    """`CASE subject WHEN value THEN result … ELSE other END`: the subject is written once."""

    def __init__(self, subject: str, results: Mapping[Any, Any], other: Any, output: Any) -> None:
        pairs = (one for key, result in results.items() for one in (Value(key), result))
        super().__init__(F(subject), *pairs, other, output_field=output)

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> Any:
        compiled = [compiler.compile(one) for one in self.get_source_expressions()]
        subject, *pairs, other = (sql for sql, _parameters in compiled)
        cases = " ".join(
            f"WHEN {key} THEN {result}" for key, result in zip(pairs[::2], pairs[1::2], strict=True)
        )
        said = [one for _sql, parameters in compiled for one in parameters]
        return f"CASE {subject} {cases} ELSE {other} END", said


def switch(subject: str, results: Mapping[Any, Any], output: Any, other: Any = None) -> Any:
    """What stands in `results` for what the subject says, else `other`, else null."""
    other = constant(None, output) if other is None else other
    said = {
        key: one if hasattr(one, "resolve_expression") else constant(one, output)
        for key, one in results.items()
    }
    return Switch(subject, said, other, output) if said else other
