//! Every upper bound, with its reason. Reaching one is a clear error, never growth without end.
//!
//! What clients can make a server hold at the most, in MiB, when everything is at its bound at once:
//!
//! | what | MiB | because |
//! |---|---|---|
//! | records, tasks and messages | 1,536 | [`RECORDS_BYTES_MAX`] |
//! | journals | 256 | [`JOURNALS_BYTES_MAX`] |
//! | large answers that are being sent | 128 | [`ANSWERS_BYTES_MAX`] |
//! | large bodies that are being read, with their heads on HTTP/2 | 128 | [`BODIES_BYTES_MAX`] |
//! | small answers and bodies on HTTP/2 | 1,172 | [`CONNECTIONS_MAX`] times [`STREAMS_MAX`] times a piece and a free body |
//! | heads on HTTP/1 | 63 | [`CONNECTIONS_MAX`] times [`HEAD_BYTES_MAX`] |
//! | a snapshot that is taken or loaded, as parts and as text | 128 | twice [`SNAPSHOT_BYTES_MAX`], one at a time |
//! | what followers of journals have not taken yet | 500 | [`FOLLOWERS_MAX`] times an entry: a body with its escapes |
//! | a recording of other hosts: what is kept, what is coming, and the file as it is written | 192 | three times [`RECORDING_BYTES_MAX`] |
//! | all of these | 4,103 | |

mod room;

use std::time::Duration;

pub use room::{Room, Share};

/// 1,048,576 bytes.
pub const MIB: usize = 1024 * 1024;

