# Regressions with AR(1) errors by restricted likelihood, as nlme fits them. Nile and UKDriverDeaths come with R.
library(nlme)
rows <- list()
series <- list()
add <- function(case, y, X) {
  frame <- as.data.frame(X)
  frame$y <- y
  formula <- as.formula(paste("y ~ 0 +", paste(colnames(X), collapse = " + ")))
  fit <- gls(formula, frame, correlation = corAR1(), method = "REML",
             control = glsControl(tolerance = 1e-10, msTol = 1e-12, maxIter = 500, msMaxIter = 500))
  rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  # The restricted likelihood is flat near its top: sharpen it over rho alone.
  top <- function(r) logLik(gls(formula, frame, correlation = corAR1(r, fixed = TRUE), method = "REML"))
  best <- optimize(top, c(rho - 0.05, rho + 0.05), maximum = TRUE, tol = 1e-10)$maximum
  fit <- gls(formula, frame, correlation = corAR1(best, fixed = TRUE), method = "REML")
  table <- summary(fit)$tTable
  rows[[length(rows) + 1]] <<- data.frame(case = case, column = rownames(table), rho = best,
    coefficient = table[, 1], error = table[, 2], chance = table[, 4])
  long <- data.frame(case = case, t = rep(seq_along(y) - 1, ncol(X) + 1),
    column = rep(c("y", colnames(X)), each = length(y)), value = c(y, as.vector(X)))
  series[[length(series) + 1]] <<- long
}
nile <- as.numeric(Nile)
add("nile", nile, cbind(step = as.numeric(1871:1970 >= 1899), level = 1))
uk <- log(as.numeric(UKDriverDeaths))
t <- seq_along(uk) - 1
belt <- as.numeric(t >= 14 * 12 + 1)
months <- sapply(1:12, function(m) as.numeric(t %% 12 == m - 1))
colnames(months) <- paste0("m", 1:12)
add("drivers_dummies", uk, cbind(step = belt, months))
add("drivers_one_harmonic", uk, cbind(step = belt, level = 1, trend = 2 * t / (length(uk) - 1) - 1,
  sine = sin(2 * pi * t / 12), cosine = cos(2 * pi * t / 12)))
set.seed(20)
for (after in c(6, 12)) {
  t <- 0:71
  y <- as.numeric(arima.sim(list(ar = 0.5), 72)) + 100 + 0.2 * t + 3 * sin(2 * pi * t / 12) + 2 * (t >= 72 - after)
  add(paste0("drawn_", after), round(y, 6), cbind(step = as.numeric(t >= 72 - after), level = 1,
    trend = 2 * t / 71 - 1, sine = sin(2 * pi * t / 12), cosine = cos(2 * pi * t / 12)))
}
write.csv(format(do.call(rbind, rows), digits = 12, trim = TRUE), "expected_r.csv", row.names = FALSE, quote = FALSE)
write.csv(format(do.call(rbind, series), digits = 12, trim = TRUE), "columns.csv", row.names = FALSE, quote = FALSE)
cat(R.version.string, "nlme", as.character(packageVersion("nlme")), "\n")
