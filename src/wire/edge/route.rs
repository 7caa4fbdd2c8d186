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
#[derive(Debug)]
pub struct RouteTable(Place);

/// How far a path has led.
#[derive(Debug, Default)]
struct Place {
    /// Where a part leads that stands in a route.
    fixed: Vec<(&'static str, Self)>,
    /// Where any other part leads, unless it is empty.
    parameter: Option<Box<Self>>,
    /// The routes whose path ends here.
    routes: Vec<&'static Route>,
}

/// Where a path has led.
#[derive(Debug, Clone, Copy)]
struct Led<'a> {
    routes: &'a [&'static Route],
    /// The last parameter of the path.
    last: &'a str,
}

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
    pub fn new(routes: &'static [Route]) -> Self {
        let mut first = Place::default();
        for route in routes {
            let parts = route.path.split('/').skip(1);
            parts.fold(&mut first, Place::then).routes.push(route);
        }
        Self(first)
    }

    /// `path` is readable (see [`super::path`]). What can be got can be asked for its head.
    pub fn find(&self, method: &str, path: &str) -> Found {
        let Some(Led { routes, last }) = self.0.lead(path, "") else {
            return Found::NoSuchPath;
        };
        let takes = |wanted: &str| {
            let mut routes = routes.iter().copied();
            routes.find(|route| route.method == wanted)
        };
        let by_get = || (method == "HEAD").then(|| takes("GET")).flatten();
        match takes(method).or_else(by_get) {
            Some(route) => Found::Route(route, super::path::decoded(last)),
            None => Found::Method(routes.iter().map(|route| route.method).collect()),
        }
    }
}

impl Place {
    /// The place to which a part of a route leads.
    fn then(&mut self, part: &'static str) -> &mut Self {
        if part.starts_with('{') {
            return self.parameter.get_or_insert_default();
        }
        let known = self.fixed.iter().position(|(fixed, _)| *fixed == part);
        let known = known.unwrap_or_else(|| {
            self.fixed.push((part, Self::default()));
            self.fixed.len() - 1
        });
        &mut self.fixed[known].1
    }

    /// Where the rest of a path leads, which begins with a slash unless nothing is left. A part that stands in a route goes
    /// before a parameter. `last` is the parameter before it.
    fn lead<'a>(&'a self, rest: &'a str, last: &'a str) -> Option<Led<'a>> {
        let Some(parts) = rest.strip_prefix('/') else {
            let ends = rest.is_empty() && !self.routes.is_empty();
            return ends.then_some(Led {
                routes: &self.routes,
                last,
            });
        };
        // A part is too short for a search of many bytes at once to be worth its beginning.
        let end = parts.bytes().position(|byte| byte == b'/');
        let (part, rest) = parts.split_at(end.unwrap_or(parts.len()));
        let fixed = self.fixed.iter().find(|(fixed, _)| *fixed == part);
        let fixed = fixed.and_then(|(_, place)| place.lead(rest, last));
        fixed.or_else(|| {
            let parameter = self.parameter.as_deref();
            parameter.filter(|_| !part.is_empty())?.lead(rest, part)
        })
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::wire::edge::empty;

    const fn route(method: &'static str, path: &'static str) -> Route {
        Route {
            method,
            path,
            operation: Operation::ReadCard,
            handler: |_, _| Box::pin(async { Ok(empty(StatusCode::OK)) }),
        }
    }

    static ROUTES: [Route; 6] = [
        route("GET", "/cards"),
        route("POST", "/cards"),
        route("GET", "/cards/{card}"),
        route("GET", "/cards/new/form"),
        route("DELETE", "/cards/{card}/tokens/{token}"),
        route("POST", "/cards/{card}/form"),
    ];

    fn found(method: &str, path: &str) -> String {
        match RouteTable::new(&ROUTES).find(method, path) {
            Found::Route(route, last) => format!("{} {} {last}", route.method, route.path),
            Found::NoSuchPath => "nothing".to_owned(),
            Found::Method(allowed) => allowed.join(", "),
        }
    }

    #[test]
    fn a_path_leads_to_the_route_of_its_method() {
        let token = "DELETE /cards/{card}/tokens/{token} b";
        for (method, path, wanted) in [
            ("GET", "/cards", "GET /cards "),
            ("HEAD", "/cards", "GET /cards "),
            ("PUT", "/cards", "GET, POST"),
            ("GET", "/cards/x%2Fy", "GET /cards/{card} x/y"),
            ("DELETE", "/cards/a/tokens/b", token),
            ("HEAD", "/cards/a/tokens/b", "DELETE"),
        ] {
            assert_eq!(found(method, path), wanted, "{method} {path}");
        }
    }

    #[test]
    fn what_stands_in_a_route_goes_before_a_parameter_and_hides_none() {
        assert_eq!(found("GET", "/cards/new/form"), "GET /cards/new/form ");
        assert_eq!(found("GET", "/cards/old/form"), "POST");
        assert_eq!(found("GET", "/cards/new"), "GET /cards/{card} new");
        let deeper = "DELETE /cards/{card}/tokens/{token} b";
        assert_eq!(found("DELETE", "/cards/new/tokens/b"), deeper);
    }

    #[test]
    fn other_paths_lead_to_nothing() {
        for path in [
            "",
            "*",
            "/",
            "cards",
            "//",
            "/cards/",
            "/cards//form",
            "/cards/a/b/c",
        ] {
            assert_eq!(found("GET", path), "nothing", "{path}");
        }
    }
}
