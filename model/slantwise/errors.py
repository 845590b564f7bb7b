"""Every error slantwise raises on purpose.

SlantwiseError
├── UsageError          an argument, option or column name that can't be
├── InputError          articles that can't be read (a source as a whole)
│   └── NothingToRead   a source that holds no readable article
├── ModelError          a model file that is missing, damaged or of another format
└── ScoresError         a folder of scores that is missing, damaged or mixed

A single bad record never raises: it becomes a :class:`~slantwise.records.Rejected`.
"""

from __future__ import annotations


class SlantwiseError(Exception):
    """Base of all errors that slantwise raises on purpose."""


class UsageError(SlantwiseError, ValueError):
    """An argument, option or column name that can't be."""


class InputError(SlantwiseError):
    """A source of articles that can't be read as a whole."""


class NothingToRead(InputError):
    """A source that holds no readable article."""


class ModelError(SlantwiseError):
    """A model file that is missing, damaged or of another format."""


class ScoresError(SlantwiseError):
    """A folder of scores that is missing, damaged or mixed."""
