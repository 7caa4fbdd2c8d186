//! Which parameters Stripe knows, call by call (the types of the npm package `stripe`, and what its Active Merchant adapter
//! sends where Stripe opens fields on request), and what becomes of each. One that Stripe knows does what it says here or is
//! refused by its full name, like one that it does not know: none is taken and forgotten. That is looked at before anything
//! else.

use super::form::OFF_SESSION;
use super::rules::Row;
use super::rules::Rule::{
    self, Digits, Email, Flag, FlagOr, Never, NoSuch, Number, Only, Read, Refused, Word,
};

const NO_LINES: &str = "line items and taxes are not imitated";
pub(super) const NO_MANDATES: &str = "mandates are not imitated";
pub(super) const NO_SECURE: &str =
    "only cards that are published for it want their customers authenticated (3-D Secure)";
pub(super) const NO_BALANCES: &str = "the balances of customers are not imitated";
const NO_FEES: &str = "the charge has no application fee and no transfer";
/// `statement_descriptor` in Stripe's API reference: for a card it is an error.
const NOT_FOR_CARDS: &str =
    "is not for payments by card, which take statement_descriptor_suffix in its place";
const WHEN_AVAILABLE: Rule = Word(&["if_available", "never"]);

/// What a payment intent is made from.
pub(super) const CREATE: &[Row] = &[
    ("amount", Read),
    ("amount_details", Refused(NO_LINES)),
    ("application_fee_amount", Number),
    (
        "automatic_payment_methods[allow_redirects]",
        Word(&["always", "never"]),
    ),
    ("automatic_payment_methods[enabled]", Flag),
    ("confirm", Flag),
    ("confirmation_method", Word(&["automatic", "manual"])),
    ("currency", Read),
    ("customer", Read),
    ("customer_account", Read),
    ("description", Read),
    ("excluded_payment_method_types", Read),
    ("hooks", Refused(NO_LINES)),
    ("metadata", Read),
    ("on_behalf_of", Read),
    (
        "payment_details",
        Refused("the details of what is bought are not imitated"),
    ),
    ("statement_descriptor", Refused(NOT_FOR_CARDS)),
    ("statement_descriptor_suffix", Read),
    ("transfer_data[amount]", Number),
    ("transfer_data[destination]", Read),
    ("transfer_group", Read),
];

