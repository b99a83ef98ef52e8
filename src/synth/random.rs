//! Seeded draws: one independent stream per municipality, line and mechanism.

use rand::Rng;
use rand_pcg::Pcg64;
use std::f64::consts::TAU;

/// A stream of draws.
#[derive(Debug)]
pub(super) struct Random(Pcg64);

impl Random {
    /// The stream of `names` under `seed`. Another name is another, unrelated stream.
    pub(super) fn new(seed: u64, names: &[&str]) -> Self {
        let (mut state, mut stream) = (mixed(seed), mixed(seed ^ 0x5eed));
        for name in names {
            state = mixed(state ^ fnv(name));
            stream = mixed(stream.wrapping_add(fnv(name)));
        }
        Self(Pcg64::new(u128::from(state) << 64 | u128::from(mixed(state)), stream.into()))
    }

    /// Uniform on (0, 1): 53 bits, never 0.
    pub(super) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let bits = (self.0.next_u64() >> 11) as f64;
        (bits + 0.5) / 9_007_199_254_740_992.0
    }

    /// Uniform on (`low`, `high`).
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of 0 to `n` − 1, each as likely.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "n is a small count"
    )]
    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    /// 1 or −1; 1 with probability `up`.
    pub(super) fn sign(&mut self, up: f64) -> f64 {
        if self.chance(up) { 1.0 } else { -1.0 }
    }

    /// Normal with mean `mean` and standard deviation `sd`, by Box and Muller (1958).
    pub(super) fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        let (u, v) = (self.unit(), self.unit());
        mean + sd * (-2.0 * u.ln()).sqrt() * (TAU * v).cos()
    }

    /// Gamma with `shape` and scale 1, by Marsaglia and Tsang (2000); below shape 1 by their
    /// boost with a power of a uniform.
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.unit().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal(0.0, 1.0);
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Shares that add up to 1, around `mean` with `concentration`.
    pub(super) fn dirichlet(&mut self, mean: &[f64], concentration: f64) -> Vec<f64> {
        let draw = |&p: &f64| {
            if p > 0.0 { self.gamma(p * concentration) } else { 0.0 }
        };
        let draws: Vec<f64> = mean.iter().map(draw).collect();
        let sum: f64 = draws.iter().sum();
        draws.iter().map(|x| x / sum).collect()
    }

    /// A place in `weights` (which add up to 1), drawn with them as probabilities.
    pub(super) fn place(&mut self, weights: &[f64]) -> usize {
        let u = self.unit();
        let mut sum = 0.0;
        let reached = weights.iter().position(|w| {
            sum += w;
            u < sum
        });
        reached.unwrap_or(weights.len() - 1)
    }
}

/// Fowler, Noll and Vo's hash of a name, 64 bits, variant 1a.
fn fnv(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The finishing step of `SplitMix64` (Steele, Lea and Flood 2014): every bit in moves every bit out.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    fn mean_and_variance(draws: &[f64]) -> (f64, f64) {
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        (mean, draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn has_the_moments_it_promises() {
        let mut random = Random::new(1, &["moments"]);
        let normals: Vec<f64> = (0..40_000).map(|_| random.normal(2.0, 3.0)).collect();
        let (mean, variance) = mean_and_variance(&normals);
        assert!((mean - 2.0).abs() < 0.06 && (variance - 9.0).abs() < 0.3, "{mean} {variance}");
        // A gamma of shape k and scale 1 has mean k and variance k.
        for shape in [0.3, 1.0, 4.5] {
            let gammas: Vec<f64> = (0..40_000).map(|_| random.gamma(shape)).collect();
            let (mean, variance) = mean_and_variance(&gammas);
            assert!((mean / shape - 1.0).abs() < 0.04, "{shape} {mean}");
            assert!((variance / shape - 1.0).abs() < 0.08, "{shape} {variance}");
        }
    }

    #[test]
    fn dirichlet_shares_add_up_around_their_mean() {
        let mut random = Random::new(1, &["shares"]);
        let draws: Vec<f64> =
            (0..20_000).map(|_| random.dirichlet(&[0.2, 0.8, 0.0], 9.0)[0]).collect();
        // Var = p(1 − p)/(κ + 1) = .16/10.
        let (mean, variance) = mean_and_variance(&draws);
        assert!((mean - 0.2).abs() < 0.004 && (variance - 0.016).abs() < 0.001);
        let shares = random.dirichlet(&[0.5, 0.5], 3.0);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn names_make_unrelated_streams() {
        let first = |names: &[&str]| Random::new(7, names).unit().to_bits();
        assert_eq!(first(&["a", "b"]), first(&["a", "b"]));
        assert_ne!(first(&["a", "b"]), first(&["b", "a"]));
        assert_ne!(first(&["ab"]), first(&["a", "b"]));
        // First draws of neighbouring names: uniform (mean 1/2, variance 1/12) and uncorrelated.
        let draws: Vec<f64> =
            (0..20_000).map(|n| Random::new(7, &[&n.to_string(), "x"]).unit()).collect();
        let (mean, variance) = mean_and_variance(&draws);
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.002);
        let products: Vec<f64> = draws.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).collect();
        assert!(mean_and_variance(&products).0.abs() < 0.002);
    }
}
