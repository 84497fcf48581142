"""Merge fields: what a letter may say of a contact, a segment and us, and where it comes from."""

from interactions.mergefields.facts import (
    Facts,
    facts_expression,
    has_salutation,
    our_facts,
    salutation_missing,
)
from interactions.mergefields.fields import FIELDS, Field, Values, is_known, values
from interactions.mergefields.samples import SAMPLE, sample_facts
from interactions.mergefields.words import our_address

__all__ = [
    "FIELDS",
    "SAMPLE",
    "Facts",
    "Field",
    "Values",
    "facts_expression",
    "has_salutation",
    "is_known",
    "our_address",
    "our_facts",
    "salutation_missing",
    "sample_facts",
    "values",
]
