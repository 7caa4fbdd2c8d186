//! What a scenario says of a card and a payment, in every form in which a target may want it.

use serde_json::json;

use super::binding::template::Variables;
use super::currency::decimals;

/// Sets what a payment or a cryptogram is for, in major units.
pub(crate) fn price(variables: &mut Variables, amount: f64, currency: &str) {
    let decimals = decimals(currency);
    let unit = (0..decimals).fold(1.0, |unit, _| unit * 10.0);
    let minor = format!("{:.0}", amount * unit).parse::<i64>();
    for (name, value) in [
        ("amount", json!(amount)),
        ("amount_minor", json!(minor.unwrap_or_default())),
        ("amount_text", json!(format!("{amount:.*}", decimals))),
        ("currency", json!(currency)),
        ("currency_lower", json!(currency.to_lowercase())),
    ] {
        variables.insert(name.to_owned(), value);
    }
}

/// Sets the month of the card in the forms in which targets want it.
pub(crate) fn set_month(variables: &mut Variables, year: u16, month: u8) {
    for (name, value) in [
        ("exp_month", json!(month)),
        ("exp_year2", json!(year % 100)),
        ("exp_year4", json!(year)),
        ("expiry", json!(format!("{year:04}-{month:02}"))),
    ] {
        variables.insert(name.to_owned(), value);
    }
}

/// Remembers the customer's payment, which a merchant quotes later.
pub(crate) fn begin_series(variables: &mut Variables) {
    for name in ["nti", "tlid"] {
        if let Some(value) = variables.get(name).cloned() {
            variables.insert(format!("first_{name}"), value);
        }
    }
}

/// Which token service a payment service says it is.
pub(crate) fn token_service(network: &str) -> &'static str {
    if network == "visa" { "vts" } else { "mdes" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_decimals_of_its_currency() {
        for (amount, currency, minor, text) in [
            (12.5, "EUR", 1250, "12.50"),
            (1200.0, "JPY", 1200, "1200"),
            (1.5, "KWD", 1500, "1.500"),
        ] {
            let mut variables = Variables::new();
            price(&mut variables, amount, currency);
            assert_eq!(variables["amount_minor"], json!(minor));
            assert_eq!(variables["amount_text"], json!(text));
        }
    }
}
