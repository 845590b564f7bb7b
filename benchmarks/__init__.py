"""Measurements: ``python -m benchmarks.NAME --data DIR``, each figure computed when it runs."""
