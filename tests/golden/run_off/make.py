"""Makes expected_mack.csv, expected_prior.csv and expected_other.csv from the triangles. Run in this folder:
python make.py"""

import csv
import warnings

import chainladder as cl
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
RULES = ["mack", "log-linear"]
TRIANGLES = ["gen_ins", "raa", "mortgage"]
PRIOR = 5_000_000
# The tail that Mack (1999) gives the mortgages: factor, σ, standard error.
TAIL = (1.05, 71.0, 0.02)


def read(name):
    """Cumulative amounts by origin and age, not a number where not known."""
    return pd.read_csv(f"{name}.csv", index_col="origin")


def cases():
    """Triangle, what is done to it, table, rows in the window, tail."""
    for name in TRIANGLES:
        yield name, "whole", read(name), -1, None
    table = read("gen_ins")
    yield "gen_ins", "window 5", table, 5, None
    yield "gen_ins", "rows 7", table.iloc[3:], -1, None
    yield "gen_ins", "ages 7", table.iloc[:, :7], -1, None
    yield "mortgage", "tail", read("mortgage"), -1, TAIL


def theirs(table):
    """The same for chainladder, with years as ages."""
    long = table.stack().dropna().rename("amount").reset_index()
    age = long.level_1.str.removeprefix("dev").astype(int)
    long["known"] = long.origin + age - 1
    return cl.Triangle(long, origin="origin", development="known", columns="amount", cumulative=True)


def flat(values):
    return np.nan_to_num(np.asarray(values, float)).ravel()


def package(table, window, rule):
    """Reserves, standard errors and that of the total, by chainladder."""
    development = cl.Development(n_periods=window, sigma_interpolation=rule)
    model = cl.MackChainladder().fit(development.fit_transform(theirs(table)))
    errors = flat(model.mack_std_err_.values[..., -1])
    return flat(model.ibnr_.values), errors, flat(model.total_mack_std_err_)[0]


def links(c, window, rule):
    """Factors, σ and standard errors, over the rows that have reached the next age."""
    f, sigma, sums = [], [], []
    for k in range(c.shape[1] - 1):
        told = np.flatnonzero(np.isfinite(c[:, k + 1]))[-window if window > 0 else 0 :]
        now, later = c[told, k], c[told, k + 1]
        f.append(later.sum() / now.sum() if len(told) else 1)
        squares = now @ (later / now - f[-1]) ** 2
        sigma.append(np.sqrt(squares / (len(told) - 1)) if len(told) > 1 else np.nan)
        sums.append(now.sum() if len(told) else np.inf)
    f, sigma, sums = map(np.array, (f, sigma, sums))
    last = np.flatnonzero(np.isfinite(sums))[-1]
    if np.isnan(sigma[last]) and rule == "mack":
        earlier, before = sigma[last - 2] ** 2, sigma[last - 1] ** 2
        sigma[last] = np.sqrt(min(before**2 / earlier, earlier, before))
    elif np.isnan(sigma[last]):
        sigma[last] = np.exp(np.polyval(np.polyfit(range(last), np.log(sigma[:last]), 1), last))
    return f, np.nan_to_num(sigma), np.nan_to_num(sigma) / np.sqrt(sums)


def sums(table, window, rule, tail):
    """The same in closed form, every row and every pair of rows by itself."""
    c = table.to_numpy(float)
    f, sigma, error = links(c, window, rule)
    if tail:
        f, sigma, error = (np.append(a, b) for a, b in zip((f, sigma, error), tail))
    age = np.isfinite(c).sum(axis=1) - 1
    latest = c[range(len(c)), age]
    ultimate = np.array([x * np.prod(f[a:]) for x, a in zip(latest, age)])
    mse, shared = np.zeros(len(c)), (error / f) ** 2
    for i, a in enumerate(age):
        expected = latest[i] * np.cumprod(np.append(1, f[a:]))[:-1]
        mse[i] = ultimate[i] ** 2 * np.sum((sigma[a:] / f[a:]) ** 2 / expected + shared[a:])
    between = [ultimate[i] * ultimate[j] * shared[max(age[i], age[j]) :].sum() for i in range(len(c)) for j in range(i)]
    return ultimate - latest, np.sqrt(mse), np.sqrt(mse.sum() + 2 * np.sum(between))


def priors(table):
    """Bornhuetter–Ferguson and Benktander, by chainladder."""
    known = cl.Development().fit_transform(theirs(table))
    prior = known.latest_diagonal * 0 + PRIOR
    return [flat(cl.Benktander(n_iters=n).fit(known, sample_weight=prior).ibnr_.values) for n in (1, 2)]


def poisson(table):
    """Dispersion and prediction error of the over-dispersed Poisson model, as a regression."""
    x = table.diff(axis=1).fillna(table).to_numpy(float)
    m, n = x.shape
    design = np.array([np.r_[np.arange(m) == i, np.arange(1, n) == k] for i in range(m) for k in range(n)], float)
    known = np.isfinite(x).ravel()
    past, future, y = design[known], design[~known], x.ravel()[known]
    eta = np.log(np.maximum(y, 1))
    for _ in range(50):
        mu = np.exp(eta)
        beta = np.linalg.solve(past.T @ (mu[:, None] * past), past.T @ (mu * eta + y - mu))
        eta = past @ beta
    mu, later = np.exp(eta), np.exp(future @ beta)
    phi = np.sum((y - mu) ** 2 / mu) / (len(y) - len(beta))
    slope = future.T @ later
    estimation = slope @ np.linalg.solve(past.T @ (mu[:, None] * past), slope)
    return phi, np.sqrt(phi * (later.sum() + estimation))


def tail(table):
    """From the last age on, by chainladder: its first year and what comes after that."""
    development = cl.Development().fit_transform(theirs(table))
    factors = cl.TailCurve(curve="exponential", extrap_periods=100).fit(development).ldf_.values
    return np.prod(flat(factors)[table.shape[1] - 1 :])


def write(file, header, rows):
    digits = [[x if isinstance(x, (str, int)) else f"{x:.12g}" for x in row] for row in rows]
    with open(file, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *digits])


if __name__ == "__main__":
    rows = []
    for name, case, table, window, chosen in cases():
        for rule in RULES:
            reserves, errors, total = sums(table, window, rule, chosen)
            # chainladder gives no errors for rows past the last age, and Mack's only without a tail.
            if case not in ("ages 7", "tail"):
                for ours, other in zip((reserves, errors, total), package(table, window, rule)):
                    assert np.allclose(ours, other, rtol=1e-9, atol=1e-6), (name, case, rule)
            print(name, case, rule, reserves.sum(), total)
            rows += [[name, case, rule, *row] for row in zip(map(str, table.index), reserves, errors)]
            rows.append([name, case, rule, "total", reserves.sum(), total])
    write("expected_mack.csv", ["triangle", "case", "rule", "origin", "reserve", "standard_error"], rows)

    table = read("gen_ins")
    rows = zip(map(str, table.index), *priors(table))
    write("expected_prior.csv", ["origin", "bornhuetter_ferguson", "benktander"], rows)

    rows = [[name, *poisson(read(name)), tail(read(name))] for name in TRIANGLES]
    print(rows)
    write("expected_other.csv", ["triangle", "dispersion", "prediction_error", "tail"], rows)
    print("chainladder", cl.__version__, "numpy", np.__version__)
