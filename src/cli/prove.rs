//! `standin prove`: judges private standins that are wrong on purpose, and says which check notices which defect.

use std::io::{IsTerminal, Write, stderr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::time::Instant;

use super::config_args::ConfigArgs;
use super::out::{Failed, notice, print, say};
use crate::clock::{MANUAL_START, Source, machine_now};
use crate::conformance::{Credentials, Suite};
use crate::domain::deviation::Deviation;
use crate::domain::words::nearest;
use crate::operations::keyring::{Keyring, Origin};
use crate::operations::network_keys::NetworkKeys;
use crate::prove::{Bench, Matrix, Ran, by_name, cases};
use crate::seed::Seed;
use crate::server::Options;

/// The bindings and surfaces over which the suite is proved: one of each way to get a token and to spend it. What the others add
/// is the same decisions in other words.
const PROFILE: [&str; 3] = ["cmp", "calm", "payments"];
/// How long a message is waited for that does not come. They go from here to here.
const MESSAGE_WAIT: Duration = Duration::from_secs(1);
/// What the keys of all servers are derived from.
const SEED: &str = "prove";

/// Prove the conformance suite: judge servers that are wrong on purpose, and say which check notices which defect.
///
/// Private standins are judged by the whole suite: one that is right, one for each named defect, and one for each variation that
/// is permitted; each with one check at a time and with eight. With one at a time, a defect is judged by the checks alone that
/// must notice it. A defect counts as killed when each of them fails, both times; a variation must change nothing.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  standin prove                       everything
  standin prove enrols-anew           one defect, and the server without it
  standin prove --brief               each defect before the checks alone that must notice it
  standin prove --list                the defects and variations, each in a sentence

Exit codes:
  0  all is as it should be
  1  a defect survives, only a check of something else notices it, a variation raises an alarm, or a check notices nothing
  2  the command line is wrong")]
pub(super) struct Prove {
    /// Only these defects and variations.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Judge a defect by the checks alone that must notice it.
    #[arg(long)]
    brief: bool,
    /// List the defects and variations and judge nothing.
    #[arg(long)]
    list: bool,
    /// Print the result as JSON, with every check that failed.
    #[arg(long)]
    json: bool,
    /// The kept matrix, with which this one is compared: a line for each defect. With --brief, only by the checks that must
    /// notice it.
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    matrix: Option<PathBuf>,
    /// Keep this matrix in the file and compare nothing.
    #[arg(long, requires = "matrix", conflicts_with = "brief")]
    write: bool,
    /// How many threads judge; one for each core when not given.
    #[arg(long, value_name = "COUNT")]
    threads: Option<NonZeroUsize>,
    /// Leave out the progress.
    #[arg(long, short)]
    quiet: bool,
}

impl Prove {
    /// Proves, and says how it went as an exit code.
    pub(super) fn run(self) -> ExitCode {
        match self.prove() {
            Ok(true) | Err(Failed::Unread) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(1),
            Err(Failed::Told(message)) => {
                notice(format_args!("standin prove: {message}"));
                ExitCode::from(2)
            }
        }
    }

    fn prove(&self) -> Result<bool, Failed> {
        let deviations = self.chosen()?;
        if self.list {
            for one in deviations {
                say!("{:<10}{:<38}{}", one.kind().word(), one.name(), one.text())?;
            }
            return Ok(true);
        }
        let begun = Instant::now();
        let suite = Suite::private(&PROFILE, MESSAGE_WAIT)?;
        let suite = suite.with_clock(|| machine_now().seconds());
        let cores = std::thread::available_parallelism();
        let threads = self.threads.or(cores.ok()).map_or(1, NonZeroUsize::get);
        let made = Made::new()?;
        let bench = Bench {
            suite: &suite,
            options: &|seed| made.options(seed),
            keyring: made.keyring.clone(),
            credentials: Credentials::default(),
            threads,
        };
        let cases = cases(&deviations, self.brief);
        let mut progress = Progress::new(cases.len(), self.quiet);
        let runs = bench.run(&cases, |ran| progress.tell(ran))?;
        progress.end();
        let all = self.names.is_empty() && !self.brief;
        let matrix = Matrix::of(&runs, &suite.scenarios(), suite.undeclared());
        if self.json {
            say!("{:#}", matrix.json())?;
        } else {
            print(matrix.text(all).as_bytes())?;
            let (count, checks) = (runs.len(), suite.to_run());
            let seconds = begun.elapsed().as_secs_f64();
            say!("{count} runs of up to {checks} checks on {threads} threads in {seconds:.1} s")?;
        }
        let as_kept = self.compare(&matrix)?;
        Ok(matrix.is_right(all) && as_kept)
    }

    /// What is to be judged.
    fn chosen(&self) -> Result<Vec<Deviation>, String> {
        if self.names.is_empty() {
            return Ok(Deviation::ALL.to_vec());
        }
        let find = |name: &String| {
            Deviation::find(name).ok_or_else(|| {
                let known: Vec<_> = Deviation::ALL.iter().map(|one| one.name()).collect();
                let near = nearest(name, &known);
                let near =
                    near.map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
                format!("there is no defect or variation {name:?}{near}; --list tells them")
            })
        };
        self.names.iter().map(find).collect()
    }

    /// Whether the matrix is the kept one, unless it is to be kept itself.
    fn compare(&self, matrix: &Matrix) -> Result<bool, Failed> {
        let Some(path) = &self.matrix else {
            return Ok(true);
        };
        let (shown, now) = (path.display(), matrix.kept());
        if self.write {
            std::fs::write(path, now).map_err(|error| format!("--matrix {shown}: {error}"))?;
            return Ok(true);
        }
        let kept = std::fs::read_to_string(path);
        let kept = kept.map_err(|error| format!("--matrix {shown}: {error}"))?;
        let kept = if self.brief { by_name(&kept) } else { kept };
        let gone = kept.lines().filter(|line| !now.lines().any(|l| l == *line));
        let come = now.lines().filter(|line| !kept.lines().any(|l| l == *line));
        let mut same = true;
        for (sign, line) in gone
            .map(|line| ('-', line))
            .chain(come.map(|line| ('+', line)))
        {
            same = false;
            notice(format_args!("{shown}: {sign} {line}"));
        }
        Ok(same)
    }
}

/// What is the same for every server.
struct Made {
    keyring: Keyring,
    networks: std::sync::Arc<NetworkKeys>,
}

impl Made {
    fn new() -> Result<Self, String> {
        let origin = Origin::Seed(Seed::from_text(SEED));
        let accounts =
            ConfigArgs::default().server(SEED, Source::Manual(MANUAL_START), None, &[])?;
        let networks = NetworkKeys::make(&origin, &accounts.accounts);
        let networks = networks.map_err(|error| error.to_string())?;
        let keyring = Keyring::new(origin);
        // Made once, and not by each server.
        keyring.access_tokens().map_err(|error| error.to_string())?;
        Ok(Self {
            keyring,
            networks: networks.into(),
        })
    }

    fn options(&self, seed: &str) -> Result<Options, String> {
        let clock = Source::Manual(MANUAL_START);
        let options = ConfigArgs::default().server(seed, clock, None, &[])?;
        Ok(Options {
            keys: Some(std::sync::Arc::clone(&self.networks)),
            ..options
        })
    }
}

/// How far it has come: one line that is written over on a terminal, and a line now and then elsewhere.
struct Progress {
    done: usize,
    all: usize,
    terminal: bool,
    quiet: bool,
}

impl Progress {
    fn new(all: usize, quiet: bool) -> Self {
        let terminal = stderr().is_terminal();
        Self {
            done: 0,
            all,
            terminal,
            quiet,
        }
    }

    fn tell(&mut self, ran: &Ran) {
        self.done += 1;
        if self.quiet {
            return;
        }
        let (done, all, name) = (self.done, self.all, ran.case.name());
        if self.terminal {
            let _unheard = write!(stderr(), "\r\x1b[K{done} of {all} runs: {name}");
        } else if done.is_multiple_of(25) || done == all {
            notice(format_args!("{done} of {all} runs"));
        }
    }

    fn end(&self) {
        if self.terminal && !self.quiet {
            let _unheard = write!(stderr(), "\r\x1b[K");
        }
    }
}
