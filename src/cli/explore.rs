//! `standin explore` and `standin race`: what nobody wrote a scenario for.

use std::io::stderr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::config_args::ConfigArgs;
use super::conform::{credentials, private, today};
use super::out::{Failed, Heard, notice, print};
use crate::clock::machine_now;
use crate::conformance::{Options, Spoken, Trials, parse_duration, prepare};
use crate::explore::{Asked, Unexplained, explore, race, timeline};
use crate::report::transcript;
use crate::server::Running;

/// Try random sequences of operations upon a token, and hold what comes of each against the rules of tokens.
///
/// What differs is shortened and printed as a scenario, in the steps that features are written in, and as a script of curl.
#[derive(Args, Debug)]
#[command(after_long_help = CODES)]
pub(super) struct Explore {
    #[command(flatten)]
    target: Target,
    /// How many sequences are tried at the most.
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    sequences: usize,
    /// How many operations a sequence has at the most.
    #[arg(long, value_name = "COUNT", default_value_t = 8)]
    length: usize,
}

/// Let several clients operate on one token at once, and judge by what order the answers could have come about.
///
/// Where there is none, such as after a lost update, the history is printed. A request without an answer may have happened.
#[derive(Args, Debug)]
#[command(after_long_help = CODES)]
pub(super) struct Race {
    #[command(flatten)]
    target: Target,
    /// How many histories are judged at the most.
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    histories: usize,
    /// How many clients ask at once.
    #[arg(long, value_name = "COUNT", default_value_t = 4, value_parser = clap::value_parser!(u8).range(2..=16))]
    clients: u8,
    /// How many operations a client asks for at the most.
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=3))]
    length: u8,
}

const CODES: &str = "Exit codes: 0 nothing differs, 1 something does, 2 a mistake of the caller's, 3 nothing could be tried.";

#[derive(Args, Debug)]
struct Target {
    /// The server: a base URL, or a target.toml that describes it. A private standin when not given.
    #[arg(long, value_name = "URL|FILE")]
    target: Option<String>,
    /// The server at the URL is a standin: use its spaces and its control plane.
    #[arg(long, requires = "target")]
    standin: bool,
    /// A folder with the keys that a network has given, as `standin keys` writes it.
    #[arg(long, value_name = "DIR", requires = "target")]
    keys: Option<PathBuf>,
    /// The binding to speak over; each that the target has when not given.
    #[arg(long, value_name = "NAME")]
    binding: Option<String>,
    /// Decides what is tried.
    #[arg(long, value_name = "TEXT", default_value = "standin")]
    seed: String,
    /// After this time nothing more is begun, over each binding.
    #[arg(long = "for", value_name = "TIME", default_value = "60s", value_parser = parse_duration)]
    time: Duration,
}

/// A target that trials can be made of, and the private standin that it is, if it is one.
struct Open {
    trials: Trials,
    private: Option<Running>,
    bindings: Vec<Spoken>,
}

impl Target {
    async fn open(&self) -> Result<Open, String> {
        let mut words = vec!["--seed".to_owned(), self.seed.clone()];
        words.extend(
            self.target
                .iter()
                .flat_map(|target| ["--target".to_owned(), target.clone()]),
        );
        words.extend(self.standin.then(|| "--standin".to_owned()));
        if let Some(keys) = &self.keys {
            words.extend(["--keys".to_owned(), keys.display().to_string()]);
        }
        let options = Options::of(&words)?;
        let prepared = prepare(options, today(), &mut Heard::new(stderr()));
        let prepared = prepared.map_err(|_| "nothing was tried".to_owned())?;
        let mut prepared = prepared.with_clock(|| machine_now().seconds());
        let mut running = None;
        if prepared.wants_private() {
            let started = private(&ConfigArgs::default()).await?;
            prepared = prepared.with_credentials(credentials(&started)?);
            running = Some(started);
        }
        let url = running.as_ref().map(Running::base_url);
        let trials = Trials::new(prepared, url.as_deref())?;
        let all = trials.bindings();
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        let wanted = |it: &&Spoken| self.binding.as_ref().is_none_or(|name| *name == it.name);
        let bindings: Vec<Spoken> = all.iter().filter(wanted).cloned().collect();
        if bindings.is_empty() {
            return Err(format!("--binding: there are {}", names.join(", ")));
        }
        Ok(Open {
            trials,
            private: running,
            bindings,
        })
    }
}

