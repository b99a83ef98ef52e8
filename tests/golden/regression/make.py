"""Makes series.csv and expected.csv: the regression once more, with scikit-learn's elastic net.

Everything but the descent is written here a second time, with numpy, from the equations in the
guide (chapter "models"), not from the Rust code. Run in this folder: python make.py
"""

import csv
import datetime
import json

import numpy as np
from dateutil.easter import easter
from sklearn.linear_model import ElasticNet

START = (2014, 1)
AHEAD = 12
DEFAULT = {
    "penalty": 0.03,
    "l1_ratio": 0.5,
    "memory": 0.96,
    "logarithm": True,
    "trend": "damped",
    "season": {"waves": 6},
    "working_days": True,
    "shifts": 6,
    "shift_burden": 3.0,
    "lags": [],
}
PLAIN = {"trend": "none", "season": "none", "working_days": False, "shifts": 0, "memory": 1.0,
         "logarithm": False, "penalty": 0.0}


def month(t):
    return START[0] + (START[1] - 1 + t) // 12, (START[1] - 1 + t) % 12


def text(t):
    year, index = month(t)
    return f"{year}-{index + 1:02}"


def working_days(t):
    year, index = month(t)
    day = datetime.timedelta(days=1)
    king = datetime.date(year, 4, 27 if year >= 2014 else 30)
    if king.weekday() == 6:
        king -= day
    sunday = easter(year)
    off = {datetime.date(year, 1, 1), king, datetime.date(year, 12, 25), datetime.date(year, 12, 26)}
    off |= {sunday + k * day for k in (1, 39, 50)}
    if year % 5 == 0:
        off.add(datetime.date(year, 5, 5))
    date, count = datetime.date(year, index + 1, 1), 0
    while date.month == index + 1:
        count += date.weekday() < 5 and date not in off
        date += day
    return count


def trend(t, n, how):
    if t < n or how == "straight":
        return t
    phi = 0.8
    return n - 1 + (sum(phi ** (k + 1) for k in range(t - n + 1)) if how == "damped" else 0.0)