/// The event log of a run of the harness, where a command reads one. 1,500 checks with all that was said come to 20 MiB.
pub const EVENT_LOG_BYTES_MAX: usize = 256 * MIB;
/// The same, where a server reads one beside everything else.
pub const REPORT_BYTES_MAX: usize = 64 * MIB;
/// Request bodies. The largest legitimate one, a Mastercard envelope, is under 20 KiB.
pub const BODY_BYTES_MAX: usize = MIB;
/// Sealed envelopes (JWE) before anything in them is decoded. A batch of ten Mastercard tokens with their product
/// configuration stays under 40 KiB.
pub const ENVELOPE_BYTES_MAX: usize = 64 * 1024;
/// Signed tokens (JWT): several times what any client sends.
pub const SIGNED_TOKEN_BYTES_MAX: usize = 16 * 1024;
/// An Authorization header of OAuth 1.0a; Mastercard's own signers stay under 1 KiB.
pub const OAUTH_HEADER_BYTES_MAX: usize = 8 * 1024;
/// Parameters in such a header; Mastercard's have seven.
pub const OAUTH_PARAMETERS_MAX: usize = 32;
/// Spaces at once. A parallel test run gives each test its own; ten thousand tests is a large suite.
pub const SPACES_MAX: usize = 10_000;
/// A control token has so many characters at least: sixteen letters drawn at random are not guessed over a network.
pub const CONTROL_TOKEN_BYTES_MIN: usize = 16;
/// Length of a space's name, so that it fits a path and a credential.
pub const SPACE_NAME_BYTES_MAX: usize = 64;
/// Aliases of one format that are tried for a value before it gets one of another format, of which there are always enough.
pub const ALIAS_SHAPED_ATTEMPTS_MAX: u32 = 64;
/// Unexpired short cryptograms of one token. They are listed, not computed, and three digits repeat soon after.
pub const LIVE_SHORT_CRYPTOGRAMS_MAX: usize = 128;
/// How often an operation starts again because another one changed its record in between.
pub const COMMIT_ATTEMPTS_MAX: u32 = 1_000;
/// Candidates for a token number before giving up. A collision has a chance of about one in a hundred billion.
pub const TOKEN_NUMBER_ATTEMPTS_MAX: u32 = 32;
/// An instance that does not see what happens at once waits so long between looking and writing, which no other does. Requests
/// that a client sends at once are there by then.
pub const DEFECT_WINDOW: Duration = Duration::from_millis(60);
/// How late a message is of an instance whose messages are late: well below what its description allows.
pub const LATE_MESSAGE_WAIT: Duration = Duration::from_millis(100);
/// How long an instance that is slow takes for an answer.
pub const SLOW_ANSWER_WAIT: Duration = Duration::from_millis(3);
/// Long cryptograms are good for a day (VGS toolkit); networks publish nothing firmer.
pub const LONG_CRYPTOGRAM_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Short cryptograms share the day of the long ones, because nothing else is published.
pub const SHORT_CRYPTOGRAM_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Volatile aliases, those of security codes, are forgotten after an hour (VGS vault API).
pub const VOLATILE_ALIAS_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// OAuth tokens live twenty minutes (VGS authentication guide).
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_secs(20 * 60);
/// Checkout.com's access tokens live an hour.
pub const MERCHANT_ACCESS_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Values in one call of the alias API (VGS vault API).
pub const ALIASES_PER_REQUEST_MAX: usize = 20;
/// Bytes of journal kept per space unless the user asks for more.
pub const JOURNAL_BYTES_MAX: usize = 4 * MIB;
/// Bytes of all journals together, or of one if the user asks for more: sixty-four full ones, or ten thousand with some
/// twenty exchanges each. When there is no more room the fullest journal lets its oldest entries go.
pub const JOURNALS_BYTES_MAX: usize = 256 * MIB;
/// Records, tasks and messages of one space: a million tokens.
pub const RECORDS_BYTES_PER_SPACE_MAX: usize = 1024 * MIB;
/// The same of all spaces together. Cards, tokens, payments, aliases, idempotency keys, messages: one room for all of them.
pub const RECORDS_BYTES_MAX: usize = 1536 * MIB;
/// A message with its notice, and one with the body that its receiver was sent, besides what is told of a card or payment.
pub const MESSAGE_BYTES: usize = 1024;
/// What is planned takes so much: the task, twice, as half of a tree's places may be empty.
pub const TASK_BYTES: usize = 128;
/// Values that one field may be matched with, in a fault rule or a filter of the journal.
pub const MATCH_VALUES_MAX: usize = 64;
/// Steps of one question about the order of journal entries.
pub const VERIFY_STEPS_MAX: usize = 100;
/// Members of bodies that one pattern of such a question may name.
pub const VERIFY_MEMBERS_MAX: usize = 64;
/// Entries that did not match and are shown, nearest first. More than a handful nobody reads.
pub const VERIFY_NEAREST_MAX: usize = 3;
/// Entries that a follower of a journal is handed at once.
pub const FOLLOW_ROWS_MAX: usize = 64;
/// Who may follow journals at once. A hundred terminals and dashboards are many; each has a connection for as long.
pub const FOLLOWERS_MAX: usize = 250;
/// Entries of a journal that are kept as its followers are told them, so that each is worded once for all of them, as long as
/// they take no more than so many bytes.
pub const FOLLOW_WORDED_BYTES_MAX: usize = MIB;
/// How long a follower hears nothing before it is told that the server is still there. Proxies give up after 30 to 60 s.
pub const FOLLOW_BEAT: Duration = Duration::from_secs(15);
/// Notices kept for reading back in a space, whether or not a webhook takes them.
pub const NOTICES_KEPT_MAX: usize = 1_000;
/// What a notice that is kept takes, besides what is told of a card or payment.
pub const NOTICE_BYTES: usize = 512;
/// Messages waiting in a space for webhook endpoints that do not take them. A message is some 600 bytes.
pub const MESSAGES_WAITING_MAX: usize = 10_000;
/// Messages of a space that are kept to look at and to replay: so many delivered ones and as many dead ones.
pub const MESSAGES_KEPT_MAX: usize = 1_000;
/// How long a message that a fault rule holds back waits for others to be sent first, by the clock of the space.
pub const MESSAGE_HELD_BACK_MAX: Duration = Duration::from_secs(60);
/// How old a signature may be that a receiver takes (Standard Webhooks and Stripe, by their libraries).
pub const SIGNATURE_AGE_MAX: Duration = Duration::from_secs(5 * 60);
/// What a judge remembers in a space, of each thing: some 300 bytes each, for a dozen things.
pub const JUDGE_REMEMBERED_MAX: usize = 2_000;
/// How often a judge shows a defect with the exchanges that decide it. More than a few nobody reads.
pub const JUDGE_TIMES_SHOWN_MAX: usize = 3;
/// Length of the name of a client that is judged.
pub const JUDGED_NAME_BYTES_MAX: usize = 64;
/// Messages of a space that are being delivered at once.
pub const DELIVERIES_MAX: usize = 32;
/// Webhook endpoints of a space.
pub const ENDPOINTS_MAX: usize = 100;
/// How long a webhook endpoint may take to answer (Standard Webhooks: 15 to 30 seconds).
pub const DELIVERY_WAIT: Duration = Duration::from_secs(15);
/// Connections to other machines that wait for the next request. As many as four spaces deliver over at once.
pub const IDLE_CONNECTIONS_MAX: usize = 128;
/// How long each waits. Node closes a connection after five seconds, and a request that crosses the end of its connection has
/// to be sent again.
pub const IDLE_CONNECTION_WAIT: Duration = Duration::from_secs(4);
/// How long a webhook endpoint may ask to be left alone at a time. One that wants more than a day asks again.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How much of a webhook endpoint's answer is kept for the journal.
pub const RECEIPT_BYTES_MAX: usize = 4 * 1024;
/// How long moving a clock waits for the messages that it made due.
pub const POST_WAIT: Duration = Duration::from_secs(10);

