//! Abuse: inputs that are made to harm, and machines that fail half-way.

mod bombs;
mod disk;
mod formulas;
mod hostile;
#[cfg(unix)]
mod paths;
#[cfg(unix)]
mod stop;
