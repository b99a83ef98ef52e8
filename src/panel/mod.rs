//! The types that travel between rooms: monthly series, their panel, the hierarchy over it and the
//! simulated paths.

mod hierarchy;
mod paths;
mod series;

pub use hierarchy::{Bridge, Hierarchy, Node, covers};
pub use paths::{Forecast, Innovations, Paths};
pub use series::{Booked, Panel, Series};
