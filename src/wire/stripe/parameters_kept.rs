//! Which parameters Stripe knows of customers, payment methods, setup intents and disputes, as in [`super::parameters`].

use super::parameters::{NO_BALANCES, NO_MANDATES};
use super::rules::Row;
use super::rules::Rule::{self, Email, Flag, NoSuch, Number, Only, Read, Refused, Text, Word};

const NO_TAXES: &str = "taxes, coupons and invoices are not imitated";
const NO_ACCOUNTS: &str = "there are no connected accounts";

/// What an intent may say again before it is paid: what it may not, stands here before what it may.
pub(super) const UPDATE: &[Row] = &[
    (
        "confirm",
        Refused("an intent is confirmed with its own call"),
    ),
    (
        "error_on_requires_action",
        Refused("only a confirmation can say that"),
    ),
    ("off_session", Refused("only a confirmation can say that")),
    ("return_url", Refused("only a confirmation can say that")),
    (
        "use_stripe_sdk",
        Refused("only a confirmation can say that"),
    ),
];

/// What a setup intent is made from.
pub(super) const SETUP: &[Row] = &[
    ("attach_to_self", Refused(NO_ACCOUNTS)),
    (
        "automatic_payment_methods[allow_redirects]",
        Word(&["always", "never"]),
    ),
    ("automatic_payment_methods[enabled]", Flag),
    ("confirm", Flag),
    ("customer", Read),
    ("description", Read),
    ("excluded_payment_method_types", Read),
    ("flow_directions", Refused(NO_ACCOUNTS)),
    ("metadata", Read),
    ("on_behalf_of", Read),
    (
        "payment_method_configuration",
        NoSuch("payment_method_configuration"),
    ),
    ("payment_method_types", Read),
    ("single_use", Refused(NO_MANDATES)),
    ("usage", Word(&["off_session", "on_session"])),
];

/// What may come when a setup intent is confirmed, in the call that creates it or later.
pub(super) const SETUP_CONFIRM: &[Row] = &[
    ("confirmation_token", NoSuch("confirmation_token")),
    ("expand", Read),
    ("mandate_data", Refused(NO_MANDATES)),
    ("payment_method", Read),
    (
        "payment_method_data[allow_redisplay]",
        Word(&["always", "limited", "unspecified"]),
    ),
    ("payment_method_data[billing_details]", Read),
    ("payment_method_data[card][cvc]", Read),
    ("payment_method_data[card][exp_month]", Read),
    ("payment_method_data[card][exp_year]", Read),
    ("payment_method_data[card][network_token][exp_month]", Read),
    ("payment_method_data[card][network_token][exp_year]", Read),
    ("payment_method_data[card][network_token][number]", Read),
    ("payment_method_data[card][number]", Read),
    ("payment_method_data[metadata]", Read),
    ("payment_method_data[type]", Read),
    (
        "payment_method_options[card][mandate_options]",
        Refused(NO_MANDATES),
    ),
    ("payment_method_options[card][moto]", Flag),
    ("payment_method_options[card][network]", Read),
    (
        "payment_method_options[card][network_token][cryptogram]",
        Read,
    ),
    (
        "payment_method_options[card][request_three_d_secure]",
        Only("automatic", super::parameters::NO_SECURE),
    ),
    ("return_url", Read),
    ("use_stripe_sdk", Flag),
];

pub(super) const CANCEL_SETUP: &[Row] = &[
    (
        "cancellation_reason",
        Word(&["abandoned", "duplicate", "requested_by_customer"]),
    ),
    ("expand", Read),
];

/// A payment method.
pub(super) const METHOD: &[Row] = &[
    (
        "allow_redisplay",
        Word(&["always", "limited", "unspecified"]),
    ),
    ("billing_details", Read),
    ("card[cvc]", Read),
    ("card[exp_month]", Read),
    ("card[exp_year]", Read),
    (
        "card[networks][preferred]",
        Word(&["cartes_bancaires", "mastercard", "visa"]),
    ),
    ("card[network_token][exp_month]", Read),
    ("card[network_token][exp_year]", Read),
    ("card[network_token][number]", Read),
    ("card[number]", Read),
    ("card[token]", Read),
    ("customer", Refused(NO_ACCOUNTS)),
    ("expand", Read),
    ("metadata", Read),
    ("payment_method", Refused(NO_ACCOUNTS)),
    ("radar_options[session]", Read),
    ("type", Read),
];

/// What can be said again of a payment method that a customer has.
pub(super) const UPDATED_METHOD: &[Row] = &[
    (
        "allow_redisplay",
        Word(&["always", "limited", "unspecified"]),
    ),
    ("billing_details", Read),
    ("card[exp_month]", Read),
    ("card[exp_year]", Read),
    (
        "card[networks][preferred]",
        Word(&["cartes_bancaires", "mastercard", "visa"]),
    ),
    ("expand", Read),
    ("metadata", Read),
];

pub(super) const ATTACH: &[Row] = &[("customer", Read), ("expand", Read)];

pub(super) const DETACH: &[Row] = &[("expand", Read)];

/// A customer.
pub(super) const CUSTOMER: &[Row] = &[
    ("address", Read),
    ("balance", Refused(NO_BALANCES)),
    ("cash_balance", Refused(NO_BALANCES)),
    ("coupon", Refused(NO_TAXES)),
    ("description", Read),
    ("email", Email),
    ("expand", Read),
    ("invoice_prefix", Refused(NO_TAXES)),
    ("invoice_settings[default_payment_method]", Read),
    ("metadata", Read),
    ("name", Read),
    ("next_invoice_sequence", Refused(NO_TAXES)),
    ("payment_method", Read),
    ("phone", Read),
    ("preferred_locales", Read),
    ("promotion_code", Refused(NO_TAXES)),
    ("shipping", Read),
    ("source", Read),
    ("tax", Refused(NO_TAXES)),
    ("tax_exempt", Word(&["exempt", "none", "reverse"])),
    ("tax_id_data", Refused(NO_TAXES)),
    ("test_clock", NoSuch("test_clock")),
];

