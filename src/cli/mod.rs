//! The command line. Configuration is read here and nowhere else, and only here is anything printed.

mod address;
mod cards;
mod child;
mod clauses;
mod completions;
mod config_args;
mod conform;
mod cryptogram;
mod doctor;
mod env;
mod events;
mod explore;
mod fault;
mod health;
mod help;
mod journal;
mod judge;
mod judge_report;
mod keys;
mod listen;
mod markdown;
mod matching;
mod mcp;
mod mistyped;
mod out;
mod payment_calls;
mod payment_events;
mod postman;
mod profiles;
mod prove;
mod proxied;
mod proxy_args;
mod recording_args;
mod refused;
mod remote;
mod report;
mod run;
mod runs;
mod schema;
mod serve;
mod snapshot;
mod stop;
mod table;
mod target;
mod tls;
mod trigger;
mod variables;
mod vectors;
mod verify;
mod version;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches as _, Parser, Subcommand};

use out::Failed;
use variables::WithVariables;

/// A stand-in card network: network tokens, cryptograms, gateways and payments, offline and deterministic.
#[derive(Debug, Parser)]
#[command(version = version::version(), about, max_term_width = 110, arg_required_else_help = true, disable_help_subcommand = true, after_help = help::after(EXAMPLES))]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  standin serve                           answer on 127.0.0.1:4111, with the machine's clock
  standin serve --clock manual --seed a   the same bytes every time
  standin conform                         judge a private standin
  standin report run.ndjson --html --out run.html
                                          make a page of what conform --json run.ndjson wrote
  standin target init                     begin the file by which your own gateway is judged
  standin conform --target target.toml    judge your own gateway
  standin prove                           see the suite catch what is wrong on purpose
  standin run -- npm test                 a suite offline, whatever host names it has in it
  standin keys --dir keys                 write what a client of the networks needs; then serve --keys keys
  standin cards --network visa            which card does what
  standin listen --forward-to http://localhost:3000/hooks
  standin fault add lost_after_commit on operation=provision when first=1
  standin trigger suspend --token NTK…    the issuer suspends a token
  standin trigger payment_intent.succeeded    a payment service tells of a payment
  standin snapshot save world.ndjson      everything that the space holds, as a file; then: standin snapshot load world.ndjson
  standin journal --follow                what is asked and answered, and why
  standin verify --match operation=create_card --exactly 1";

/// A command is defined when it is asked for, because most starts are of one: defining all took a fifth of it.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Impersonate the gateway and the networks behind it.
    Serve(Box<WithVariables<serve::Serve>>),
    /// Judge an implementation by the features that come with this program.
    Conform(Box<WithVariables<conform::Conform>>),
    Prove(Box<prove::Prove>),
    /// Print what is demanded, from which source, and which checks look at it.
    Clauses,
    /// Try random sequences of operations, and hold what comes of each against the rules of tokens.
    Explore(explore::Explore),
    /// Let several clients operate on one token at once, and judge the history that they saw.
    Race(explore::Race),
    /// Draft a file of what is known to fail, for `standin conform --expect`.
    Expect(runs::Expect),
    /// Tell how two runs of `standin conform --json` differ, as Markdown.
    Diff(runs::Diff),
    /// Make a report of a run of `standin conform --json`: HTML, JUnit, Markdown, JSON, or what the console said.
    Report(report::Report),
    /// Write a target file for your own gateway: begin one, check it, try it, look up what may stand in it.
    Target(target::Target),
    /// Print what a shell needs for its programs to go through the proxy of a running server.
    Env(env::Env),
    /// Run one command offline: what it asks of the services that standin imitates is answered, and nothing else is.
    Run(Box<run::Run>),
    /// List the test cards and what each does.
    Cards(cards::Cards),
    /// Write the keys and certificates with which a client talks to the networks.
    Keys(keys::Keys),
    /// Compute a cryptogram offline, as a server with the same seed would.
    Cryptogram(cryptogram::Cryptogram),
    /// Arm failures on a running server, list them, take them away.
    Fault(fault::Fault),
    /// Show what a running server was asked and answered, and why; follow it, or take it away as a file.
    Journal(journal::Journal),
    /// Say what the clients of a running server have done wrong, if it was started with --judge.
    Judge(judge::Judge),
    /// Say whether a running server is ready; ends with 1 when it is not.
    Health(health::Health),
    /// Look at a deployment and explain each finding; ends with 1 when something has to be mended.
    Doctor(doctor::Doctor),
    /// Print webhooks as they arrive, and pass them on.
    Listen(listen::Listen),
    /// Print the JSON Schema of a file that standin reads, for an editor.
    Schema(schema::Schema),
    /// Print every documented request of a running server as a Postman collection.
    Postman(postman::Postman),
    /// Give coding agents tools by the Model Context Protocol: cards, tokens, payments, faults, journal, clock, conformance.
    Mcp(mcp::Mcp),
    /// Save what a running server holds as a file, or load one.
    Snapshot(snapshot::Snapshot),
    /// Make something happen to a token of a running server, as the issuer or the network would, or a payment of which its
    /// service then tells.
    Trigger(trigger::Trigger),
    /// Write test vectors for signatures and envelopes, right and wrong ones, as plain JSON.
    Vectors(vectors::Vectors),
    /// Ask a running server whether something happened, by its journal.
    Verify(verify::Verify),
    /// Print the help of a command, or a page about a topic; without either, list both.
    Help(help::Help),
    /// Print the script by which a shell completes commands, options, fault rules, cards and fields.
    Completions(completions::Completions),
    /// Write the manual pages.
    Man(completions::Man),
}

