"""The one kind of error that is shown to the user as it is."""

from __future__ import annotations


class Problem(Exception):
    """Something is wrong with what the user or a peer gave us: says what, where and how to fix it.

    Attributes:
        what: One sentence: what is wrong, with the value seen.
        where: File, key, URL or field it was found in; empty where there is none.
        hint: What to do about it; empty where there is nothing to advise.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  hint: {self.hint}" if self.hint else head
