"""Scenario files played through the real services with a simulated clock."""
