"""Demonstration data: a fictional ministry, its posts, people and budget, and cases played through the real services."""
