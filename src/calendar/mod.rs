//! What the calendar and the organisation's own agenda say ahead of time: working days and policy
//! events (*beleid*), with the regressors made from them.

mod event;
mod timestamp;
mod working_days;

pub use event::{Agenda, Amount, Event, Form, Status};
pub use timestamp::timestamp;
pub use working_days::{working_day_surplus, working_days};
