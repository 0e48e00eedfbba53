"""Makes the model's own probability one that can be relied on, from chains that its networks did not see."""

from __future__ import annotations

import numpy as np

STEPS, RIDGE = 50, 1.0
UNCHANGED = (1.0, 0.0, 0.0, 0.0, 0.0)  # leaves the model's own probability as it is


def calibrate(traits, right):
    """Logistic regression of being right on `decoder.traits`, by Newton's method. A ridge holds the numbers near those that change nothing."""
    x, sign = np.asarray(traits, float), np.where(np.asarray(right, bool), 1.0, -1.0)
    start = np.array(UNCHANGED)

    def cost(w):
        return np.logaddexp(0, -sign * (x @ w)).sum() + 0.5 * RIDGE * np.square(w - start).sum()

    w = start.copy()
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - (sign > 0)) + RIDGE * (w - start)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        while cost(w - step) > cost(w) + 1e-9 and np.abs(step).max() > 1e-9:
            step = step / 2
        w = w - step
    return [float(f"{v:.4g}") for v in w]
