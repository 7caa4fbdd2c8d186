//! What MDES answers, route by route. What each route does is in the file of its subject.

use super::{tokenize, tokens, transact};
use crate::wire::edge::{Route, routes};

/// Every route of MDES Digital Enablement that a token requestor calls.
pub(super) const ROUTES: &[Route] = routes![
    POST "/mdes/digitization/static/1/0/tokenize" Provision => tokenize::tokenize,
    POST "/mdes/digitization/static/1/0/getToken" ReadToken => tokens::get,
    POST "/mdes/digitization/static/1/0/searchTokens" SearchTokens => tokens::search,
    POST "/mdes/digitization/static/1/0/getTaskStatus" ReadTask => tokenize::task_status,
    POST "/mdes/digitization/static/1/0/suspend" SuspendToken => tokens::suspend,
    POST "/mdes/digitization/static/1/0/unsuspend" ResumeToken => tokens::unsuspend,
    POST "/mdes/digitization/static/1/0/delete" DeleteToken => tokens::delete,
    POST "/mdes/remotetransaction/static/1/0/transact" IssueCryptogram => transact::transact,
    GET "/mdes/assets/static/1/0/asset/{AssetId}" ReadAsset => tokens::asset,
];
