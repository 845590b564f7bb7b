"""PolNeAR's official layout; it is read where attributions are learned."""

from slantwise.training.polnear import GoldAttribution, PolnearArticle, Range, read_polnear

__all__ = ["GoldAttribution", "PolnearArticle", "Range", "read_polnear"]
