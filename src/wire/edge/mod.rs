//! What is the same for every surface, written once: a request in one piece, the route that it takes, how it is refused, and
//! what the journal is told. No surface is named here.

pub(super) mod access_token;
mod answer;
pub mod challenge;
mod connection;
mod context;
pub(super) mod credentials;
mod deviant;
pub(super) mod document;
pub(super) mod fingerprint;
pub mod headers;
mod http_problem;
pub(super) mod idempotency;
pub(super) mod oauth_client;
pub(super) mod own_events;
pub mod path;
pub(super) mod payment;
mod problem;
pub(super) mod psp;
pub mod read;
mod refusal;
pub mod request;
mod route;
mod run;
pub(super) mod sentence;
mod surface;
pub mod webhook;
mod writer;

pub use answer::{Answer, answer, code_of, empty, json, status_code, title_of};
pub use connection::Connection;
pub use context::{LogRecord, RequestContext};
pub use document::Malformed;
pub use headers::HeaderProblem;
pub use http_problem::HttpProblem;
pub use idempotency::KeyProblem;
pub(super) use refusal::Words;
pub use refusal::{Exchange, Refusal, SurfaceRefused, Wording};
pub use request::Request;
pub(super) use route::routes;
pub use route::{Found, Handled, Handling, Route, RouteTable, handled};
pub use run::{EdgeRefusal, refuse, run};
pub use surface::{Claim, First, Head, Surface};
pub use writer::JsonWriter;
pub(super) use writer::member;
