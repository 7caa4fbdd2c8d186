//! What `--version` says: the release, and the commit and day that the build script was told or has found. A build from a
//! packed source has neither.

/// `0.1.0 (1a2b3c4 2026-11-29)`, or `0.1.0`.
pub(super) const fn version() -> &'static str {
    env!("STANDIN_VERSION")
}
