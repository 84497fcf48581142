"""Put a slot where each merge field was; leave the fields of other kinds to Word."""

from __future__ import annotations

from .errors import DocumentError
from .fieldtree import Field, paragraph_of, read_fields, remove, split_marks, write_out
from .instructions import keyword, read_code, written
from .ooxml import Element, child, is_story, local, namespace, new, new_run
from .slots import CodeSlot, Slot, Slots
from .values import Branch

# Fields that Word works out itself and whose code may hold a value in quotes without danger.
MAY_HOLD_VALUES = frozenset({"HYPERLINK", "IF"})

UNSUPPORTED = frozenset(
    [
        "ADDRESSBLOCK",
        "GREETINGLINE",
        "NEXT",
        "NEXTIF",
        "SKIPIF",
        "MERGEREC",
        "MERGESEQ",
        "ASK",
        "FILLIN",
        "SET",
        "DATABASE",
    ]
)


def replace_fields(root: Element, slots: Slots) -> set[str]:
    """Replace every merge field below `root` by a slot.

    Returns the kinds of unsupported fields seen.
    """
    unsupported: set[str] = set()
    for simple in list(root.iter(namespace(root) + "fldSimple")):
        write_out(simple)
    for run in list(root.iter(namespace(root) + "r")):
        split_marks(run)
    for story in [root, *(each for each in root.iter() if is_story(each))]:
        found = read_fields(story)
        for each in found:
            _judge(each)
        for each in found:
            _place(each, slots)
        unsupported |= {keyword(each.code) for each in found} & UNSUPPORTED
    return unsupported


def _judge(found: Field) -> None:
    """Decide whether a field is ours; the fields nested in it are judged already."""
    kind = keyword(found.code)
    if not all(each.expression is not None for each in found.nested):
        if kind == "MERGEFIELD":
            raise DocumentError("field-nested", field=written(found.code))
    elif kind == "MERGEFIELD" or (kind == "IF" and found.nested):
        code = (part.expression if isinstance(part, Field) else part for part in found.code)
        found.expression = read_code([part for part in code if part is not None])
        if isinstance(found.expression, Branch) and found.strange:
            raise DocumentError("field-picture", field=written(found.code))


def _place(found: Field, slots: Slots) -> None:
    """Put a slot for a field of ours that is not part of another one of ours; fill the code of
    foreign ones.
    """
    above = found.parent
    while above is not None:
        if above.expression is not None:
            return
        above = above.parent
    if found.expression is None:
        _fill_code(found, slots)
    elif found.parent is None or all(each is not found for each in found.parent.nested):
        _put(found, slots)


def _fill_code(found: Field, slots: Slots) -> None:
    """Put values into the code of a field that stays a field."""
    before, kind = "", keyword(found.code)
    for part in found.code:
        if isinstance(part, str):
            before += part
        elif part.expression is not None:
            if kind not in MAY_HOLD_VALUES or not before.strip():
                raise DocumentError("field-nested", field=written(found.code))
            bare = before.count('"') % 2 == 0
            _put(part, slots, CodeSlot(part.expression, bare=bare))


def _put(found: Field, slots: Slots, slot: Slot | None = None) -> None:
    """The slot in place of all runs of the field, formatted as the old result."""
    begin, expression = found.runs[0], found.expression
    assert expression is not None
    look = (found.result_runs or found.code_runs)[:1]
    if expression.charformat:
        look = found.code_runs[:1]
    properties = child(look[0], "rPr") if look else None
    prefix = f"{begin.prefix}:" if begin.prefix else ""
    token = slots.token(slot or Slot(expression, prefix))
    content = new(begin, "instrText" if slot else "t", token)
    begin.addprevious(new_run(begin, properties, content))
    _join_paragraphs(found)
    for run in found.runs:
        remove(run)


def _join_paragraphs(found: Field) -> None:
    """A field over several paragraphs becomes part of the last one, whose paragraph mark is outside
    the field.
    """
    first, last = (paragraph_of(run) for run in (found.runs[0], found.runs[-1]))
    if first is last or first is None or last is None:
        return
    if first.getparent() is not last.getparent():
        raise DocumentError("field-across", name=written(found.code))
    between = []
    following = first.getnext()
    while following is not None and following is not last:
        between.append(following)
        following = following.getnext()
    if following is None:
        raise DocumentError("field-across", name=written(found.code))
    properties = child(last, "pPr")
    at = 0 if properties is None else last.index(properties) + 1
    for each in [each for each in first if local(each) != "pPr"]:
        last.insert(at, each)
        at += 1
    for each in (first, *between):
        remove(each)
