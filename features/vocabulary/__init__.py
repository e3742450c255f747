"""The vocabulary of steps: nouns with registers, sentences, tables of phrases.

`steps` has the decorators, `nouns.KINDS` the nouns, `references` and `answers` what a scenario keeps.
"""

from __future__ import annotations
