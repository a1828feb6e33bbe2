"""Reading a condition: from text to its tree, with a mistake named where it stands."""

import re
from collections.abc import Iterator

from workstation.playbooks.expressions import (
    COMPARE,
    Among,
    Arithmetic,
    Call,
    Comparison,
    Condition,
    Joined,
    Literal,
    Name,
    Node,
    Not,
    Scalar,
)

_PIECE = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(==|!=|<=|>=|<|>|[-+*()\[\],]))")
FUNCTIONS = ("count", "max", "exists")
MAX_LENGTH = 2000
MAX_DEPTH = 40


class ExpressionError(ValueError):
    """A condition that cannot be read: what is wrong, and at which character."""


def parse(text: str) -> Condition:
    """Read a condition. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    return Condition(text, _Parser(text).whole())


class _Parser:
    def __init__(self, text: str) -> None:
        self._parts = list(_words(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._or()
        if self._peek():
            raise ExpressionError(f"unexpected {self._peek()!r}")
        return node

    def _or(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError("nested too deep")
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Joined(True, tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Joined(False, tuple(parts))

    def _not(self) -> Node:
        negated = False
        while self._take("not"):
            negated = not negated
        node = self._comparison()
        return Not(node) if negated else node

    def _comparison(self) -> Node:
        left = self._sum()
        if self._take("in"):
            return Among(left, self._choices())
        sign = self._peek()
        if sign in COMPARE or sign in ("==", "!="):
            self._at += 1
            right = self._word() if sign in ("==", "!=") and self._is_word() else self._sum()
            return Comparison(sign, left, right)
        return left

    def _sum(self) -> Node:
        node = self._product()
        while self._peek() in ("+", "-"):
            node = Arithmetic(self._next(), node, self._product())
        return node

    def _product(self) -> Node:
        node = self._atom()
        while self._take("*"):
            node = Arithmetic("*", node, self._atom())
        return node

    def _atom(self) -> Node:
        piece = self._next()
        if piece == "(":
            node = self._or()
            self._expect(")")
            return node
        if piece[0].isdigit():
            return Literal(float(piece))
        if piece in ("true", "false"):
            return Literal(piece == "true")
        if not (piece[0].isalpha() or piece[0] == "_"):
            raise ExpressionError(f"unexpected {piece!r}")
        if piece in FUNCTIONS and self._take("("):
            name = self._next()
            self._expect(")")
            return Call(piece, name)
        if self._peek() == "(":
            raise ExpressionError(f"no such function: {piece}")
        return Name(piece)

    def _choices(self) -> tuple[Scalar, ...]:
        self._expect("[")
        words = [_word(self._next())]
        while self._take(","):
            words.append(_word(self._next()))
        self._expect("]")
        return tuple(words)

    def _word(self) -> Literal:
        return Literal(_word(self._next()))

    def _is_word(self) -> bool:
        """Whether what stands right of == is a word (R, none, true): names of indicators are lower case and longer."""
        piece = self._peek()
        return piece in ("none", "true", "false") or bool(re.fullmatch(r"[A-Z]\w*", piece))

    def _peek(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _next(self) -> str:
        piece = self._peek()
        if not piece:
            raise ExpressionError("ends too early")
        self._at += 1
        return piece

    def _take(self, piece: str) -> bool:
        if self._peek() == piece:
            self._at += 1
            return True
        return False

    def _expect(self, piece: str) -> None:
        if not self._take(piece):
            raise ExpressionError(f"{piece!r} expected, found {self._peek() or 'the end'!r}")


def _words(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _PIECE.match(text, at)
        if match is None:
            raise ExpressionError(f"character {at + 1}: {text[at:].strip()[:1]!r} has no meaning here")
        at = match.end()
        yield match.group(match.lastindex or 0)


def _word(piece: str) -> Scalar:
    if piece in ("true", "false"):
        return piece == "true"
    return float(piece) if piece[0].isdigit() else piece
