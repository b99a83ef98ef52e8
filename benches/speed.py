"""Series per CPU second of statsforecast on one thread.

Usage: speed.py FILE, a CSV with unique_id, t and y. Prints a line per method: its name, the number of
series and the CPU seconds of one pass over all of them, forecasts of 12 months with bands of 80 and
95 % included. The first pass is not counted: it compiles.
"""

import csv
import sys
import time

import pandas as pd
import statsforecast
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta

HORIZON = 12
LEAST_SECONDS = 2.0


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return pd.DataFrame(
        {
            "unique_id": [row["unique_id"] for row in rows],
            "ds": [int(row["t"]) for row in rows],
            "y": [float(row["y"]) for row in rows],
        }
    )


def forecast(model, series):
    StatsForecast([model], freq=1, n_jobs=1).forecast(df=series, h=HORIZON, level=[80, 95])


def seconds(model, series):
    forecast(model, series)
    passes, start = 0, time.process_time()
    while passes == 0 or time.process_time() - start < LEAST_SECONDS:
        forecast(model, series)
        passes += 1
    return (time.process_time() - start) / passes


def main():
    series = read(sys.argv[1])
    count = series["unique_id"].nunique()
    for model in (AutoETS(season_length=12), DynamicOptimizedTheta(season_length=12)):
        name = f"{model} (statsforecast {statsforecast.__version__})"
        print(f"{name},{count},{seconds(model, series):.6f}", flush=True)


main()
