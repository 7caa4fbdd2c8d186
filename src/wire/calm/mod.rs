//! Enrolment by alias (CALM, "V1"): one call turns a vaulted card into a network token
//! (VGS, "Enroll Network Token"; the failure codes are its failure table's).

mod auth;
pub mod errors;
mod messages;
mod requests;
pub mod routes;
