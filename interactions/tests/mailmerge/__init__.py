"""Tests of the Word merge: real bytes in, real bytes out, read back by other programs."""
