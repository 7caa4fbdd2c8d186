//! The vault's alias API: values in, aliases out (VGS vault API, `/aliases`). Revealing is off there unless switched on;
//! here it needs the scope `cards:read-pci`.

mod errors;
mod messages;
mod routes;

use super::edge::credentials::bearer;
use super::edge::{Claim, Head, Surface, refuse};
use crate::domain::surface::SurfaceName;
use crate::operations::{SharedConfig, SpaceName, access};

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
};

fn space_of(config: &SharedConfig, head: &Head<'_>) -> Option<SpaceName> {
    access::space_of(config, bearer(head.headers)?)
}
