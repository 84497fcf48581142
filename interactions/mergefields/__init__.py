"""Merge fields: what a letter may say of a contact, a segment and us, and where it comes from."""

from interactions.mergefields.asking import Row, can_be_asked, lacking, said
from interactions.mergefields.facts import (
    OF_CONTACT,
    Facts,
    facts_expression,
    has_salutation,
    our_facts,
    salutation_missing,
)
from interactions.mergefields.fields import FIELDS, Field, is_known, named
from interactions.mergefields.letter import Values, values
from interactions.mergefields.samples import SAMPLE, sample_facts
from interactions.mergefields.subjects import may_stand, resolve, resolved, tokens
from interactions.mergefields.words import our_address

__all__ = [
    "FIELDS",
    "OF_CONTACT",
    "SAMPLE",
    "Facts",
    "Field",
    "Row",
    "Values",
    "can_be_asked",
    "facts_expression",
    "has_salutation",
    "is_known",
    "lacking",
    "may_stand",
    "named",
    "our_address",
    "our_facts",
    "resolve",
    "resolved",
    "said",
    "salutation_missing",
    "sample_facts",
    "tokens",
    "values",
]
