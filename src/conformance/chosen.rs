//! What the options choose: the target, the bindings and surfaces, what is expected to fail, and what is tried again.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use super::binding::Binding;
use super::capability;
use super::closest::hint;
use super::expectations::Expectations;
use super::lint;
use super::options::Options;
use super::plan::Check;
use super::target::{Auth, Target};
use crate::report::Run;

/// Stands in for the address of a private standin that has not been started yet.
const NOT_STARTED: &str = "http://127.0.0.1:4111";

pub(super) fn chosen_target(options: &Options) -> Result<Target, String> {
    match options.target.as_deref() {
        None => Target::standin(NOT_STARTED),
        Some(url) if url.contains("://") && options.standin => Target::standin(url),
        Some(url) if url.contains("://") => Target::at(url),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                format!("--target {file}: {error} (a URL begins with http:// or https://)")
            })?;
            Target::from_toml(&text, file)
        }
    }
    .map_err(|error| {
        let lines = error
            .lines()
            .map(|line| match line.strip_prefix("--target") {
                Some(_) => line.to_owned(),
                None => format!("--target: {line}"),
            });
        lines.collect::<Vec<_>>().join("\n")
    })
}

pub(super) fn chosen_profile(
    options: &Options,
    target: &Target,
    bindings: &[Binding],
) -> Result<BTreeSet<String>, String> {
    let wanted = if options.profile.is_empty() {
        &target.profile
    } else {
        &options.profile
    };
    let whole = bindings
        .iter()
        .filter(|binding| binding.gateway().is_none());
    let mut known: Vec<&str> = whole.map(Binding::name).collect();
    let surfaces = lint::SURFACES.iter();
    known.extend(surfaces.filter(|surface| bindings.iter().all(|b| b.name() != **surface)));
    if let Some(stranger) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!(
            "--profile: no binding {stranger:?}{}",
            hint(stranger, &known)
        ));
    }
    let mut profile: BTreeSet<String> = wanted.iter().cloned().collect();
    // The token endpoint is part of every surface that it opens, so its failure is a failure and not only an obstacle.
    let opened = profile
        .iter()
        .any(|name| capability::needed_for(name).is_none());
    if matches!(target.auth, Auth::ClientCredentials(_)) && opened {
        profile.insert("oauth".to_owned());
    }
    Ok(profile)
}

pub(super) fn known_failures(
    file: Option<&Path>,
    checks: &[Check],
    today: Date,
) -> Result<Expectations, Vec<String>> {
    let Some(path) = file else {
        return Ok(Expectations::default());
    };
    let name = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| vec![format!("--expect {name}: {error}")])?;
    Expectations::read(&text, checks, today).map_err(|complaints| {
        complaints
            .iter()
            .map(|complaint| format!("{name}: {complaint}"))
            .collect()
    })
}

/// The checks that are to be tried again. None at all is a mistake of the caller's, not a run without checks.
///
/// # Errors
/// A text for the caller.
pub(super) fn failed_before(run: Option<&Path>) -> Result<Option<BTreeSet<String>>, String> {
    let Some(file) = run else { return Ok(None) };
    let past = Run::read(file).map_err(|why| format!("--rerun-failed {why}"))?;
    let failed: BTreeSet<String> = past.failed().into_iter().map(str::to_owned).collect();
    if failed.is_empty() {
        let name = file.display();
        return Err(format!(
            "--rerun-failed {name}: nothing failed in that run, so there is nothing to try again"
        ));
    }
    Ok(Some(failed))
}
