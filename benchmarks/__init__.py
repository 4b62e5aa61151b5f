"""What things cost: `python -m benchmarks`. Figures and what follows from them: docs/performance.md."""
