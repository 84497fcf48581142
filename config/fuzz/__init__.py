"""Rubbish for parsers and pages: `make fuzz`. Nothing of ours may fall over it."""