/// What may come when an intent is confirmed, in the call that creates it or later.
pub(super) const CONFIRM: &[Row] = &[
    (
        "capture_method",
        Word(&["automatic", "automatic_async", "manual"]),
    ),
    ("confirmation_token", NoSuch("confirmation_token")),
    ("error_on_requires_action", Flag),
    ("expand", Read),
    ("mandate", NoSuch("mandate")),
    ("mandate_data", Refused(NO_MANDATES)),
    ("off_session", FlagOr(OFF_SESSION)),
    ("payment_method", Read),
    (
        "payment_method_configuration",
        NoSuch("payment_method_configuration"),
    ),
    ("payment_method_types", Read),
    (
        "payment_method_data[allow_redisplay]",
        Word(&["always", "limited", "unspecified"]),
    ),
    ("payment_method_data[billing_details]", Read),
    ("payment_method_data[card][cvc]", Read),
    ("payment_method_data[card][exp_month]", Read),
    ("payment_method_data[card][exp_year]", Read),
    // Of the card behind a token, for whoever shows it; the answer shows the number that paid.
    ("payment_method_data[card][last4]", Digits(4)),
    (
        "payment_method_data[card][networks][preferred]",
        Word(&["cartes_bancaires", "mastercard", "visa"]),
    ),
    ("payment_method_data[card][network_token][exp_month]", Read),
    ("payment_method_data[card][network_token][exp_year]", Read),
    ("payment_method_data[card][network_token][number]", Read),
    // The network has its own record of it, and asks nobody.
    (
        "payment_method_data[card][network_token][payment_account_reference]",
        Read,
    ),
    ("payment_method_data[card][number]", Read),
    ("payment_method_data[card][token]", Read),
    ("payment_method_data[metadata]", Read),
    ("payment_method_data[radar_options][session]", Read),
    ("payment_method_data[type]", Read),
    (
        "payment_method_options[card][capture_method]",
        Word(&["manual"]),
    ),
    ("payment_method_options[card][cvc_token]", NoSuch("token")),
    (
        "payment_method_options[card][installments][enabled]",
        Never("no card has a plan of installments"),
    ),
    (
        "payment_method_options[card][installments][plan]",
        Refused("no card has a plan of installments"),
    ),
    (
        "payment_method_options[card][mandate_options]",
        Refused(NO_MANDATES),
    ),
    (
        "payment_method_options[card][mit_exemption][claim_without_transaction_id]",
        Flag,
    ),
    // Names an authentication that the payment is excused with; no issuer here asks for one.
    (
        "payment_method_options[card][mit_exemption][ds_transaction_id]",
        Read,
    ),
    (
        "payment_method_options[card][mit_exemption][network_transaction_id]",
        Read,
    ),
    (
        "payment_method_options[card][mit_exemption][transaction_link_id]",
        Read,
    ),
    ("payment_method_options[card][moto]", Flag),
    ("payment_method_options[card][network]", Read),
    (
        "payment_method_options[card][network_token][cryptogram]",
        Read,
    ),
    (
        "payment_method_options[card][network_token][electronic_commerce_indicator]",
        Digits(2),
    ),
    (
        "payment_method_options[card][request_extended_authorization]",
        WHEN_AVAILABLE,
    ),
    (
        "payment_method_options[card][request_incremental_authorization]",
        WHEN_AVAILABLE,
    ),
    (
        "payment_method_options[card][request_multicapture]",
        WHEN_AVAILABLE,
    ),
    (
        "payment_method_options[card][request_overcapture]",
        WHEN_AVAILABLE,
    ),
    (
        "payment_method_options[card][request_three_d_secure]",
        Only("automatic", NO_SECURE),
    ),
    // A card that is on file has no security code, and none is demanded.
    (
        "payment_method_options[card][require_cvc_recollection]",
        Flag,
    ),
    (
        "payment_method_options[card][setup_future_usage]",
        Word(&["none", "off_session", "on_session"]),
    ),
    (
        "payment_method_options[card][statement_descriptor_suffix_kana]",
        Read,
    ),
    (
        "payment_method_options[card][statement_descriptor_suffix_kanji]",
        Read,
    ),
    (
        "payment_method_options[card][stored_credential_transaction_type]",
        Word(STORED_KINDS),
    ),
    (
        "payment_method_options[card][three_d_secure]",
        Refused(NO_SECURE),
    ),
    ("radar_options[session]", Read),
    ("receipt_email", Email),
    ("return_url", Read),
    ("setup_future_usage", Word(&["off_session", "on_session"])),
    ("shipping[address]", Read),
    ("shipping[carrier]", Read),
    ("shipping[name]", Read),
    ("shipping[phone]", Read),
    ("shipping[tracking_number]", Read),
    ("use_stripe_sdk", Flag),
];

/// Who is there when a stored credential is used or made (Active Merchant's adapter).
const STORED_KINDS: &[&str] = &[
    "setup_on_session",
    "setup_off_session_recurring",
    "setup_off_session_unscheduled",
    "stored_on_session",
    "stored_off_session_recurring",
    "stored_off_session_unscheduled",
];

/// What says how an intent is confirmed can only come with its confirmation (Stripe's API reference, each parameter).
pub(super) const ONLY_CONFIRMED: [&str; 3] =
    ["error_on_requires_action", "off_session", "return_url"];

pub(super) const CAPTURE: &[Row] = &[
    ("amount_details", Refused(NO_LINES)),
    ("amount_to_capture", Read),
    ("application_fee_amount", Number),
    ("expand", Read),
    ("final_capture", Flag),
    ("hooks", Refused(NO_LINES)),
    ("metadata", Read),
    (
        "payment_details",
        Refused("the details of what is bought are not imitated"),
    ),
    ("statement_descriptor", Refused(NOT_FOR_CARDS)),
    ("statement_descriptor_suffix", Read),
    ("transfer_data[amount]", Number),
];

