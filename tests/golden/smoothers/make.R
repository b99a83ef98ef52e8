# Makes the expected_*_r.csv from the series of the ETS test with R's forecast package. Run in this
# folder: Rscript make.R
suppressMessages(library(forecast))

long <- read.csv("../ets/series.csv")
# No season for R to find: frequency 1. A line starts at its first money, as ours do.
series <- lapply(split(long$y, factor(long$series, unique(long$series))), function(y) {
  ts(y[cumsum(y != 0) > 0])
})
horizons <- function(values) t(setNames(as.numeric(values), paste0("h", 1:18)))

theta <- function(name) {
  y <- series[[name]]
  found <- thetaf(y, h = 18)
  smoothed <- ses(y, h = 1)$model
  data.frame(
    series = name, alpha = smoothed$par[["alpha"]], level = smoothed$par[["l"]],
    drift = found$model$drift, squares = sum(residuals(smoothed)^2), horizons(found$mean)
  )
}
# Our range: .01 to .99 for alpha, up to .99 alpha for beta, .8 to .98 for phi. R's beta may come closer to 0 and to alpha.
damped <- lapply(series, function(y) {
  ets(
    y, model = "AAN", damped = TRUE, bounds = "usual",
    lower = c(0.01, 1e-6, 1e-4, 0.8), upper = c(0.99, 0.99, 0.9999, 0.98)
  )
})
trend <- function(name) {
  found <- damped[[name]]
  par <- found$par
  data.frame(
    series = name, alpha = par[["alpha"]], beta = par[["beta"]], phi = par[["phi"]],
    level = par[["l"]], trend = par[["b"]], squares = sum(residuals(found)^2),
    sigma = sqrt(found$sigma2), horizons(forecast(found, h = 18, PI = FALSE)$mean)
  )
}
widths <- function(name) {
  ahead <- forecast(damped[[name]], h = 18, level = c(80, 95))
  half <- as.matrix(ahead$upper - ahead$lower) / 2
  data.frame(series = name, level = c(80, 95), rbind(horizons(half[, 1]), horizons(half[, 2])))
}
plain <- function(row, digits, file) {
  out <- do.call(rbind, lapply(names(series), row))
  numbers <- sapply(out, is.numeric)
  out[numbers] <- lapply(out[numbers], function(x) signif(x, digits))
  write.csv(out, file, row.names = FALSE, quote = FALSE)
}
plain(theta, 12, "expected_theta_r.csv")
plain(trend, 12, "expected_damped_r.csv")
plain(widths, 6, "expected_widths_r.csv")
cat(R.version.string, "forecast", as.character(packageVersion("forecast")), length(series), "series\n")
