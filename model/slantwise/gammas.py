"""The gamma distribution without SciPy, which is needed to learn and never to apply."""

from __future__ import annotations

import math

_STEPS = 200  # of the series and of the continued fraction; both settle long before
_HALVINGS = 80


def gamma_cdf(x: float, shape: float) -> float:
    """Return the chance that a gamma variable of scale 1 is at most x.

    The series and the continued fraction of the regularised incomplete gamma function
    (Press et al., Numerical Recipes, 2007, ch. 6.2).

    >>> round(gamma_cdf(1.0, 1.0), 6)  # 1 - exp(-1)
    0.632121
    """
    if x <= 0:
        return 0.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        for step in range(1, _STEPS + int(10 * math.sqrt(shape))):
            term *= x / (shape + step)
            total += term
            if term < 1e-15 * total:
                break
        return min(1.0, total * scale)
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    fraction = d
    for step in range(1, _STEPS + int(10 * math.sqrt(shape))):
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return 1 - scale * fraction


def gamma_quantile(chance: float, shape: float) -> float:
    """Return the value that a gamma variable of scale 1 stays below with a chance.

    >>> round(gamma_quantile(0.95, 1.0), 4)  # -log(0.05)
    2.9957
    """
    low, high = 0.0, shape + 1.0
    while gamma_cdf(high, shape) < chance:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if gamma_cdf(middle, shape) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2
