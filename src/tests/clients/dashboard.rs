//! The dashboard in a headless Chromium. Each takes seconds: a browser starts.

use standin::clock::Source;
use standin::server::{Gate, Options};

use super::{installed, run, run_against};
use crate::client::{Stand, options};
use crate::gateway::RUNS;
use crate::program::require_program;

/// Where pictures of every view are kept: below the build's own folder.
const PICTURES: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/dashboard");
const TOKEN: &str = "a-token-that-nobody-guesses";

/// Every view, at three widths, light and dark, with a checker of accessibility.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_view_is_whole_at_every_width_and_asks_nobody_else() {
    if require_program("chromium") && installed().is_some() {
        let real = Options {
            clock: Source::Machine,
            reports: Some(RUNS.into()),
            ..options()
        };
        let stand = Stand::start(real).await;
        let base = stand.server.base_url();
        run_against("dashboard_views.mjs", &[&base, PICTURES], 19).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_is_done_by_keyboard_alone() {
    if require_program("chromium") {
        run("dashboard_keyboard.mjs", 8).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markup_in_whatever_clients_send_is_shown_as_text() {
    if require_program("chromium") {
        run("dashboard_hostile.mjs", 4).await;
    }
}

/// Eleven thousand requests are made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_exchanges_cost_the_tab_nothing_and_the_first_paint_little() {
    if require_program("chromium") {
        run("dashboard_many.mjs", 3).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_others_reach_the_server_the_page_wants_the_token_and_no_other_page_acts_by_it() {
    if require_program("chromium") && installed().is_some() {
        let guarded = Options {
            gate: Gate {
                hosts: Vec::new(),
                control_token: Some(TOKEN.to_owned()),
            },
            ..options()
        };
        let stand = Stand::start(guarded).await;
        let base = stand.server.base_url();
        run_against("dashboard_guard.mjs", &[&base, TOKEN], 5).await;
    }
}