/// Every command with its options.
fn whole() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// What the arguments say. Where they cannot be read, or ask for help, it is told, and the program ends.
fn read(arguments: Vec<OsString>) -> Cli {
    Cli::try_parse_from(&arguments).unwrap_or_else(|_| {
        // Only the whole of them knows which option of which command may have been meant.
        let mut command = whole();
        let given = command.try_get_matches_from_mut(&arguments);
        let given = given.unwrap_or_else(|error| mistyped::told(error, &mut command).exit());
        let cli = Cli::from_arg_matches(&given);
        cli.unwrap_or_else(|error| error.format(&mut command).exit())
    })
}

/// Reads the arguments and does what they say.
pub fn run() -> ExitCode {
    completions::answer(whole);
    for slip in variables::slips(
        whole,
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()),
    ) {
        out::notice(format_args!("standin: {slip}"));
    }
    let outcome = match read(std::env::args_os().collect()).command {
        Command::Serve(serve) => serve.0.run().map_err(Failed::Told),
        Command::Conform(conform) => return conform.0.run(),
        Command::Prove(prove) => return prove.run(),
        Command::Explore(explore) => return explore.run(),
        Command::Race(race) => return race.run(),
        Command::Clauses => clauses::run(),
        Command::Expect(expect) => expect.run(),
        Command::Diff(diff) => diff.run(),
        Command::Report(report) => report.run(),
        Command::Target(target) => return target.run(),
        Command::Env(env) => env.run(),
        Command::Run(run) => return run.run(),
        Command::Cards(cards) => cards.run(),
        Command::Keys(keys) => keys.run(),
        Command::Cryptogram(cryptogram) => cryptogram.run(),
        Command::Fault(fault) => fault.run(),
        Command::Journal(journal) => journal.run(),
        Command::Judge(judge) => return judge.run(),
        Command::Health(health) => return health.run(),
        Command::Doctor(doctor) => return doctor.run(),
        Command::Listen(listen) => listen.run(),
        Command::Schema(schema) => schema.run(),
        Command::Postman(postman) => postman.run(),
        Command::Mcp(mcp) => mcp.run(),
        Command::Snapshot(snapshot) => snapshot.run(),
        Command::Trigger(trigger) => trigger.run(),
        Command::Vectors(vectors) => vectors.run(),
        Command::Verify(verify) => return verify.run(),
        Command::Help(help) => help.run(&mut whole()),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(Cli::command()),
    };
    match outcome {
        Ok(()) | Err(Failed::Unread) => ExitCode::SUCCESS,
        Err(Failed::Told(message)) => {
            out::notice(format_args!("standin: {message}"));
            ExitCode::from(2)
        }
    }
}
