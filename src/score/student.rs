//! Chances under Student's t and the normal distribution.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, Normal, StudentsT};

/// The chance of a *t* at least as far from 0 on either side, with `freedom` degrees of freedom; 1 with
/// none.
#[must_use]
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    2.0 * below(-t.abs(), freedom)
}

/// The chance of a *t* of at most `t`; ½ with no degree of freedom or no number.
#[must_use]
pub fn below(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return 0.5;
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(0.5, |student| student.cdf(t))
}

/// The *t* of which a share `below` lies lower; not a number with no degree of freedom.
#[must_use]
pub fn quantile(below: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| student.inverse_cdf(below))
}

/// The chance that a standard normal number is at most `z`.
#[must_use]
pub fn normal_below(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// The chance of an *F* of at least `f` with these degrees of freedom; 1 with none, or no number.
#[must_use]
pub fn f_above(f: f64, of_top: f64, of_bottom: f64) -> f64 {
    if !f.is_finite() || f <= 0.0 {
        return 1.0;
    }
    FisherSnedecor::new(of_top, of_bottom).map_or(1.0, |fisher| fisher.sf(f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_printed_tables() {
        // R 4.2.2: pt(-2.228, 10) = .02500589, qt(.975, 10) = 2.228139, pnorm(1.96) = .9750021.
        assert!((two_sided(2.228, 10.0) - 0.050_011_77).abs() < 1e-7);
        assert!((below(-2.228, 10.0) - 0.025_005_89).abs() < 1e-7);
        assert!((quantile(0.975, 10.0) - 2.228_139).abs() < 1e-5);
        assert!((normal_below(1.96) - 0.975_002_1).abs() < 1e-6);
    }

    #[test]
    fn the_break_in_the_nile_is_as_sure_as_published() {
        // METHODS §2: Chow F(28) = 75.93, p = 7.44e-14, on 1 and 98 degrees of freedom.
        let p = f_above(75.93, 1.0, 98.0);
        assert!((p / 7.44e-14 - 1.0).abs() < 0.01, "{p:e}");
    }

    #[test]
    fn nothing_known_proves_nothing() {
        assert!((two_sided(3.0, 0.0) - 1.0).abs() < 1e-12);
        assert!((below(f64::NAN, 9.0) - 0.5).abs() < 1e-12);
        assert!((f_above(1.0, 0.0, 9.0) - 1.0).abs() < 1e-12);
        assert!((f_above(f64::NAN, 2.0, 9.0) - 1.0).abs() < 1e-12);
    }
}
