"""Makes expected_statsforecast.csv from series.csv. Run in this folder: python make.py"""

import csv

import pandas as pd
import statsforecast
from statsforecast.models import AutoETS

FORMS = ["ANN", "AAN", "AAdN", "ANA", "AAA", "AAdA"]
FORMS += ["MNN", "MAN", "MAdN", "MNA", "MAA", "MAdA", "MNM", "MAM", "MAdM"]

with open("expected_statsforecast.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["series", "asked", "aicc", "alpha", "beta", "gamma"])
    for name, rows in pd.read_csv("series.csv").groupby("series", sort=False):
        y = rows.y.to_numpy(dtype="float64")
        for asked in FORMS:
            if len(y) < 24 and asked[-1] != "N" or y.min() <= 0 and asked[0] == "M":
                continue
            damped = "d" in asked
            ets = AutoETS(season_length=12, model=asked.replace("d", ""), damped=damped)
            try:
                found = ets.fit(y).model_
            except Exception:  # it stops where too few months are left for the parameters
                continue
            smoothing = [0 if x != x else x for x in found["par"][:3]]
            out.writerow([name, asked] + [f"{x:.9g}" for x in [found["aicc"], *smoothing]])
print("statsforecast", statsforecast.__version__)
