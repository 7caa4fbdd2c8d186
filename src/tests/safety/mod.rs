//! That a sandbox does no harm to the machine that it runs on: one test for each thing that it must not do by itself.

mod canary;
mod gate;
mod headers;
mod http;
mod limits;
mod own_token;
mod spaces;
mod streams;
mod targets;
mod unseen;
