"""Automatic diagrams: the semantic part of a BPMN file goes in, the same file with its whole diagram comes out."""
from .file import layout

__all__ = ["layout"]
