//! Packs of test vectors for whoever checks signatures and opens envelopes: right ones and wrong ones, each with its reason in
//! words and with a code, as plain JSON with the keys inside. They are derived from a seed alone, and nothing here checks one:
//! the tests do, by our own code and by independent implementations.

mod field_level;
mod material;
mod oauth1;
mod pack;
mod shared_secret_jwe;
mod webhooks;
mod x_pay_token;

use material::Material;
use pack::Pack;
pub use pack::VectorsError;

use crate::seed::Seed;

const README: &str = include_str!("README.md");
const SCHEMA: &str = include_str!("pack.schema.json");

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub text: String,
    /// How many cases are in it, for a pack.
    pub cases: Option<usize>,
}

/// Makes a pack of keys and texts.
type Make = fn(&Material) -> Result<Pack, VectorsError>;

/// Every pack, by the name of its file without the ending.
const PACKS: [Make; 9] = [
    x_pay_token::pack,
    oauth1::pack,
    shared_secret_jwe::pack,
    field_level::pack,
    webhooks::standard::pack,
    webhooks::stamped::stripe,
    webhooks::stamped::vgs,
    webhooks::checkout::pack,
    webhooks::adyen::pack,
];

/// The whole folder: a README, the schema of a pack, and the packs. The same seed gives the same bytes.
///
/// # Errors
/// [`VectorsError`] when a key cannot be made, which no seed brings about.
pub fn files(seed: &str) -> Result<Vec<File>, VectorsError> {
    let material = Material::new(&Seed::from_text(seed))?;
    let plain = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
        cases: None,
    };
    let mut files = vec![
        plain("README.md", README),
        plain("pack.schema.json", SCHEMA),
    ];
    for make in PACKS {
        files.push(make(&material)?.file(seed)?);
    }
    Ok(files)
}