/// How long a dispatcher waits before it asks a store again that was away. Long enough not to press it, short enough that
/// webhooks are not noticed to be late.
pub const STORE_RETRY_WAIT: Duration = Duration::from_millis(250);
/// What the dashboard takes of one answer of the control API: an exchange with two bodies and all their escapes.
pub const DASHBOARD_BYTES_MAX: usize = 16 * MIB;
/// Runs of the conformance suite that are listed. Each is read for that.
pub const REPORTS_MAX: usize = 50;
/// Rows on one page of a list.
pub const PAGE_ROWS_MAX: usize = 100;
/// Exchanges on one page of the dashboard: more than a screen has room for, and few enough to be painted at once.
pub const DASHBOARD_ROWS_MAX: usize = 50;
/// Free text such as a name or an address line (MDES allows 64; gateways are laxer).
pub const TEXT_BYTES_MAX: usize = 256;
/// A cardholder object as JSON: name, company and an address of a dozen lines at their longest.
pub const CARDHOLDER_BYTES_MAX: usize = 4 * 1024;
/// Pairs in a card's metadata.
pub const METADATA_PAIRS_MAX: usize = 50;
/// One-time codes that a cardholder may have sent for one token, and guesses at each (typical of Visa's service, AWS's
/// sample of an agent that pays).
pub const OTP_CODES_MAX: u8 = 3;
pub const OTP_GUESSES_MAX: u8 = 3;
/// How long a one-time code can be entered (the same source).
pub const OTP_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// How far the timestamp of an x-pay-token may be off (Visa Developer, error codes: more than eight minutes is refused).
pub const PAY_TOKEN_TOLERANCE: Duration = Duration::from_secs(8 * 60);
/// How far the timestamp of an OAuth 1.0a signature may be off. Nothing firm is public; five minutes is what such services
/// usually grant.
pub const OAUTH_TIMESTAMP_TOLERANCE: Duration = Duration::from_secs(5 * 60);
/// Nonces remembered in a space: those of five minutes at more than three hundred requests a second, forty bytes each.
pub const NONCES_MAX: usize = 100_000;
/// Transactions of one card that Checkout Solutions lists. A hundred is a long page.
pub const CHECKOUTS_KEPT_MAX: usize = 100;
/// Tokens in one call of MDES.
pub const MDES_TOKENS_MAX: usize = 10;
/// Verified access tokens remembered, so that a busy client's signature is checked once: some 1,300 bytes each. Of half as many
/// nearly all are found, so that one of every space can be.
pub const VERIFIED_TOKENS_MAX: usize = 2 * SPACES_MAX;
/// Card numbers of all spaces whose names are remembered, some 300 bytes each.
pub const ACCOUNT_NAMES_MAX: usize = 16_384;
/// Tokens of all spaces whose keys are remembered, some 200 bytes each.
pub const TOKEN_KEYS_MAX: usize = 16_384;
/// Commits of the file engine that are made together.
pub const COMMIT_GROUP_MAX: usize = 1_024;
/// How often the file engine asks its disk again while that fails. Somebody who has just made room is looking.
pub const DISK_PROBE_WAIT: Duration = Duration::from_secs(1);
/// How long the file engine waits for a program that somebody has opened the file with.
pub const DISK_BUSY_WAIT: Duration = Duration::from_secs(2);
/// How long a read of it waits, which happens on the threads that answer: what is committed can be read while others write, so
/// that only a program that locks the whole file is waited for.
pub const READ_BUSY_WAIT: Duration = Duration::from_millis(20);
/// Rows of a space that is gone which are deleted at a time, so that nobody waits for them.
pub const SWEEP_ROWS_MAX: usize = 2_000;
/// The file of a space or of a server: sixty thousand tokens or so. Each half of the room for large bodies and answers.
pub const SNAPSHOT_BYTES_MAX: usize = 64 * MIB;
/// Connections that wait for the next read of the file: as many as read at once on most machines.
pub const READERS_KEPT_MAX: usize = 16;
/// How long a shared engine may take to answer: it is near, so that one that takes longer is away.
pub const SHARED_REPLY_WAIT: Duration = Duration::from_secs(1);
/// How long a connection to it may take to be made.
pub const SHARED_CONNECT_WAIT: Duration = Duration::from_secs(1);
/// A connection to it on which so many answers in a row did not come is thrown away.
pub const SHARED_TIMEOUTS_MAX: u32 = 3;
/// The same when a failure comes after so long without any answer.
pub const SHARED_SILENCE_MAX: Duration = Duration::from_secs(3);
/// How long a change of it waits for a replica of the engine that has it too. One on the same network takes a millisecond.
pub const SHARED_REPLICA_WAIT: Duration = Duration::from_millis(500);
/// How often it is looked whether the engine is there and which spaces it has.
pub const SHARED_FOLLOW_WAIT: Duration = Duration::from_millis(100);
/// How long the engine knows what it has done, for a client library that sends it again. None does so after several seconds.
pub const SHARED_DONE_KEPT: Duration = Duration::from_secs(15);
/// How long a space that is gone says so to what is still on its way to it.
pub const SHARED_GONE_TOLD: Duration = Duration::from_secs(10 * 60);
/// How long the turn to do what is due in a space is held at a time. Longer than any task takes.
pub const SHARED_TURN: Duration = Duration::from_secs(3);
/// How often at least it is looked whether other replicas are done.
pub const SHARED_QUIET_WAIT: Duration = Duration::from_millis(20);
/// Commands that are sent at once when a space is put together.
pub const SHARED_PIECE_COMMANDS: usize = 1_000;
/// How often a replica says that it is alive.
pub const REPLICA_BEAT: Duration = Duration::from_millis(500);
/// How long that is believed.
pub const REPLICA_ALIVE: Duration = Duration::from_millis(2_500);
/// How long one that does not say so is watched before its work is taken over, so that an engine that was away for all of them
/// takes nobody's work away.
pub const REPLICA_GONE_AFTER: Duration = Duration::from_millis(1_500);
/// Replicas that are gone and of which somebody has not heard yet.
pub const REPLICAS_GONE_MAX: usize = 64;
/// Connections at once. A process may usually have 1,024 files open.
pub const CONNECTIONS_MAX: usize = 1_000;
/// Connections besides, for the control plane alone: whoever wants to see what has taken all the others gets in.
pub const CONNECTIONS_RESERVED: usize = 2;
/// How long one of them may say nothing at first.
pub const RESERVED_WAIT: Duration = Duration::from_secs(1);
/// Certificates that the proxy keeps for names, some 10 KiB each with what TLS remembers. A program speaks to a handful of hosts.
pub const PROXY_CERTIFICATES_MAX: usize = 256;
/// Hosts that the proxy counts requests for.
pub const PROXY_HOSTS_TOLD_MAX: usize = 1_000;
/// How long the first byte inside a tunnel may take. A pool of a client opens tunnels before it needs them.
pub const TUNNEL_FIRST_BYTE_WAIT: Duration = Duration::from_secs(60);
/// How long a tunnel that is only passed on may say nothing either way.
pub const TUNNEL_IDLE_WAIT: Duration = Duration::from_secs(10 * 60);
/// What is read of such a tunnel at a time, each way.
pub const TUNNEL_PIECE_BYTES: usize = 16 * 1024;
/// A recording, as it is written and as it is read: a suite's exchanges are some KiB each.
pub const RECORDING_BYTES_MAX: usize = 64 * MIB;
/// Exchanges of a recording. A suite that has more of them with the world is many suites.
pub const RECORDED_EXCHANGES_MAX: usize = 10_000;
/// The body of an answer that is recorded: four times what a request may bring.
pub const RECORDED_ANSWER_BYTES_MAX: usize = 4 * MIB;
/// How long a recording that has grown waits for being written, at least. A large one waits for twenty times as long as
/// writing it takes.
pub const RECORDING_WRITE_WAIT: Duration = Duration::from_secs(1);
/// Requests that no recorded exchange answers, and that are told one by one. More than a handful nobody reads.
pub const REPLAY_MISSES_TOLD_MAX: usize = 10;
/// Differences between a request and the nearest recorded exchange that are told.
pub const REPLAY_DIFFERENCES_TOLD_MAX: usize = 6;
/// Letters of a value in such a difference.
pub const REPLAY_VALUE_LETTERS_MAX: usize = 80;
/// How long an upstream may take until its answer begins.
pub const UPSTREAM_WAIT: Duration = Duration::from_secs(60);
/// Requests at once on one connection of HTTP/2, the least that RFC 9113 (section 6.5.2) recommends.
pub const STREAMS_MAX: u32 = 100;
/// How much of an answer is handed to a connection at a time. What a client takes nothing of stays with us, where it can
/// be thrown away, but for such a piece.
pub const ANSWER_PIECE_BYTES: usize = 8 * 1024;
/// What is larger than a piece comes out of one room for all answers that are being sent. A journal of 4 MiB is one of the
/// largest answers.
pub const ANSWERS_BYTES_MAX: usize = 128 * MIB;
/// What of a body is not counted, because nearly every body is smaller.
pub const BODY_BYTES_FREE: usize = 4 * 1024;
/// Bodies that are being read, as far as they are larger than that, of all connections together.
pub const BODIES_BYTES_MAX: usize = 128 * MIB;
/// Bytes of the head of a request, its target included.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// hyper's own buffer is never smaller.
pub const HEAD_BYTES_MIN: usize = 8 * 1024;
/// How long the body of a request may take.
pub const BODY_WAIT: Duration = Duration::from_secs(30);
/// How long a client may take nothing of its answer.
pub const ANSWER_WAIT: Duration = Duration::from_secs(30);
/// Headers and first byte must arrive within this time, or the connection is closed.
pub const FIRST_BYTE_WAIT: Duration = Duration::from_secs(10);
/// How long open requests may take to finish once the server has been told to stop.
pub const DRAIN_WAIT: Duration = Duration::from_secs(5);
/// A connection without a request is closed after this long. Client pools usually give up earlier.
pub const IDLE_WAIT: Duration = Duration::from_secs(60);
/// How long an authorization waits for its capture at Stripe (its guide on placing a hold: seven days where no card is
/// present), at Checkout.com, whose pages name seven days in one place and ten in another, as
/// <https://dev.to/tomwangcn/card-auth-expiry-visa-vs-mastercard-capture-rules-23i> has compared them, and in our own payment API.
pub const HOLD: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// What is left of Visa's five days for a payment that the merchant starts (the same guide: four days and eighteen hours,
/// so that there is time to clear).
pub const HOLD_BY_MERCHANT_VISA: Duration = Duration::from_secs((4 * 24 + 18) * 60 * 60);
/// The same at Adyen (its help centre on expired captures), whatever the networks grant.
pub const HOLD_ADYEN: Duration = Duration::from_secs(28 * 24 * 60 * 60);
/// How long a customer has at Checkout.com to be authenticated (its response codes: 20152 is for one that did not come back
/// within fifteen minutes). Neither Adyen nor Stripe says a time.
pub const CHALLENGE_CHECKOUT: Duration = Duration::from_secs(15 * 60);
/// An address to which a customer is sent back. Adyen's are the longest that a service takes.
pub const RETURN_ADDRESS_BYTES_MAX: usize = 8_000;
/// What a shop's page hands on of an authentication, as a text that a server has made.
pub const CHALLENGE_TEXT_BYTES_MAX: usize = 16 * 1024;
/// Captures and refunds of one payment. Marketplaces capture per parcel; a hundred parcels is a large order.
pub const PAYMENT_MOVES_MAX: usize = 200;
/// Payments that the issuer's velocity rule can count, because it lists their instants.
pub const VELOCITY_PAYMENTS_MAX: usize = 100;
/// Merchants that one credential can be bound to.
pub const CREDENTIAL_MERCHANTS_MAX: usize = 20;
/// Fault rules armed in one space. The largest set that the cost per request has been measured with.
pub const FAULT_RULES_MAX: usize = 10_000;
/// Length of a fault rule's name, which is repeated in every journal entry that it answers for.
pub const FAULT_NAME_BYTES_MAX: usize = 64;
/// Requests told apart by the counters of all fault rules in one space; some forty bytes each.
pub const FAULT_KEYS_MAX: usize = 200_000;
/// Rules among which the nearest one that did not fire is looked for on every request; more only on demand.
pub const FAULT_NEAREST_MAX: usize = 32;
/// Stages of one fault rule.
pub const FAULT_STAGES_MAX: usize = 32;
/// Bytes that a fault counts, sends as garbage or lets through.
pub const FAULT_BYTES_MAX: u32 = 1024 * 1024;
/// The longest that a fault holds a connection open; every client has given up by then.
pub const FAULT_HOLD_MAX: Duration = Duration::from_secs(5 * 60);
/// The longest span in a fault rule, for windows and webhooks, which wait without holding anything.
pub const FAULT_WAIT_MAX: Duration = Duration::from_secs(31 * 24 * 60 * 60);
/// Candidates for a network transaction id before giving up. Fifteen digits repeat once in a few tens of millions.
pub const NTI_ATTEMPTS_MAX: u32 = 32;
/// Length of an idempotency key (Stripe and ACP allow 255).
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 255;
/// Length of an idempotency key at Adyen.
pub const IDEMPOTENCY_KEY_BYTES_ADYEN_MAX: usize = 64;
/// How long the first request with an idempotency key may take before another one with it starts again. What it consumed
/// is not consumed twice, so the only harm of a short time is work done twice.
pub const CLAIM_LEASE: Duration = Duration::from_secs(30);
/// How long an answer is given again to its idempotency key (Stripe, Checkout.com, ACP).
pub const IDEMPOTENCY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Adyen promises a week at least.
pub const IDEMPOTENCY_LIFETIME_ADYEN: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// What a payment service keeps with a payment for its merchant: references, description, metadata.
/// Stripe's fifty pairs of
/// metadata fit, whatever their letters.
pub const NOTE_BYTES_MAX: usize = 128 * 1024;
/// What a merchant answers a dispute with. The hundred and fifty thousand characters that Stripe takes
/// fit, unless most of them are of an alphabet with longer letters.
pub const EVIDENCE_BYTES_MAX: usize = 256 * 1024;

