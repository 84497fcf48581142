"""Read fields as Word writes them.

A complex field is a row of runs: begin, code, separator, old result, end. Any of them may be split,
other marks (bookmarks, proofing errors) stand between them, and fields are nested. All is judged on
whole runs: runs that mix marks are split first, and simple fields are written out as complex ones.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field

from .errors import DocumentError
from .instructions import keyword, written
from .ooxml import Element, attribute, child, inside, local, namespace, new, new_run
from .values import Expression

TEXT_OF = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}

NOT_TEXT = frozenset({"drawing", "pict", "object", "sym"})

# Fields within fields; a letter has three at most, a document made to cause harm a million.
DEEPEST = 20


@dataclass(eq=False)
class Field:
    """A field while it is being read: its code as text and nested fields, and all its runs."""

    parent: Field | None
    code: list[str | Field] = field(default_factory=list)
    code_runs: list[Element] = field(default_factory=list)
    result_runs: list[Element] = field(default_factory=list)
    runs: list[Element] = field(default_factory=list)
    separated: bool = False
    strange: bool = False
    paragraph: Element | None = None
    expression: Expression | None = None

    @property
    def nested(self) -> list[Field]:
        """The fields in its code."""
        return [part for part in self.code if isinstance(part, Field)]


def write_out(simple: Element) -> None:
    """A simple field as a complex one."""
    first = next(inside(simple, "r"), None)
    properties = child(first, "rPr") if first is not None else None
    runs = []
    for kind in ("begin", "separate", "end"):
        mark = new(simple, "fldChar")
        mark.set(namespace(simple) + "fldCharType", kind)
        runs.append(new_run(simple, properties, mark))
    code = new_run(simple, properties, new(simple, "instrText", attribute(simple, "instr")))
    for name in ("dirty", "fldLock"):
        if attribute(simple, name):
            runs[0][-1].set(namespace(simple) + name, attribute(simple, name))
    content = [each for each in simple if local(each) not in ("fldData", "")]
    for each in (runs[0], code, runs[1], *content, runs[2]):
        simple.addprevious(each)
    remove(simple)


def split_marks(run: Element) -> None:
    """Give every child of a run that has a field mark a run of its own."""
    content = [each for each in run if local(each) not in ("rPr", "")]
    if len(content) < 2 or not any(local(each) in ("fldChar", "instrText") for each in content):
        return
    properties = child(run, "rPr")
    for each in content:
        single = new(run, "r")
        single.attrib.update(run.attrib)
        if properties is not None:
            single.append(deepcopy(properties))
        single.append(each)
        run.addprevious(single)
    remove(run)


def read_fields(story: Element) -> list[Field]:
    """The complete fields of a story, inner ones before the ones that hold them."""
    stack: list[Field] = []
    done: list[Field] = []
    for run in inside(story, "r"):
        paragraph = paragraph_of(run)
        mark = child(run, "fldChar")
        kind = attribute(mark, "fldCharType") if mark is not None else ""
        if kind == "begin":
            if len(stack) == DEEPEST:
                raise DocumentError("field-code", field=written(stack[0].code))
            stack.append(_opened(stack[-1] if stack else None, paragraph))
        for open_field in stack:
            open_field.runs.append(run)
        if kind == "separate" and stack:
            stack[-1].separated = True
        elif kind == "end" and stack:
            done.append(stack.pop())
        elif not kind and stack:
            _take(stack, run, paragraph)
    for open_field in stack:
        if keyword(open_field.code) in ("MERGEFIELD", "IF"):
            raise DocumentError("field-unfinished", name=written(open_field.code))
    return done


def _opened(parent: Field | None, paragraph: Element | None) -> Field:
    found = Field(parent, paragraph=paragraph)
    if parent and not parent.separated:
        _note_paragraph(parent, paragraph)
        parent.code.append(found)
    return found


def _note_paragraph(found: Field, paragraph: Element | None) -> None:
    """A new paragraph within a code is a line end in it."""
    if found.paragraph is not None and paragraph is not found.paragraph:
        found.code.append("\n")
        found.paragraph = paragraph


def _take(stack: list[Field], run: Element, paragraph: Element | None) -> None:
    """A run that is no mark: code of the innermost field, or result of it and those around it."""
    top = stack[-1]
    if top.separated:
        for each in stack:
            if each.separated and child(run, "t") is not None:
                each.result_runs.append(run)
        return
    _note_paragraph(top, paragraph)
    top.code.append(run_text(run))
    top.code_runs.append(run)
    top.strange = top.strange or any(
        local(each) in NOT_TEXT or not local(each).isalpha() for each in run if local(each)
    )


def run_text(run: Element) -> str:
    """The text of a run, or the code of a field in it."""
    names = ((local(each), each.text or "") for each in run)
    return "".join(
        text if name in ("t", "instrText") else TEXT_OF.get(name, "") for name, text in names
    )


def paragraph_of(run: Element) -> Element | None:
    return next((each for each in run.iterancestors() if local(each) == "p"), None)


def remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
