//! The rules of the house, read off the source tree: what we agreed is a test.

mod arrows;
mod arrows_seen;
mod circles;
mod documents;
mod fixtures;
mod numbers;
mod sentences;
mod surfaces;
mod text;
mod tree;
mod words;