/// How long a refund takes with Stripe's test cards for that; nothing is published but that it is "some time".
pub const REFUND_SETTLES: Duration = Duration::from_secs(60);

/// The rows of the table at the top, in bytes.
pub const WORST_CASE: [usize; 9] = [
    RECORDS_BYTES_MAX,
    JOURNALS_BYTES_MAX,
    ANSWERS_BYTES_MAX,
    BODIES_BYTES_MAX,
    CONNECTIONS_MAX * STREAMS_MAX as usize * (ANSWER_PIECE_BYTES + BODY_BYTES_FREE),
    CONNECTIONS_MAX * HEAD_BYTES_MAX,
    2 * SNAPSHOT_BYTES_MAX,
    FOLLOWERS_MAX * 2 * BODY_BYTES_MAX,
    3 * RECORDING_BYTES_MAX,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The table at the top says what the constants come to.
    #[test]
    fn the_worst_case_is_what_the_table_says() {
        let mut each: Vec<usize> = WORST_CASE.map(|bytes| bytes.div_ceil(MIB)).to_vec();
        each.push(each.iter().sum());
        let table = include_str!("limits.rs").lines();
        let rows = table.filter_map(|line| line.strip_prefix("//! |")?.split('|').nth(1));
        let written = rows.filter_map(|cell| cell.trim().replace(',', "").parse().ok());
        assert_eq!(written.collect::<Vec<usize>>(), each);
    }
}