def columns(options, n, event):
    """Name, penalty factor and function of (t, values before t) of every column."""
    found = []
    if options["trend"] != "none":
        found.append(("trend", 1.0, lambda t, seen: trend(t, n, options["trend"])))
    if options["working_days"]:
        found.append(("working-days", 3.0, lambda t, seen: working_days(t)))
    if options["season"] == "months":
        for k in range(12):
            found.append(({"month": k}, 1.0, lambda t, seen, k=k: float(month(t)[1] == k)))
    elif options["season"] != "none":
        for k in range(1, options["season"]["waves"] + 1):
            angle = 2 * np.pi * k / 12
            if k < 6:
                found.append(({"sine": k}, 1.0, lambda t, seen, a=angle: np.sin(a * month(t)[1])))
            found.append(({"cosine": k}, 1.0, lambda t, seen, a=angle: np.cos(a * month(t)[1])))
    for lag in options["lags"]:
        found.append(({"lag": lag}, 1.0, lambda t, seen, lag=lag: seen[t - lag]))
    apart = options["shifts"]
    for k in range(1, min(n // apart - 1, 10) + 1) if apart else []:
        at = n - k * apart
        found.append(({"shift": text(at)}, options["shift_burden"], lambda t, seen, at=at: float(t >= at)))
    if event is not None:
        found.append(({"event": "e"}, 0.75, lambda t, seen: float(t >= event)))
    return found


def regression(y, options, event):
    options = {**DEFAULT, **options}
    y = np.asarray(y)
    n = len(y)
    logarithm = options["logarithm"] and (y >= 0.01 * y.mean()).all() and y.mean() > 0
    x = np.log(y) if logarithm else y
    names = columns(options, n, event)
    skip = max([0] + options["lags"])
    raw = np.array([[f(t, x) for _, _, f in names] for t in range(skip, n)]).reshape(n - skip, len(names))
    centres = raw.mean(axis=0)
    z = raw - centres
    burdens = np.array([burden for _, burden, _ in names])
    target = x[skip:]
    m = len(target)
    weights = options["memory"] ** np.arange(m - 1, -1, -1.0)
    weights /= weights.mean()

    def whiten(v, rho):
        out = v - rho * np.concatenate([np.zeros_like(v[:1]), v[:-1]])
        out[0] = np.sqrt(1 - rho**2) * v[0]
        return (out.T * np.sqrt(weights)).T

    def solve(rho):
        ones, ys, zs = whiten(np.ones(m), rho), whiten(target, rho), whiten(z, rho)
        share = ones @ ys / (ones @ ones)
        shares = ones @ zs / (ones @ ones)
        ys, zs = ys - share * ones, zs - np.outer(ones, shares)
        size = np.sqrt((ys**2).mean())
        sizes = np.sqrt((zs**2).mean(axis=0)) * burdens
        if options["penalty"] > 0:
            net = ElasticNet(alpha=options["penalty"], l1_ratio=options["l1_ratio"],
                             fit_intercept=False, tol=1e-14, max_iter=10**6)
            found = net.fit(zs / sizes, ys / size).coef_
        else:
            found = np.linalg.lstsq(zs / sizes, ys / size, rcond=None)[0]
        w = found * size / sizes
        return share - w @ shares, w

    level, w = solve(0.0)
    u = target - level - z @ w
    r = (u[1:] @ u[:-1]) / (u @ u)
    slow = 1 + sum(w[k] != 0 and any(word in str(name) for word in ("trend", "shift", "event"))
                   for k, (name, _, _) in enumerate(names))
    rho = min(max(r + (2 * r + slow * (1 + r)) / m, 0.0), 0.98)
    level, w = solve(rho)
    u = target - level - z @ w

    used = [k for k, (name, _, _) in enumerate(names) if w[k] != 0 or "event" in name]
    big = np.column_stack([whiten(np.ones(m), rho), whiten(z, rho)[:, used]])
    ridge = (big**2).mean(axis=0) * np.concatenate([[0.0], burdens[used] ** 2])
    inverse = np.linalg.inv(big.T @ big + m * options["penalty"] * (1 - options["l1_ratio"]) * np.diag(ridge))
    count = m**2 / (weights**2).sum()
    sigma2 = (whiten(u, rho) ** 2).mean() * count / max(count - np.trace(inverse @ big.T @ big), 1.0)
    meat = big.T @ (big * weights[:, None])
    errors = np.sqrt(sigma2 * np.diag(inverse @ meat @ inverse))

    path, last = list(x), u[-1]
    for t in range(n, n + AHEAD):
        last *= rho
        now = np.array([f(t, path) for _, _, f in names])
        path.append(level + (now - centres) @ w + last)
    ahead = np.exp(path[n:]) if logarithm else np.array(path[n:])
    if (y >= 0).all():
        ahead = np.maximum(ahead, 0.0)
    rows = [("level", level, errors[0])]
    rows += [(names[k][0], w[k], error) for k, error in zip(used, errors[1:])]
    return rows, ahead


def made_up():
    """Name, values, first month of the event (or None) and options of every case."""
    def noise(n, seed, rho=0.0):
        rng = np.random.default_rng(seed)
        out = rng.normal(size=n)
        for t in range(1, n):
            out[t] += rho * out[t - 1]
        return out

    def season(n):
        return np.sin(2 * np.pi * np.arange(n) / 12) + 0.4 * np.cos(6 * np.pi * np.arange(n) / 12)

    def step(n, at):
        return (np.arange(n) >= at).astype(float)

    t72, t60, t120 = np.arange(72), np.arange(60), np.arange(120)
    yield "level", 100 + 5 * noise(60, 1), None, {}
    yield "growth", 1e5 * np.exp(0.006 * t72 + 0.1 * season(72) + 0.03 * noise(72, 2)), None, {}
    yield "growth", 1e5 * np.exp(0.006 * t72 + 0.1 * season(72) + 0.03 * noise(72, 2)), None, {"trend": "held"}
    yield "growth", 1e5 * np.exp(0.006 * t72 + 0.1 * season(72) + 0.03 * noise(72, 2)), None, {"trend": "straight", "logarithm": False}
    yield "persistent", 500 + 12 * np.cumsum(noise(96, 3)) * 0.5 + 20 * season(96), None, {}
    yield "persistent", 500 + 12 * np.cumsum(noise(96, 3)) * 0.5 + 20 * season(96), None, {"shifts": 0, "season": "months"}
    yield "step", 200 + 40 * step(72, 55) + 8 * season(72) + 5 * noise(72, 4, 0.4), 55, {}
    yield "step", 200 + 40 * step(72, 55) + 8 * season(72) + 5 * noise(72, 4, 0.4), 55, {"logarithm": False, "shifts": 0}
    yield "young", 300 + 30 * season(24) + 10 * noise(24, 5), None, {}
    yield "below-zero", 50 * season(60) + 20 * noise(60, 6), None, {}
    yield "empty-months", np.where(t60 % 3 == 0, 900 + 50 * noise(60, 7), 0.0), None, {}
    yield "huge", 1e12 * (1 + 0.05 * season(60) + 0.01 * noise(60, 8)), None, {}
    yield "lags", 100 + 6 * np.cumsum(noise(120, 9)) * 0.3 + 10 * season(120), None, {"lags": [1, 12]}
    yield "lags", 100 + 6 * np.cumsum(noise(120, 9)) * 0.3 + 10 * season(120), None, {"lags": [12], "logarithm": False, "shifts": 0}
    days = np.array([working_days(t) for t in range(84)])
    yield "working-days", 40 * days + 15 * noise(84, 10), None, {"season": {"waves": 3}}
    yield "all-square", 400 + 20 * season(60) + 15 * noise(60, 11, 0.5), None, {"l1_ratio": 0.0}
    yield "all-absolute", 400 + 20 * season(60) + 15 * noise(60, 12, 0.5), None, {"l1_ratio": 1.0, "penalty": 0.1}
    yield "long", 900 + 2 * t120 + 60 * season(120) + 40 * noise(120, 13, 0.7), None, {"memory": 1.0}
    # A step of -250 in the level of a river, as in the Nile of 1898, with errors of 130; for make.R.
    yield "river", 1100 - 250 * step(100, 28) + 130 * noise(100, 14, 0.2), 28, PLAIN
    yield "river-slow", 1100 - 250 * step(100, 60) + 130 * noise(100, 15, 0.5), 60, PLAIN
    yield "river-late", 1100 - 250 * step(100, 88) + 130 * noise(100, 16, 0.3), 88, PLAIN


def main():
    seen = set()
    with open("series.csv", "w", newline="") as series, open("expected.csv", "w", newline="") as expected:
        values, rows = csv.writer(series, lineterminator="\n"), csv.writer(expected, lineterminator="\n")
        values.writerow(["series", "t", "y"])
        rows.writerow(["series", "event", "options", "quantity", "value", "standard_error"])
        for name, y, event, options in made_up():
            y = [float(f"{value:.10g}") for value in y]
            if name not in seen:
                seen.add(name)
                values.writerows([name, t + 1, repr(value)] for t, value in enumerate(y))
            head = [name, "" if event is None else text(event), json.dumps(options)]
            weights, ahead = regression(y, options, event)
            rows.writerows(head + [json.dumps(what), f"{w:.9g}", f"{error:.9g}"] for what, w, error in weights)
            rows.writerows(head + [f"ahead {h + 1}", f"{value:.9g}", ""] for h, value in enumerate(ahead))


main()
