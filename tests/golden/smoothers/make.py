"""Makes expected_*_statsforecast.csv and expected_prepared.csv from the series of the ETS test. Run in this folder:
python make.py"""

import csv

import numpy as np
import pandas as pd
import statsforecast
from statsforecast.models import DynamicOptimizedTheta, Theta

HORIZON = 18
PREPARED = ["air_passengers", "gas", "trend", "season_trend", "season_changing", "lumps", "shift", "short_30"]
PREPARED += ["negative", "zeros", "share_errors", "year_steps", "sunspots"]


def series():
    """By name, from the first money on."""
    rows = pd.read_csv("../ets/series.csv").groupby("series", sort=False)
    return {name: np.trim_zeros(group.y.to_numpy(float), "f") for name, group in rows}


def found(name, model, y):
    fitted = model.fit(y).model_
    parameters = [fitted["par"][key] for key in ("alpha", "theta", "initial_smoothed")]
    # The errors that were made least: from the fourth on.
    squares = np.sum(fitted["residuals"][3:] ** 2)
    points = model.predict(HORIZON)["mean"]
    return [name, *(f"{x:.12g}" for x in [*parameters, squares, *points])]


# The preparation, steps 1 to 3 of the recipe, for a line that starts in January.
YEAR, REACH = 12, 12
MONTHS = np.arange(YEAR)


def scaled(y):
    size, low = np.abs(y).mean(), y.min()
    if low > 0:
        return np.log(y)
    return y if low < -size / 2 else np.log(y + size / 4 - low)


def moving_average(x):
    """2×12, not known half a year from either end."""
    trend = np.full(len(x), np.nan)
    weights = np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR
    trend[YEAR // 2 : -(YEAR // 2)] = np.convolve(x, weights, "valid")
    return trend


def local_line(x):
    """At every month the tricube-weighted line through the months up to a year away, all by least squares."""
    t = np.arange(len(x))
    trend = np.empty(len(x))
    for now in t:
        near = np.abs(t - now) <= REACH
        u = t[near] - now
        root = (1 - (np.abs(u) / (REACH + 1)) ** 3) ** 1.5
        design = np.column_stack([np.ones(len(u)), u]) * root[:, None]
        trend[now] = np.linalg.lstsq(design, root * x[near], rcond=None)[0][0]
    return trend


def indices(x, trend, recency, extra):
    """Mean deviations per month of the year, centred and shrunk."""
    deviation, month = x - trend, np.arange(len(x)) % YEAR
    known = np.isfinite(deviation)
    weight = recency ** ((len(x) - 1 - np.arange(len(x))) / YEAR)
    season, effective, scatter, free = np.zeros(YEAR), np.zeros(YEAR), 0.0, 0
    for k in MONTHS:
        d, w = deviation[known & (month == k)], weight[known & (month == k)]
        season[k] = np.average(d, weights=w)
        effective[k] = w.sum() ** 2 / (w**2).sum()
        scatter += ((d - season[k]) ** 2).sum()
        free += len(d) - 1
    season -= season.mean()
    if free == 0:
        return season / 2
    of_one = scatter / free / effective.mean()
    of_all = (season**2).sum() / (YEAR - 1)
    return season * (1 - min(1, extra * 9 / 11 * of_one / max(of_all, of_one)))


def clipped(x):
    """Held to six robust deviations from the running median of what plain indices leave."""
    plain = np.resize(indices(x, moving_average(x), 1, 1), len(x))
    a = x - plain
    middle = np.array([np.median(a[max(0, t - 4) : t + 5]) for t in range(len(a))])
    limit = 6 * 1.4826 * np.median(np.abs(a - middle))
    held = plain + middle + np.clip(a - middle, -limit, limit)
    return np.where((np.abs(a - middle) > limit) & (limit > 0), held, x)


def prepared(y):
    """What the smoothers see, and the season that was taken out."""
    x = clipped(scaled(y))
    rough = np.resize(indices(x, moving_average(x), 0.85, 1.25), len(x))
    season = np.resize(indices(x, local_line(x - rough), 0.85, 1.25), len(x))
    return x - season, season


def write(file, header, rows):
    with open(file, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    header = ["series", "alpha", "theta", "level", "squares", *(f"h{k}" for k in range(1, HORIZON + 1))]
    for kind, model in {"dot": DynamicOptimizedTheta, "theta": Theta}.items():
        rows = [found(name, model(season_length=1), y) for name, y in series().items()]
        write(f"expected_{kind}_statsforecast.csv", header, rows)

    rows = []
    for name in PREPARED:
        values, season = prepared(series()[name])
        rows += [[name, t + 1, f"{a:.15g}", f"{f:.15g}"] for t, (a, f) in enumerate(zip(values, season))]
    write("expected_prepared.csv", ["series", "t", "prepared", "season"], rows)
    print("statsforecast", statsforecast.__version__, "numpy", np.__version__)
