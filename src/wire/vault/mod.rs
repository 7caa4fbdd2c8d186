//! The vault's alias API: values in, aliases out (VGS vault API, `/aliases`). Revealing is off there unless switched on;
//! here it needs the scope `cards:read-pci`.

mod errors;
mod messages;
mod routes;

use super::edge::access_token::space_of;
use super::edge::{Claim, Surface, refuse};
use crate::domain::surface::SurfaceName;

/// See the module.
pub static SURFACE: Surface = Surface {
    name: SurfaceName::Vault,
    claims: &[Claim::of("aliases")],
    space_of,
    routes: routes::ROUTES,
    refuse: refuse::<errors::Own>,
    finish: None,
    idempotency_headers: &[],
    webhooks: &[],
    pages: &[],
};
