//! The gateway as its clients meet it: over HTTP, against a running server.

mod document;
mod samples;
mod stories_calm;
mod stories_cmp;
mod stories_control;
mod stories_oauth;
mod story;
