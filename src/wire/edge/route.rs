//! Routes are rows: method, path, what the domain calls it, and the function that does it.

use std::future::Future;
use std::pin::Pin;

use super::refusal::{Exchange, Refusal, SurfaceRefused, Wording};
use super::{Answer, Request, RequestContext};
use crate::domain::operation::Operation;

/// What a handler comes to.
pub type Handled = Result<Answer, Box<SurfaceRefused>>;
/// A handler at work.
pub type Handling<'a> = Pin<Box<dyn Future<Output = Handled> + Send + 'a>>;

/// One row.
#[derive(Debug)]
pub struct Route {
    /// In capital letters, but for the client that sends one in small letters.
    pub method: &'static str,
    /// Parameters stand in braces: `/cards/{card_id}`.
    pub path: &'static str,
    pub operation: Operation,
    pub handler: for<'a> fn(&'a mut RequestContext, &'a Request) -> Handling<'a>,
}

/// Words what a handler refuses.
///
/// # Errors
/// The worded refusal.
pub fn handled<Own: Wording>(
    result: Result<Answer, Refusal<Own>>,
    context: &RequestContext,
    request: &Request,
) -> Handled {
    result.map_err(|refusal| Box::new(refusal.worded(Exchange { request, context })))
}

/// Makes rows of `METHOD "path" Operation => handler`, where a handler is an `async fn` of context and request.
macro_rules! routes {
    ($($method:ident $path:literal $operation:ident => $handler:path,)+) => {
        &[$($crate::wire::edge::Route {
            method: stringify!($method),
            path: $path,
            operation: $crate::domain::operation::Operation::$operation,
            handler: |context, request| {
                Box::pin(async move {
                    let result = $handler(context, request).await;
                    $crate::wire::edge::handled(result, context, request)
                })
            },
        },)+]
    };
}
pub(in crate::wire) use routes;

/// The routes of one surface, found by path.
#[derive(Debug, Default)]
pub struct RouteTable(matchit::Router<Vec<&'static Route>>);

/// What a path and a method lead to.
#[derive(Debug)]
pub enum Found {
    /// The route, and its last parameter; empty where it has none.
    Route(&'static Route, String),
    NoSuchPath,
    /// The path takes these methods and not this one.
    Method(Vec<&'static str>),
}

impl RouteTable {
    /// # Errors
    /// When two paths cannot be told apart.
    pub fn new(routes: &'static [Route]) -> Result<Self, matchit::InsertError> {
        let mut paths: Vec<(&str, Vec<&Route>)> = Vec::new();
        for route in routes {
            match paths.iter_mut().find(|(path, _)| *path == route.path) {
                Some((_, known)) => known.push(route),
                None => paths.push((route.path, vec![route])),
            }
        }
        let mut tree = matchit::Router::new();
        for (path, routes) in paths {
            tree.insert(path, routes)?;
        }
        Ok(Self(tree))
    }

    /// `path` is readable (see [`super::path`]). What can be got can be asked for its head.
    pub fn find(&self, method: &str, path: &str) -> Found {
        let Ok(found) = self.0.at(path) else {
            return Found::NoSuchPath;
        };
        let takes = |wanted: &str| {
            let mut routes = found.value.iter().copied();
            routes.find(|route| route.method == wanted)
        };
        let by_get = || (method == "HEAD").then(|| takes("GET")).flatten();
        match takes(method).or_else(by_get) {
            Some(route) => {
                let last = found.params.iter().last();
                let id = last.map(|(_, raw)| super::path::decoded(raw));
                Found::Route(route, id.unwrap_or_default())
            }
            None => Found::Method(found.value.iter().map(|route| route.method).collect()),
        }
    }
}
