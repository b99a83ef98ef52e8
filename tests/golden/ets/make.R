# Makes series.csv and expected_r.csv with R's forecast package. Run in this folder: Rscript make.R
suppressMessages(library(forecast))

monthly <- function(x) ts(round(as.numeric(x), 3), start = c(2010, 1), frequency = 12)
series <- lapply(
  list(
    air_passengers = AirPassengers, accidental_deaths = USAccDeaths, lung_deaths = ldeaths,
    lung_deaths_women = fdeaths, nottingham_temperature = nottem,
    mauna_loa = window(co2, 1985), drivers = UKDriverDeaths
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
  negative = made(14, 96, function(t, e) -50 - season(t) + 5 * e)
))

forms <- list(ANN = "ANN", AAN = "AAN", AAdN = "AAN", ANA = "ANA", AAA = "AAA", AAdA = "AAA")
row <- function(name, asked, fit) {
  mean <- as.numeric(forecast(fit, h = 18, PI = FALSE)$mean)
  data.frame(
    series = name, asked = asked, form = gsub("[ETS(),]", "", fit$method), aicc = fit$aicc,
    sigma = sqrt(fit$sigma2), t(setNames(mean, paste0("h", 1:18)))
  )
}
rows <- list()
for (name in names(series)) {
  y <- series[[name]]
  fit_one <- function(asked) {
    damped <- asked %in% c("AAdN", "AAdA")
    tryCatch(ets(y, model = forms[[asked]], damped = damped), error = function(e) NULL)
  }
  for (asked in names(forms)) {
    if (length(y) < 24 && grepl("A$", asked)) next
    fit <- fit_one(asked)
    if (!is.null(fit)) rows <- c(rows, list(row(name, asked, fit)))
  }
  rows <- c(rows, list(row(name, "auto", ets(y, model = "AZZ", additive.only = TRUE))))
}
long <- lapply(names(series), function(name) {
  data.frame(series = name, t = seq_along(series[[name]]), y = as.numeric(series[[name]]))
})
plain <- function(x, file) write.csv(x, file, row.names = FALSE, quote = FALSE)
plain(do.call(rbind, long), "series.csv")
out <- do.call(rbind, rows)
out[-(1:3)] <- lapply(out[-(1:3)], function(x) signif(x, 9))
plain(out, "expected_r.csv")
cat(R.version.string, "forecast", as.character(packageVersion("forecast")), nrow(out), "rows\n")