/// What can be said again of a customer.
pub(super) const UPDATED_CUSTOMER: &[Row] = &[
    ("address", Read),
    ("balance", Refused(NO_BALANCES)),
    ("cash_balance", Refused(NO_BALANCES)),
    ("coupon", Refused(NO_TAXES)),
    ("default_source", NoSuch("source")),
    ("description", Read),
    ("email", Email),
    ("expand", Read),
    ("invoice_prefix", Refused(NO_TAXES)),
    ("invoice_settings[default_payment_method]", Read),
    ("metadata", Read),
    ("name", Read),
    ("next_invoice_sequence", Refused(NO_TAXES)),
    ("phone", Read),
    ("preferred_locales", Read),
    ("promotion_code", Refused(NO_TAXES)),
    ("shipping", Read),
    ("source", Read),
    ("tax", Refused(NO_TAXES)),
    ("tax_exempt", Word(&["exempt", "none", "reverse"])),
];

/// What may stand in the query of a list of payment methods.
pub(super) const METHODS: &[Row] = &[
    (
        "allow_redisplay",
        Word(&["always", "limited", "unspecified"]),
    ),
    ("created", Read),
    ("customer", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("starting_after", Read),
    ("type", Read),
];

pub(super) const CUSTOMERS: &[Row] = &[
    ("created", Read),
    ("email", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("starting_after", Read),
];

pub(super) const SETUPS: &[Row] = &[
    ("created", Read),
    ("customer", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("payment_method", Read),
    ("starting_after", Read),
];

/// Those of a setup intent, which has to be named.
pub(super) const ATTEMPTS: &[Row] = &[
    ("created", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("setup_intent", Read),
    ("starting_after", Read),
];

/// The page of 3-D Secure, and what is said there.
pub(super) const CHALLENGE: &[Row] = &[("client_secret", Read)];

pub(super) const OUTCOME: &[Row] = &[("outcome", Word(&["failed", "succeeded"]))];

/// A token, which is made of a card alone.
pub(super) const TOKEN: &[Row] = &[
    ("account", Refused(NO_ACCOUNTS)),
    ("bank_account", Refused("bank accounts are not imitated")),
    ("card[address_city]", Read),
    ("card[address_country]", Read),
    ("card[address_line1]", Read),
    ("card[address_line2]", Read),
    ("card[address_state]", Read),
    ("card[address_zip]", Read),
    ("card[cvc]", Read),
    ("card[exp_month]", Read),
    ("card[exp_year]", Read),
    ("card[name]", Read),
    ("card[number]", Read),
    ("cvc_update", Refused("cards are handed over whole")),
    ("expand", Read),
    ("person", Refused(NO_ACCOUNTS)),
    ("pii", Refused(NO_ACCOUNTS)),
];

/// What may stand in the query of a list of balance transactions.
pub(super) const BALANCE: &[Row] = &[
    ("created", Read),
    ("currency", Read),
    ("ending_before", Read),
    ("expand", Read),
    ("limit", Number),
    ("payout", NoSuch("payout")),
    ("source", Read),
    ("starting_after", Read),
    ("type", Read),
];

/// What may stand in the query of a search.
pub(super) const SEARCH: &[Row] = &[
    ("expand", Read),
    ("limit", Number),
    ("page", Read),
    ("query", Read),
];

const SHORT: Rule = Text(5_000);
const LONG: Rule = Text(20_000);
/// Uploads are not imitated, so there is no file that could be named.
const NO_FILE: Rule = NoSuch("file upload");

/// The answer to a dispute.
pub(super) const DISPUTE: &[Row] = &[
    ("evidence[access_activity_log]", LONG),
    ("evidence[billing_address]", SHORT),
    ("evidence[cancellation_policy]", NO_FILE),
    ("evidence[cancellation_policy_disclosure]", LONG),
    ("evidence[cancellation_rebuttal]", LONG),
    ("evidence[customer_communication]", NO_FILE),
    ("evidence[customer_email_address]", SHORT),
    ("evidence[customer_name]", SHORT),
    ("evidence[customer_purchase_ip]", SHORT),
    ("evidence[customer_signature]", NO_FILE),
    ("evidence[duplicate_charge_documentation]", NO_FILE),
    ("evidence[duplicate_charge_explanation]", LONG),
    ("evidence[duplicate_charge_id]", SHORT),
    ("evidence[product_description]", LONG),
    ("evidence[receipt]", NO_FILE),
    ("evidence[refund_policy]", NO_FILE),
    ("evidence[refund_policy_disclosure]", LONG),
    ("evidence[refund_refusal_explanation]", LONG),
    ("evidence[service_date]", SHORT),
    ("evidence[service_documentation]", NO_FILE),
    ("evidence[shipping_address]", SHORT),
    ("evidence[shipping_carrier]", SHORT),
    ("evidence[shipping_date]", SHORT),
    ("evidence[shipping_documentation]", NO_FILE),
    ("evidence[shipping_tracking_number]", SHORT),
    ("evidence[uncategorized_file]", NO_FILE),
    ("evidence[uncategorized_text]", LONG),
    (
        "evidence[enhanced_evidence]",
        Refused("no dispute is eligible for it here"),
    ),
    ("expand", Read),
    ("metadata", Read),
    ("submit", Flag),
];

pub(super) const CLOSED_DISPUTE: &[Row] = &[("expand", Read)];
