"""Linear: logistic regression of many columns at once over sparse features, where each row knows only some columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known, one row an example and one column an opinion."""

    values: Matrix
    """Not a number where nothing is known."""
    weights: Matrix
    penalties: Matrix
    """One a column."""


def fitted(features: Any, told: Told, num_steps: int = 70) -> tuple[Matrix, Matrix]:
    """Weights, [features, columns], and what is added. Features are weighed by how rare they are; those of one example
    only weigh nothing."""
    counts = np.bincount(features.indices, minlength=features.shape[1])
    kept = np.flatnonzero(counts >= 2)
    rarity = np.log((1 + features.shape[0]) / (1 + counts[kept])).astype(np.float32)
    seen = (features[:, kept] @ sparse.diags(rarity)).tocsr().astype(np.float32)
    across = seen.T.tocsr()
    known = np.where(np.isnan(told.values), 0, told.weights).astype(np.float32)
    values = np.nan_to_num(told.values)
    shape = (len(kept) + 1, values.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        logits = seen @ weights[:-1] + weights[-1]
        errors = known * (1 / (1 + np.exp(-logits)) - values)
        penalty = told.penalties * weights[:-1]
        total = (known * (np.logaddexp(0, logits) - values * logits)).sum() + 0.5 * (penalty * weights[:-1]).sum()
        return float(total), np.vstack([across @ errors + penalty, errors.sum(0)]).ravel().astype(np.float64)

    options = {"maxiter": num_steps, "maxcor": 8}
    best = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
    weights = np.zeros((features.shape[1], shape[1]), np.float32)
    weights[kept] = best[:-1] * rarity[:, None]
    return weights, best[-1].astype(np.float32)
