"""Diagrams for people: the drawing of a process with the place of a case on it, and the same as a list that can be read aloud."""

from .covered import STYLE, covered
from .outline import StepLine, outline
from .progress import NEXT, NOW, PAST, STUCK, WAIT
from .svg import svg

__all__ = ["NEXT", "NOW", "PAST", "STUCK", "STYLE", "WAIT", "StepLine", "covered", "outline", "svg"]
