# Makes expected_r.csv: a step with AR(1) errors by maximum likelihood. Run in this folder after
# make.py: Rscript make.R
all <- read.csv("series.csv")
steps <- c(river = 28, "river-slow" = 60, "river-late" = 88)
found <- lapply(names(steps), function(name) {
  y <- all$y[all$series == name]
  step <- as.numeric(seq_along(y) > steps[[name]])
  fit <- arima(y, order = c(1, 0, 0), xreg = step)
  data.frame(series = name, rho = coef(fit)[["ar1"]], weight = coef(fit)[["step"]],
             standard_error = sqrt(fit$var.coef["step", "step"]))
})
write.csv(do.call(rbind, found), "expected_r.csv", row.names = FALSE, quote = FALSE)
