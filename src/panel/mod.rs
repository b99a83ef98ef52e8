//! The types that travel between rooms: monthly series, their panel, the hierarchy over it and the
//! simulated paths.

mod hierarchy;
mod index;
mod late;
mod paths;
mod run_off;
mod series;

pub use hierarchy::{Bridge, Hierarchy, Node, covers};
pub use index::Index;
pub use late::{Diagonal, Late, LateLine, Pattern, Slip};
pub use paths::{Forecast, Innovations, Layer, Paths};
pub use run_off::RunOff;
pub use series::{Booked, Panel, Series};
