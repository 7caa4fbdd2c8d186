//! Which type each member of a request has, also of those that nothing is done with here (Checkout.com, API reference, request a
//! payment; the types of its client libraries say the same). One of another type is refused by its name. What the reference has
//! in two forms, such as `processing.airline_data`, is not listed.

use crate::limits::RETURN_ADDRESS_BYTES_MAX;
use crate::wire::edge::read::Members;

/// A member and its type.
pub(super) type Shape = (&'static str, Type);

#[derive(Debug, Clone, Copy)]
pub(super) enum Type {
    Text,
    /// A whole number, or a text of its digits.
    Whole,
    Boolean,
    /// Names and values, whatever they are.
    Map,
    Object(&'static [Shape]),
    /// A list of objects.
    Objects(&'static [Shape]),
}

use Type::{Boolean, Map, Object, Objects, Text, Whole};

/// Tells of each member that has another type than it should.
pub(super) fn check(members: &Members<'_>, shapes: &[Shape]) {
    for (name, kind) in shapes {
        match kind {
            Text => {
                members.string(name, RETURN_ADDRESS_BYTES_MAX);
            }
            Whole => {
                members.integer_or_digits(name);
            }
            Boolean => {
                members.boolean(name);
            }
            Map => {
                members.object(name);
            }
            Object(shapes) => {
                if let Some(inner) = members.object(name) {
                    check(&inner, shapes);
                }
            }
            Objects(shapes) => {
                // It need not be there.
                if members.has(name) {
                    for item in members.required_objects(name).unwrap_or_default() {
                        check(&item, shapes);
                    }
                }
            }
        }
    }
}

const PHONE: Type = Object(&[("country_code", Text), ("number", Text)]);
const ADDRESS: Type = Object(&[
    ("address_line1", Text),
    ("address_line2", Text),
    ("city", Text),
    ("state", Text),
    ("zip", Text),
    ("country", Text),
]);
const CUSTOMER: Type = Object(&[
    ("id", Text),
    ("email", Text),
    ("name", Text),
    ("tax_number", Text),
    ("phone", PHONE),
    ("metadata", Map),
]);
const DESCRIPTOR: Type = Object(&[("name", Text), ("city", Text), ("reference", Text)]);
const SHIPPING: Type = Object(&[
    ("first_name", Text),
    ("last_name", Text),
    ("email", Text),
    ("from_address_zip", Text),
    ("timeframe", Text),
    ("method", Text),
    ("delay", Whole),
    ("address", ADDRESS),
    ("phone", PHONE),
]);
const ITEMS: Type = Objects(&[
    ("name", Text),
    ("reference", Text),
    ("commodity_code", Text),
    ("unit_of_measure", Text),
    ("quantity", Whole),
    ("unit_price", Whole),
    ("total_amount", Whole),
]);
const MARKETPLACE: Type = Object(&[("sub_entity_id", Text)]);
const ALLOCATIONS: Type = Objects(&[("id", Text), ("amount", Whole), ("reference", Text)]);
const PROCESSING: Type = Object(&[
    ("order_id", Text),
    ("aft", Boolean),
    ("preferred_scheme", Text),
    ("merchant_initiated_reason", Text),
    ("invoice_id", Text),
    ("brand_name", Text),
    ("locale", Text),
    ("shipping_preference", Text),
    ("user_action", Text),
    ("otp_value", Text),
    ("purchase_country", Text),
    ("merchant_callback_url", Text),
    ("line_of_business", Text),
    ("purpose", Text),
    ("pan_preference", Text),
    ("provision_network_token", Boolean),
    ("affiliate_id", Text),
    ("affiliate_url", Text),
    ("card_type", Text),
    ("reconciliation_id", Text),
    ("scheme_transaction_link_id", Text),
]);

const HOLDER: Type = Object(&[
    ("type", Text),
    ("full_name", Text),
    ("first_name", Text),
    ("middle_name", Text),
    ("last_name", Text),
    ("email", Text),
    ("company_name", Text),
    ("tax_id", Text),
    ("date_of_birth", Text),
    ("country_of_birth", Text),
    ("billing_address", ADDRESS),
    ("phone", PHONE),
]);
const SOURCE: Type = Object(&[
    ("type", Text),
    ("id", Text),
    ("number", Text),
    ("token", Text),
    ("token_type", Text),
    ("name", Text),
    ("cryptogram", Text),
    ("eci", Text),
    ("cvv", Text),
    ("stored", Boolean),
    ("store_for_future_use", Boolean),
    ("allow_update", Boolean),
    ("billing_address", ADDRESS),
    ("phone", PHONE),
    ("account_holder", HOLDER),
]);
const THREE_DS: Type = Object(&[
    ("enabled", Boolean),
    ("attempt_n3d", Boolean),
    ("allow_upgrade", Boolean),
    ("eci", Text),
    ("cryptogram", Text),
    ("xid", Text),
    ("version", Text),
    ("exemption", Text),
    ("challenge_indicator", Text),
    ("status", Text),
    ("authentication_date", Text),
    ("authentication_amount", Whole),
    ("flow_type", Text),
    ("status_reason_code", Text),
    ("cryptogram_algorithm", Text),
    ("authentication_id", Text),
]);
const SENDER: Type = Object(&[
    ("type", Text),
    ("reference", Text),
    ("reference_type", Text),
    ("source_of_funds", Text),
    ("company_name", Text),
    ("first_name", Text),
    ("middle_name", Text),
    ("last_name", Text),
    ("date_of_birth", Text),
    ("country_of_birth", Text),
    ("nationality", Text),
    ("address", ADDRESS),
]);
const RECIPIENT: Type = Object(&[
    ("dob", Text),
    ("account_number", Text),
    ("zip", Text),
    ("first_name", Text),
    ("last_name", Text),
    ("country", Text),
    ("address", ADDRESS),
]);

/// A payment.
pub(super) const PAYMENT: &[Shape] = &[
    ("payment_context_id", Text),
    ("payment_type", Text),
    ("merchant_initiated", Boolean),
    ("reference", Text),
    ("description", Text),
    ("authorization_type", Text),
    ("capture", Boolean),
    ("capture_on", Text),
    ("expire_on", Text),
    ("customer", CUSTOMER),
    ("billing_descriptor", DESCRIPTOR),
    ("shipping", SHIPPING),
    ("3ds", THREE_DS),
    ("processing_channel_id", Text),
    ("previous_payment_id", Text),
    (
        "risk",
        Object(&[("enabled", Boolean), ("device_session_id", Text)]),
    ),
    ("success_url", Text),
    ("failure_url", Text),
    ("payment_ip", Text),
    ("sender", SENDER),
    ("recipient", RECIPIENT),
    ("marketplace", MARKETPLACE),
    ("amount_allocations", ALLOCATIONS),
    ("processing", PROCESSING),
    ("metadata", Map),
    ("items", ITEMS),
    ("source", SOURCE),
];

/// A capture, refund, void or reversal.
pub(super) const PART: &[Shape] = &[
    ("reference", Text),
    ("description", Text),
    ("capture_type", Text),
    ("capture_action_id", Text),
    ("customer", CUSTOMER),
    ("billing_descriptor", DESCRIPTOR),
    ("shipping", SHIPPING),
    ("items", ITEMS),
    ("marketplace", MARKETPLACE),
    ("amount_allocations", ALLOCATIONS),
    ("processing", PROCESSING),
    ("metadata", Map),
];
