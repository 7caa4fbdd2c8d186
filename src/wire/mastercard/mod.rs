//! Mastercard's token service for token requestors (MDES Digital Enablement, version 1.3.0 of its specification as published
//! with Mastercard's API client tutorial): remote procedures over POST, signed with OAuth 1.0a, with card data sealed in
//! either form of Mastercard's client-encryption.

pub mod errors;
mod funding;
mod messages;
pub mod notifications;
mod product;
mod request;
mod requests;
pub mod routes;
mod sealed;
mod tokenize;
mod tokens;
mod transact;
