//! The token endpoint of the gateway's identity provider: OAuth 2.0 client credentials, Keycloak-shaped
//! (VGS, authentication guide; RFC 6749 sections 4.4 and 5).

pub mod auth;
pub mod errors;
mod messages;
pub mod routes;
