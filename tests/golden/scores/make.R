# Tests of forecasts by R: writes numbers.csv and expected.csv beside this script.
# Rscript tests/golden/scores/make.R (R 4.2.2, forecast 8.20, sandwich 3.0-2)
library(forecast)
here <- dirname(normalizePath(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))))
set.seed(20261126)
numbers <- NULL
expected <- NULL
add <- function(case, test, statistic, p, low = NA)
  expected <<- rbind(expected, data.frame(case, test, statistic = sprintf("%.10g", statistic),
    p = sprintf("%.10g", p), low = ifelse(is.na(low), "", sprintf("%.10g", low))))
keep <- function(case, x, f = NA, group = NA)
  numbers <<- rbind(numbers, data.frame(case, x = sprintf("%.12g", x),
    f = ifelse(is.na(f), "", sprintf("%.12g", f)), group = ifelse(is.na(group), "", group)))

# Diebold and Mariano: errors of two models, losses are their squares.
for (case in 1:6) {
  n <- c(12, 24, 36, 60, 9, 21)[case]; h <- c(1, 3, 12, 2, 1, 3)[case]
  e1 <- as.numeric(arima.sim(list(ar = .4), n)); e2 <- e1 * .6 + rnorm(n)
  for (side in c("two.sided", "less")) {
    test <- dm.test(e1, e2, alternative = side, h = h, power = 2, varestimator = "acf")
    assign(side, test$p.value)
  }
  name <- paste0("dm-", h, "-", n)
  keep(name, e1^2 - e2^2)
  # R's "less" is: the second is less accurate than the first.
  add(name, "dm", test$statistic, two.sided, pt(test$statistic, n - 1))
}

# Signs and signed ranks: around 0 and above it, small and large, with ties.
for (case in 1:6) {
  n <- c(5, 9, 17, 25, 40, 12)[case]
  x <- rnorm(n, mean = c(1, .4, 0, .3, .1, .5)[case])
  if (case == 6) x <- round(x, 1)
  name <- paste0("signs-", case)
  keep(name, x)
  kept <- x[x != 0]
  sign <- binom.test(sum(kept > 0), length(kept))
  add(name, "sign", sum(kept > 0), sign$p.value, binom.test(sum(kept > 0), length(kept), alternative = "less")$p.value)
  exact <- length(kept) <= 25 && !any(duplicated(abs(kept)))
  rank <- suppressWarnings(wilcox.test(kept, exact = exact, correct = TRUE))
  low <- suppressWarnings(wilcox.test(kept, exact = exact, correct = TRUE, alternative = "less"))
  add(name, "ranks", rank$statistic, rank$p.value, low$p.value)
}

# Mincer and Zarnowitz with errors that hang together inside a year.
for (case in 1:3) {
  years <- c(6, 9, 12)[case]; acts <- c(1, 3, 3)[case]
  group <- rep(2010 + seq_len(years), each = acts)
  f <- 1 + rnorm(years * acts, .04, .05)
  x <- c(0, .02, .1)[case] + c(1, .98, .85)[case] * f + rep(rnorm(years, 0, .02), each = acts) + rnorm(years * acts, 0, .01)
  fit <- lm(x ~ f)
  v <- sandwich::vcovCL(fit, cluster = group, type = "HC1")
  d <- coef(fit) - c(0, 1)
  wald <- as.numeric(t(d) %*% solve(v) %*% d) / 2
  name <- paste0("mz-", case)
  keep(name, x, f, group)
  add(name, "mz", coef(fit)[1], coef(fit)[2], pf(wald, 2, years - 1, lower.tail = FALSE))
}
write.csv(numbers, file.path(here, "numbers.csv"), row.names = FALSE, quote = FALSE)
write.csv(expected, file.path(here, "expected.csv"), row.names = FALSE, quote = FALSE)
cat(as.character(packageVersion("forecast")), as.character(packageVersion("sandwich")), R.version.string, "\n")