/// How trials over all bindings went.
#[derive(Default)]
struct Went {
    tried: usize,
    found: usize,
}

impl Went {
    fn code(&self) -> ExitCode {
        match (self.found, self.tried) {
            (0, 0) => ExitCode::from(3),
            (0, _) => ExitCode::SUCCESS,
            (_, _) => ExitCode::from(1),
        }
    }
}

fn block_on(trials: impl Future<Output = Result<Went, Failed>>, command: &str) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let went = match runtime {
        Ok(runtime) => runtime.block_on(trials),
        Err(error) => Err(Failed::Told(format!("the runtime: {error}"))),
    };
    match went {
        Ok(went) => went.code(),
        Err(Failed::Unread) => ExitCode::SUCCESS,
        Err(Failed::Told(why)) => {
            notice(format_args!("standin {command}: {why}"));
            ExitCode::from(2)
        }
    }
}

/// Says why something could not be tried, once for each reason.
fn told_untried(mut untried: Vec<String>, what: &str) -> Result<(), Failed> {
    let count = untried.len();
    untried.sort();
    untried.dedup();
    for why in untried.iter().take(3) {
        print(format!("  of {count} {what} nothing can be said: {why}\n").as_bytes())?;
    }
    Ok(())
}

impl Explore {
    pub(super) fn run(self) -> ExitCode {
        block_on(self.all(), "explore")
    }

    async fn all(self) -> Result<Went, Failed> {
        let open = self.target.open().await?;
        let asked = Asked {
            seed: self.target.seed.clone(),
            count: self.sequences,
            length_max: self.length.max(1),
            clients: 1,
            time: self.target.time,
        };
        let mut went = Went::default();
        for spoken in &open.bindings {
            let (name, seed) = (&spoken.name, &asked.seed);
            let explored = match explore(&open.trials, spoken, &asked).await {
                Ok(explored) => explored,
                Err(why) => {
                    print(format!("{why}\n").as_bytes())?;
                    continue;
                }
            };
            went.tried += explored.tried;
            let Some(found) = explored.found else {
                let tried = explored.tried;
                print(
                    format!("{name}: {tried} sequences, no difference (--seed {seed})\n")
                        .as_bytes(),
                )?;
                told_untried(explored.untried, "sequences")?;
                continue;
            };
            went.found += 1;
            let (after, scenario) = (found.after, &found.scenario);
            let steps = transcript::whole(&found.report);
            let mut text = format!(
                "{name}: a difference after {after} sequences (--seed {seed})\n\n{scenario}\n{steps}\n"
            );
            if let Some(curl) = &found.report.curl {
                text += &format!("{}\n{}\n", curl.said, curl.script);
            }
            print(text.as_bytes())?;
        }
        if let Some(private) = open.private {
            private.stop().await;
        }
        Ok(went)
    }
}

impl Race {
    pub(super) fn run(self) -> ExitCode {
        block_on(self.all(), "race")
    }

    async fn all(self) -> Result<Went, Failed> {
        let open = self.target.open().await?;
        let asked = Asked {
            seed: self.target.seed.clone(),
            count: self.histories,
            length_max: usize::from(self.length),
            clients: usize::from(self.clients),
            time: self.target.time,
        };
        let mut went = Went::default();
        for spoken in &open.bindings {
            let (name, seed) = (&spoken.name, &asked.seed);
            let raced = match race(&open.trials, spoken, &asked).await {
                Ok(raced) => raced,
                Err(why) => {
                    print(format!("{why}\n").as_bytes())?;
                    continue;
                }
            };
            went.tried += raced.tried;
            match raced.found {
                None => {
                    let tried = raced.tried;
                    print(format!("{name}: {tried} histories, each explained by some order (--seed {seed})\n").as_bytes())?;
                }
                Some(Unexplained { after, history }) => {
                    went.found += 1;
                    let picture = timeline(&history);
                    print(
                        format!(
                            "{name}: no order explains history {after} (--seed {seed})\n\n{picture}"
                        )
                        .as_bytes(),
                    )?;
                }
            }
            told_untried(raced.untried, "histories")?;
        }
        if let Some(private) = open.private {
            private.stop().await;
        }
        Ok(went)
    }
}
