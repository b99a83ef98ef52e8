//! The blend of several models: for now their plain average or median.
//!
//! With forecasts ŷᵢ of the members: ŷ = mean(ŷᵢ) or median(ŷᵢ), month by month. The members of a
//! draw share its innovations, so that a blended path is one story: a bad month is bad for all.

use super::{Context, FittedModel, Kind, Spec, fit_kind, mean};
use crate::error::{Error, Result};
use crate::panel::{Innovations, Series};
use crate::units::Month;
use ndarray::{Array2, Zip};
use serde::{Deserialize, Serialize};

/// The months below which a mean stands in for any blend.
const NEEDS: usize = 12;

/// How the members are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Combine {
    /// Their average.
    #[default]
    Mean,
    /// The middle one; of an even number the average of the middle two.
    Median,
}

/// Which models, put together how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlendSpec {
    /// Average or median.
    #[serde(default)]
    pub combine: Combine,
    /// The members.
    pub members: Vec<Spec>,
}

/// The fitted members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedBlend {
    combine: Combine,
    members: Vec<FittedModel>,
}

impl Default for BlendSpec {
    /// The median of ETS without a straight trend, the regression, the *uitputtingsprofiel* and
    /// the run rate: of the obvious blends the one with the least error on the year totals of the
    /// M1 and M3 development files (guide, chapter *models*).
    fn default() -> Self {
        let trends = vec![super::Trend::None, super::Trend::Damped];
        let members = vec![
            Spec::Ets(super::EtsSpec { trends, ..super::EtsSpec::default() }),
            Spec::Regression(super::RegressionSpec::default()),
            Spec::Rule { rule: super::Rule::Uitputtingsprofiel },
            Spec::Rule { rule: super::Rule::RunRate },
        ];
        Self { combine: Combine::Median, members }
    }
}

impl BlendSpec {
    /// A year, and what the least demanding member needs.
    pub(super) fn needs(&self) -> usize {
        self.members.iter().map(Spec::needs).min().unwrap_or(0).max(NEEDS)
    }

    /// Refuses a blend of nothing or of blends.
    pub(super) fn check(&self) -> Result<()> {
        if self.members.is_empty() {
            return Err(Error::input("a blend without members").advice("name at least one model"));
        }
        if self.members.iter().any(|member| matches!(member, Spec::Kampioen(_))) {
            return Err(Error::input("a blend inside a blend").advice("name its members instead"));
        }
        self.members.iter().try_for_each(Spec::check)
    }
}

impl Combine {
    fn of(self, values: &mut [f64]) -> f64 {
        match self {
            Self::Mean => mean(values),
            Self::Median => {
                values.sort_by(f64::total_cmp);
                let middle = values.len() / 2;
                mean(&values[middle - usize::from(values.len().is_multiple_of(2))..=middle])
            }
        }
    }
}

impl FittedBlend {
    /// Fits every member; each must be able to stand the length of `history`.
    pub(super) fn fit(spec: &BlendSpec, history: &Series, context: &Context) -> Result<Self> {
        let nonnegative = history.values.iter().all(|&value| value >= 0.0);
        let fit = |member: &Spec| {
            let kind: Kind = fit_kind(member, history, context)?;
            Ok(FittedModel { kind, reason: None, nonnegative })
        };
        let members = spec.members.iter().map(fit).collect::<Result<_>>()?;
        Ok(Self { combine: spec.combine, members })
    }

    pub(super) fn refilter(&self, series: &Series, context: &Context) -> Result<Self> {
        let members = self.members.iter().map(|member| member.refilter(series, context));
        Ok(Self { combine: self.combine, members: members.collect::<Result<_>>()? })
    }

    pub(super) fn end(&self) -> Month {
        self.members[0].end()
    }

    pub(super) fn mean(&self, months: usize, context: &Context) -> Vec<f64> {
        let means: Vec<Vec<f64>> =
            self.members.iter().map(|member| member.mean(months, context)).collect();
        let month = |k: usize| means.iter().map(|mean| mean[k]).collect::<Vec<_>>();
        (0..months).map(|k| self.combine.of(&mut month(k))).collect()
    }

    pub(super) fn simulate(&self, innovations: &Innovations, context: &Context) -> Array2<f64> {
        let paths: Vec<Array2<f64>> =
            self.members.iter().map(|member| member.simulate(innovations, context)).collect();
        let mut values = vec![0.0; paths.len()];
        let mut blended = Array2::zeros(paths[0].dim());
        Zip::indexed(&mut blended).for_each(|at, cell| {
            for (value, path) in values.iter_mut().zip(&paths) {
                *value = path[at];
            }
            *cell = self.combine.of(&mut values);
        });
        blended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
    fn averages_or_takes_the_middle() {
        assert_eq!(Combine::Mean.of(&mut [4.0, 1.0, 1.0]), 2.0);
        assert_eq!(Combine::Median.of(&mut [4.0, 1.0, 2.0]), 2.0);
        assert_eq!(Combine::Median.of(&mut [4.0, 1.0, 2.0, 9.0]), 3.0);
    }
}
