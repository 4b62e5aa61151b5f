"""The functions that every expression may call, one module per family."""

from . import contexts, conversions, lists, numbers, ranges, strings, temporal
from .registry import BUILTINS
from .signature import Refused, Signature

__all__ = ["BUILTINS", "Refused", "Signature", "contexts", "conversions", "lists", "numbers", "ranges", "strings", "temporal"]
