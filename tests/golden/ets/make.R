# Makes series.csv, expected_r.csv and intervals_r.csv with R's forecast package. Run in this folder: Rscript make.R
suppressMessages(library(forecast))

monthly <- function(x) ts(round(as.numeric(x), 3), start = c(2010, 1), frequency = 12)
series <- lapply(
  list(
    air_passengers = AirPassengers, accidental_deaths = USAccDeaths, lung_deaths = ldeaths,
    lung_deaths_women = fdeaths, nottingham_temperature = nottem,
    mauna_loa = window(co2, 1985), drivers = UKDriverDeaths, lung_deaths_men = mdeaths,
    wine = wineind, gas = window(gas, 1983), sunspots = window(sunspots, 1970, c(1979, 12))
  ),
  monthly
)

# Made up, from fixed seeds: amounts per month as a municipality might book them.
made <- function(seed, n, f) {
  set.seed(seed)
  monthly(f(1:n, rnorm(n)))
}
shape <- c(-9, -6, 3, 1, 0, 2, -4, -8, 5, 7, 4, 5)
season <- function(t) shape[(t - 1) %% 12 + 1]
series <- c(series, list(
  level = made(1, 84, function(t, e) 400 + 12 * e),
  walk = made(2, 84, function(t, e) 400 + cumsum(9 * e)),
  trend = made(3, 96, function(t, e) 300 + 2.1 * t + 10 * e),
  saturating = made(4, 96, function(t, e) 300 + 180 * (1 - 0.96^t) + 6 * e),
  season_level = made(5, 84, function(t, e) 250 + 3 * season(t) + cumsum(3 * e)),
  season_trend = made(6, 120, function(t, e) 250 + 0.8 * t + 3 * season(t) + 7 * e),
  season_changing = made(7, 120, function(t, e) 250 + season(t) * (1 + t / 30) + 4 * e),
  steps = made(8, 96, function(t, e) 200 * 1.04^((t - 1) %/% 12) + 1.5 * e),
  lumps = made(9, 96, function(t, e) 150 + 8 * e + ifelse(t %% 9 == 0, 120, 0)),
  shift = made(10, 96, function(t, e) 300 + ifelse(t > 60, 140, 0) + 9 * e),
  short_22 = made(11, 22, function(t, e) 500 + 4 * t + 15 * e),
  short_30 = made(12, 30, function(t, e) 500 + 6 * season(t) + 9 * e),
  millions = made(13, 96, function(t, e) 1e6 * (30 + 0.1 * t + season(t) / 5 + 0.6 * e)),
  negative = made(14, 96, function(t, e) -50 - season(t) + 5 * e),
  zeros = made(15, 84, function(t, e) ifelse(t %% 5 == 0, 0, 80 + 10 * e)),
  late_level = made(16, 72, function(t, e) ifelse(t <= 24, 0, 260 + 11 * e)),
  share_errors = made(17, 96, function(t, e) 400 * exp(cumsum(0.06 * e))),
  share_trend = made(18, 96, function(t, e) (300 + 9 * t) * (1 + 0.05 * e)),
  share_season = made(19, 96, function(t, e) 500 * (1 + season(t) / 30) * (1 + 0.03 * e)),
  growing_season = made(20, 120, function(t, e) {
    (200 + 5 * t) * (1 + season(t) / 40) * (1 + 0.03 * e)
  }),
  levelling_season = made(21, 108, function(t, e) {
    (300 + 200 * (1 - 0.95^t)) * (1 + season(t) / 35) * (1 + 0.04 * e)
  }),
  walking_season = made(22, 132, function(t, e) {
    400 * exp(cumsum(0.03 * e)) * (1 + season(t) / 40)
  }),
  large_shift = made(23, 84, function(t, e) 1e4 * (40 - 22 * (t > 50) + 2 * e)),
  short_24 = made(24, 24, function(t, e) 900 * (1 + season(t) / 30) * (1 + 0.02 * e)),
  short_36 = made(25, 36, function(t, e) (500 + 4 * t) * (1 + season(t) / 40) * (1 + 0.03 * e)),
  year_steps = made(26, 120, function(t, e) 3e5 * 1.05^((t - 1) %/% 12) * (1 + 0.02 * e))
))

forms <- c(
  "ANN", "AAN", "AAdN", "ANA", "AAA", "AAdA",
  "MNN", "MAN", "MAdN", "MNA", "MAA", "MAdA", "MNM", "MAM", "MAdM"
)
row <- function(name, asked, fit) {
  mean <- as.numeric(forecast(fit, h = 18, PI = FALSE)$mean)
  par <- function(letter) if (letter %in% names(fit$par)) fit$par[[letter]] else NA
  data.frame(
    series = name, asked = asked, form = gsub("[ETS(),]", "", fit$method), aicc = fit$aicc,
    loglik = fit$loglik, sigma = sqrt(fit$sigma2), alpha = par("alpha"), beta = par("beta"),
    gamma = par("gamma"), phi = par("phi"), t(setNames(mean, paste0("h", 1:18)))
  )
}
widths <- function(name, asked, fit) {
  ahead <- forecast(fit, h = 18, level = c(80, 95))
  half <- as.matrix(ahead$upper - ahead$lower) / 2
  data.frame(series = name, asked = asked, level = c(80, 95), setNames(data.frame(t(half)), paste0("h", 1:18)))
}
rows <- list()
intervals <- list()
for (name in names(series)) {
  y <- series[[name]]
  for (asked in forms) {
    if (length(y) < 24 && grepl("[AM]$", asked)) next
    if (min(y) <= 0 && grepl("^M", asked)) next
    fit <- tryCatch(
      ets(y, model = sub("d", "", asked), damped = grepl("d", asked)),
      error = function(e) NULL
    )
    if (is.null(fit)) next
    rows <- c(rows, list(row(name, asked, fit)))
    if (grepl("^A", asked)) intervals <- c(intervals, list(widths(name, asked, fit)))
  }
  rows <- c(rows, list(row(name, "auto", ets(y))))
}
long <- lapply(names(series), function(name) {
  data.frame(series = name, t = seq_along(series[[name]]), y = as.numeric(series[[name]]))
})
plain <- function(rows, digits, file) {
  out <- do.call(rbind, rows)
  numbers <- sapply(out, is.numeric)
  out[numbers] <- lapply(out[numbers], function(x) signif(x, digits))
  write.csv(out, file, row.names = FALSE, quote = FALSE, na = "")
}
plain(long, 15, "series.csv")
plain(rows, 9, "expected_r.csv")
plain(intervals, 6, "intervals_r.csv")
cat(
  R.version.string, "forecast", as.character(packageVersion("forecast")), length(series),
  "series,", length(rows), "rows\n"
)
