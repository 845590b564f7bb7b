"""Loaders of published corpora, each in the layout its publishers distribute."""
