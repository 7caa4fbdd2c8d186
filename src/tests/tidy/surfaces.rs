//! Whoever adds a service is asked for its rows in the pages and in the lists that no compiler reads. The functions below have
//! no wildcard, so that it asks for what a new one is called there.

use standin::domain::merchant::{Merchant, Merchants, Service};
use standin::domain::surface::SurfaceName;

use super::tree;

const README: &str = "README.md";
const SERVICES: &str = "src/docs/services.md";
const PAY: &str = "src/docs/pay.md";

/// Files, and what each of them must say of a surface.
const fn rows(surface: SurfaceName) -> &'static [(&'static str, &'static str)] {
    match surface {
        SurfaceName::OAuth | SurfaceName::Cmp | SurfaceName::Calm | SurfaceName::Vault => {
            &[(README, "\n| [VGS gateway](src/docs/gateway.md) |")]
        }
        // It imitates nobody, which the table of the README is about.
        SurfaceName::Payments => &[(SERVICES, "\n| standin's own API, `/payments` |")],
        SurfaceName::Stripe => &[
            (README, "\n| [Stripe](src/docs/services.md) |"),
            (SERVICES, "\n| Stripe, `/v1` |"),
        ],
        SurfaceName::Adyen => &[
            (README, "\n| [Adyen](src/docs/services.md) |"),
            (SERVICES, "\n| Adyen, `/v72` "),
        ],
        SurfaceName::CheckoutCom => &[
            (README, "\n| [Checkout.com](src/docs/services.md) |"),
            (SERVICES, "\n| Checkout.com |"),
        ],
        SurfaceName::Visa | SurfaceName::Mastercard => {
            &[(README, "\n| [Visa, Mastercard](src/docs/networks.md) |")]
        }
        SurfaceName::MastercardCheckout => &[(README, "Checkout Solutions")],
        SurfaceName::Acp => &[
            (
                README,
                "\n| [Agentic Commerce Protocol](src/docs/services.md) |",
            ),
            (
                SERVICES,
                "\n| Agentic Commerce Protocol, `/agentic_commerce/delegate_payment` |",
            ),
        ],
        SurfaceName::Hyperswitch => &[
            (
                README,
                "\n| [hyperswitch's token service](src/docs/services.md) |",
            ),
            (
                SERVICES,
                "\n| hyperswitch's token service, `/hyperswitch/tokens/…` |",
            ),
        ],
    }
}

/// The surface at which a merchant has a key, and what the page about paying calls it.
const fn service(service: Service) -> (SurfaceName, &'static str) {
    match service {
        Service::Own => (SurfaceName::Payments, "own API"),
        Service::Stripe => (SurfaceName::Stripe, "Stripe"),
        Service::Adyen => (SurfaceName::Adyen, "Adyen"),
        Service::Checkout => (SurfaceName::CheckoutCom, "Checkout.com"),
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(tree::root().join(path)).unwrap()
}

fn says(path: &str, wanted: &str) {
    assert!(
        read(path).contains(wanted),
        "{path} does not say {wanted:?}"
    );
}

#[test]
fn the_pages_have_a_row_for_every_surface() {
    for surface in SurfaceName::ALL.iter().copied() {
        for (path, wanted) in rows(surface) {
            says(path, wanted);
        }
    }
}

#[test]
fn every_service_that_knows_merchants_by_a_key_has_it_wherever_keys_are_shown() {
    let merchants = Merchants::parse(&read("fixtures/merchants.toml")).unwrap();
    let merchants: Vec<&Merchant> = merchants.iter().collect();
    let [first, other] = merchants.as_slice() else {
        panic!("the page about paying has columns for two merchants");
    };
    for one in Service::ALL.iter().copied() {
        let (surface, name) = service(one);
        let key = first.key_at(one);
        says(
            PAY,
            &format!("\n| {name} | `{key}` | `{}` |", other.key_at(one)),
        );
        says("src/cli/mcp/space.rs", &format!("\"{key}\""));
        says("src/cli/postman.rs", &format!("\"{key}\""));
        let psp = format!("psps/{}.toml", surface.word());
        says(
            "src/conformance/binding/paired.rs",
            &format!("include_str!(\"{psp}\")"),
        );
        says(&format!("src/conformance/binding/{psp}"), "account");
    }
}

#[test]
fn every_surface_that_has_features_says_how_its_errors_look() {
    for surface in SurfaceName::ALL.iter().copied() {
        let folder = tree::root().join("features/wire").join(surface.word());
        if folder.is_dir() {
            says(
                "src/conformance/steps/refusals.rs",
                &format!("\"{}\"", surface.word()),
            );
        }
    }
}
