"""Makes parts.csv, errors.csv and expected.csv. Run in this folder: python make.py"""

import csv

import numpy as np
from hierarchicalforecast.methods import MinTrace

METHODS = ["ols", "wls_struct", "mint_shrink"]
# The package refuses errors whose mean is nil, and takes the mean of errors out in any case.
SHIFT = 0.5


def small():
    """One sum of two parts; the errors of each have a mean of nil."""
    parts = np.array([[1.0, 1.0]])
    base = np.array([100.0, 55.0, 52.0])
    errors = np.array(
        [
            [3.0, -2.0, 1.0, 4.0, -5.0, 2.0, -1.0, -2.0],
            [2.0, -1.0, 0.0, 2.0, -3.0, 1.0, -1.0, 0.0],
            [0.0, -2.0, 2.0, 1.0, -1.0, 2.0, 1.0, -3.0],
        ]
    )
    return parts, base, errors


def town():
    """A total, two acts and five taakvelden over twelve lines of very different size."""
    random = np.random.default_rng(20)
    taakveld = np.repeat(np.arange(5), [3, 2, 4, 1, 2])
    parts = [np.ones(12), taakveld < 2, taakveld >= 2]
    parts += [taakveld == t for t in (0, 1, 2, 4)]
    parts = np.array(parts, dtype=float)
    sizes = np.exp(random.normal(9.0, 1.5, 12))
    common = random.normal(0.0, 0.5, 48)
    lines = np.round(sizes[:, None] * (random.normal(0.0, 1.0, (12, 48)) + common), 2)
    sums = np.round(parts @ lines * 0.8 + random.normal(0.0, 2e3, (7, 48)), 2)
    errors = np.vstack([sums, lines])
    base = np.round(10 * sizes, 2)
    base = np.concatenate([np.round(parts @ base * random.normal(1.0, 0.05, 7), 2), base])
    return parts, base, errors


def reconciled(parts, base, errors, method):
    summing = np.vstack([parts, np.eye(parts.shape[1])])
    actual = np.zeros_like(errors)
    found = MinTrace(method=method).fit_predict(
        S=summing,
        y_hat=base[:, None],
        y_insample=actual,
        y_hat_insample=actual - errors - SHIFT,
    )
    return found["mean"][:, 0]


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    parts_rows, error_rows, expected = [], [], []
    for case, (parts, base, errors) in {"small": small(), "town": town()}.items():
        parts_rows += [[case, s, p] for s, p in zip(*np.nonzero(parts))]
        error_rows += [
            [case, node, month, error]
            for node, row in enumerate(errors.tolist())
            for month, error in enumerate(row)
        ]
        found = {method: reconciled(parts, base, errors, method) for method in METHODS}
        for node, value in enumerate(base.tolist()):
            expected.append([case, node, value] + [f"{found[m][node]:.12g}" for m in METHODS])
    write("parts.csv", ["case", "sum", "part"], parts_rows)
    write("errors.csv", ["case", "node", "month", "error"], error_rows)
    write("expected.csv", ["case", "node", "base"] + METHODS, expected)


main()
