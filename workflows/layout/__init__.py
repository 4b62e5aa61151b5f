"""Automatic diagrams: the semantic part of a BPMN file goes in, the same file with its whole diagram comes out."""

from .file import LayoutError, layout
from .seal import is_sealed

__all__ = ["LayoutError", "is_sealed", "layout"]
