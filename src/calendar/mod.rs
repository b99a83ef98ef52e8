//! What the calendar and the organisation's own tables say ahead of time: working days, policy events
//! (*beleid*) with the regressors made from them, and price indices.

mod event;
mod prices;
mod scope;
mod tariff;
mod timestamp;
mod working_days;

pub use event::{Agenda, Amount, Event, Form, Size, Status};
pub use prices::{Entry, Figure, Prices, Weight};
pub use scope::Pattern;
pub use tariff::Tariff;
pub use timestamp::timestamp;
pub use working_days::{working_day_surplus, working_days};