/// A charge that is made without an intent (Stripe API reference).
pub(super) const CHARGE: &[Row] = &[
    ("amount", Read),
    ("application_fee_amount", Number),
    ("capture", Flag),
    ("currency", Read),
    ("customer", Read),
    ("description", Read),
    ("expand", Read),
    ("metadata", Read),
    ("on_behalf_of", Read),
    ("radar_options[session]", Read),
    ("receipt_email", Email),
    ("shipping", Read),
    ("source", Read),
    ("statement_descriptor", Refused(NOT_FOR_CARDS)),
    ("statement_descriptor_suffix", Read),
    ("transfer_data[amount]", Number),
    ("transfer_data[destination]", Read),
    ("transfer_group", Read),
];

pub(super) const CAPTURED_CHARGE: &[Row] = &[
    ("amount", Read),
    ("application_fee_amount", Number),
    ("expand", Read),
    ("receipt_email", Email),
    ("statement_descriptor", Refused(NOT_FOR_CARDS)),
    ("statement_descriptor_suffix", Read),
    ("transfer_data[amount]", Number),
    ("transfer_group", Read),
];

/// What can be said of a charge again.
pub(super) const UPDATED_CHARGE: &[Row] = &[
    ("description", Read),
    ("expand", Read),
    ("fraud_details", Refused("frauds are not reported here")),
    ("metadata", Read),
    ("receipt_email", Email),
    ("shipping", Read),
    ("transfer_group", Read),
];

pub(super) const UPDATED_REFUND: &[Row] = &[("expand", Read), ("metadata", Read)];

/// Cancel a payment intent (Stripe API reference).
pub(super) const CANCEL: &[Row] = &[
    (
        "cancellation_reason",
        Word(&[
            "duplicate",
            "fraudulent",
            "requested_by_customer",
            "abandoned",
        ]),
    ),
    ("expand", Read),
];

pub(super) const REFUND: &[Row] = &[
    ("amount", Read),
    ("charge", Read),
    ("currency", Refused(NO_BALANCES)),
    ("customer", Refused(NO_BALANCES)),
    ("expand", Read),
    (
        "instructions_email",
        Refused("a card is refunded without instructions"),
    ),
    ("metadata", Read),
    ("origin", Refused(NO_BALANCES)),
    ("payment_intent", Read),
    (
        "reason",
        Word(&["duplicate", "fraudulent", "requested_by_customer"]),
    ),
    ("refund_application_fee", Never(NO_FEES)),
    ("reverse_transfer", Never(NO_FEES)),
];

/// What may stand in the query when something is read.
pub(super) const READ: &[Row] = &[("client_secret", Read), ("expand", Read)];

/// A webhook endpoint (Stripe API reference).
pub(super) const ENDPOINT: &[Row] = &[
    // Events have one shape, whichever version is wanted.
    (
        "api_version",
        Only(
            super::version::LATEST,
            "events are told in this version only",
        ),
    ),
    ("connect", Never("there are no connected accounts")),
    ("description", Read),
    ("enabled_events", Read),
    ("expand", Read),
    ("metadata", Read),
    ("url", Read),
];

/// What can be said again of a webhook endpoint (Stripe API reference).
pub(super) const UPDATED_ENDPOINT: &[Row] = &[
    ("description", Read),
    ("disabled", Flag),
    ("enabled_events", Read),
    ("expand", Read),
    ("metadata", Read),
    ("url", Read),
];

/// What may stand in the query of every list.
pub(super) const LIST: &[Row] = &[
    ("created", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("starting_after", Read),
];

pub(super) const EVENTS: &[Row] = &[
    ("created", Read),
    (
        "delivery_success",
        Refused("GET /_standin/webhooks/messages shows what was delivered"),
    ),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("starting_after", Read),
    ("type", Read),
    ("types", Read),
];

/// Of payment intents, charges and refunds, by what they belong to.
pub(super) const PAYMENTS: &[Row] = &[
    ("charge", Read),
    ("created", Read),
    ("customer", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("payment_intent", Read),
    ("starting_after", Read),
];
