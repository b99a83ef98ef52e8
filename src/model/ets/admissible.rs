//! Which smoothing parameters make the recursion forget its start.

use super::form::Parts;
use super::state::Smoothing;

/// Whether the recursion forgets its start. Written as a moving average of its errors the model is
/// (1−φB)(1−B¹²) y = θ(B) e with θ(B) = (1−φB)(1−B¹²) + αB(1−φB)S + βB·S + γB¹²(1−φB) and
/// S = 1 + B + … + B¹¹; it forgets when all roots of θ lie outside the unit circle (Hyndman et al.
/// 2008, chapter 10). For a damped trend β stands there as in the book and in R; the recursion has
/// φβ, so the region is slightly smaller than need be. Multiplicative forms are held to the same
/// region. Without both trend and season the ranges of the parameters are enough.
pub(super) fn is_admissible(s: Smoothing, parts: Parts) -> bool {
    if !(parts.trend && parts.season) {
        return true;
    }
    let Smoothing { alpha, beta, gamma, phi } = s;
    let middle = alpha + beta - alpha * phi;
    let mut theta = [middle; 14];
    theta[0] = 1.0;
    theta[1] = alpha + beta - phi;
    theta[12] = middle + gamma - 1.0;
    theta[13] = phi * (1.0 - alpha - gamma);
    is_stable(&mut theta)
}

/// Whether all roots of Σ cₖ Bᵏ (c₀ = 1) lie outside the unit circle, by the Schur–Cohn test: step
/// the degree down, and every last coefficient on the way is below one.
fn is_stable(polynomial: &mut [f64; 14]) -> bool {
    for degree in (1..14).rev() {
        let last = polynomial[degree];
        if last.abs() >= 1.0 {
            return false;
        }
        let reversed: [f64; 14] =
            std::array::from_fn(|k| if k <= degree { polynomial[degree - k] } else { 0.0 });
        let scale = 1.0 / (1.0 - last * last);
        for k in 0..degree {
            polynomial[k] = scale * (polynomial[k] - last * reversed[k]);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_is_admissible() {
        let both = Parts { trend: true, season: true };
        let with =
            |alpha, beta, gamma, phi| is_admissible(Smoothing { alpha, beta, gamma, phi }, both);
        // The largest eigenvalue of the recursion, by numpy: .9967, 1.0043, .9966, 1.0110.
        assert!(with(0.3, 0.001, 0.1, 1.0));
        assert!(!with(0.5, 0.45, 0.1, 1.0));
        assert!(with(0.2, 0.19, 0.05, 0.98));
        assert!(!with(0.5, 0.49, 0.3, 0.97));
    }
}
