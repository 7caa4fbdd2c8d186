//! The vault's alias API: values in, aliases out (VGS vault API, `/aliases`). Revealing is off there unless switched on;
//! here it needs the scope `cards:read-pci`.

mod auth;
pub mod errors;
mod messages;
pub mod routes;
