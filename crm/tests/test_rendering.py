"""Selects look as Django draws them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test import SimpleTestCase
from django.utils.safestring import mark_safe

from crm.rendering import CodesSelect, Renderer

NASTY = '<b title="x">&\''
CHOICES: Any = [
    ("", "---------"),
    (1, "One"),
    (NASTY, NASTY),
    (NASTY, [("in", NASTY), (True, mark_safe("<i>safe</i>"))]),
]


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
@pytest.mark.parametrize("value", [None, "", 1, "in", [1, "in"], NASTY, True])
def test_a_select_says_what_django_says(kind: Any, value: Any) -> None:
    attrs = {"class": NASTY, "required": True, "disabled": False, "size": 4}
    widget = kind(attrs=attrs) if kind is forms.NullBooleanSelect else kind(attrs, CHOICES)
    if isinstance(value, list) and kind is not forms.SelectMultiple:
        value = value[0]
    ours, theirs = (
        widget.render(NASTY, value, renderer=one) for one in (Renderer(), TemplatesSetting())
    )
    SimpleTestCase().assertHTMLEqual(ours, theirs)
    assert "<b" not in ours


@pytest.mark.parametrize("value", [None, [], "1", ["1", NASTY], [NASTY]])
def test_codes_look_as_django_draws_them(value: Any) -> None:
    choices = [("1", "One"), (NASTY, NASTY), ("3", "")]
    attrs = {"class": NASTY, "required": True}
    ours = CodesSelect(attrs, choices).render(NASTY, value, {"id": NASTY})
    theirs = forms.SelectMultiple(attrs, choices).render(NASTY, value, {"id": NASTY})
    SimpleTestCase().assertHTMLEqual(ours, theirs)
    assert "<b" not in ours


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput,
        forms.NumberInput,
        forms.EmailInput,
        forms.URLInput,
        forms.PasswordInput,
        forms.HiddenInput,
        forms.DateInput,
        forms.CheckboxInput,
    ],
)
@pytest.mark.parametrize("value", [None, "", 0, 1, True, NASTY, mark_safe(NASTY)])
def test_an_input_says_what_django_says(widget: Any, value: Any) -> None:
    attrs = {"class": NASTY, "required": True, "disabled": False, "size": 4}
    ours, theirs = (
        widget(attrs).render(NASTY, value, renderer=one) for one in (Renderer(), TemplatesSetting())
    )
    SimpleTestCase().assertHTMLEqual(ours, theirs)


def test_an_option_of_its_own_kind_is_drawn_by_its_template() -> None:
    class Own(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    assert "<option" not in Own(choices=[("a", "A")]).render("x", "a", renderer=Renderer())
    assert 'type="radio"' not in forms.Select(choices=[("a", "A")]).render("x", "a")
