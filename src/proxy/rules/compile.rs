//! Routes as they are asked, from routes as they are written. Whatever is wrong is said, a line for each.

use http::{HeaderName, Method};
use regex::Regex;
use serde_json_path::JsonPath;

use super::{Route, Rule, Rules};
use crate::domain::alias::{Format, Storage};
use crate::operations::proxy_settings::{
    Action, CardSettings, Phase, ProxySettings, RouteSettings, RuleSettings,
};
use crate::proxy::tokens::{CardPlaces, Spot};

/// What VGS's documents take for granted.
const BUILT_IN: &str = include_str!("../../../fixtures/routes.toml");

/// The lines, and where the next one is about.
struct Complaints<'a> {
    at: String,
    wrong: &'a mut Vec<String>,
}

impl Complaints<'_> {
    fn say(&mut self, member: &str, why: &str) {
        // Libraries draw where in a pattern a mistake is; a line is a line.
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        self.wrong.push(format!("{}.{member}: {why}", self.at));
    }

    fn each<T, E: ToString>(
        &mut self,
        member: &str,
        texts: &[String],
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let mut good = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            match read(text) {
                Ok(one) => good.push(one),
                Err(error) => self.say(&format!("{member}[{place}]"), &error.to_string()),
            }
        }
        good
    }
}

impl Rules {
    pub(in crate::proxy) fn compile(settings: &ProxySettings, wrong: &mut Vec<String>) -> Self {
        let built_in: Result<ProxySettings, _> = toml::from_str(BUILT_IN);
        // A test reads what comes with the program.
        let built_in = built_in.unwrap_or_default().route;
        let mut routes = Vec::new();
        let own = settings.route.iter().enumerate();
        let own = own.map(|(place, route)| (format!("proxy.route {}", place + 1), route));
        let built_in = built_in.iter().map(|route| ("built in".to_owned(), route));
        for (at, route) in own.chain(built_in) {
            let mut complaints = Complaints { at, wrong };
            routes.extend(compile(route, &mut complaints));
        }
        Self { routes }
    }
}

fn compile(route: &RouteSettings, complaints: &mut Complaints<'_>) -> Option<Route> {
    let whole = format!("^(?i:{})$", route.host);
    let host = Regex::new(&whole).map_err(|error| complaints.say("host", &error.to_string()));
    if route.rule.is_empty() && route.card.is_none() {
        complaints.say("rule", "must not be empty");
    }
    let at = complaints.at.clone();
    let mut rules = Vec::new();
    for (place, rule) in route.rule.iter().enumerate() {
        complaints.at = format!("{at}.rule {}", place + 1);
        rules.push(read(rule, complaints));
    }
    complaints.at = at;
    let card = route
        .card
        .as_ref()
        .and_then(|card| places(card, complaints));
    Some(Route {
        host: host.ok()?,
        rules,
        card,
    })
}

fn places(card: &CardSettings, complaints: &mut Complaints<'_>) -> Option<CardPlaces> {
    let mut spot = |member: &str, text: &str| {
        let read = Spot::read(text);
        read.map_err(|why| complaints.say(&format!("card.{member}"), &why))
            .ok()
    };
    let number = spot("number", &card.number);
    let mut optional = |member, text: &Option<String>| spot(member, text.as_deref()?);
    let (cvc, exp_month, exp_year) = (
        optional("cvc", &card.cvc),
        optional("exp_month", &card.exp_month),
        optional("exp_year", &card.exp_year),
    );
    Some(CardPlaces {
        number: number?,
        cvc,
        exp_month,
        exp_year,
    })
}

fn read(rule: &RuleSettings, complaints: &mut Complaints<'_>) -> Rule {
    let regex = |text: &str| Regex::new(text);
    let path = complaints.each("path", rule.path.as_slice(), regex);
    let named = rule.json.len() + rule.form.len() + rule.header.len() + rule.text.len();
    if named == 0 {
        complaints.say("json", "name a place with json, form, header or text");
    }
    if rule.phase == Phase::Request && !rule.status.is_empty() {
        complaints.say("status", "a request has none; take phase = \"response\"");
    }
    if rule.action == Action::Reveal
        && (rule.format != Format::Uuid || rule.storage != Storage::Persistent)
    {
        complaints.say(
            "format",
            "format and storage are of aliases that are made, with action = \"redact\"",
        );
    }
    if rule.format == Format::Custom {
        complaints.say("format", "CUSTOM is for aliases that somebody chose");
    }
    Rule {
        action: rule.action,
        phase: rule.phase,
        path: path.into_iter().next(),
        methods: complaints.each("method", &rule.method, |text| text.parse::<Method>()),
        content_type: rule.content_type.clone(),
        statuses: rule.status.clone(),
        json: complaints.each("json", &rule.json, JsonPath::parse),
        form: rule.form.clone(),
        headers: complaints.each("header", &rule.header, |text| text.parse::<HeaderName>()),
        text: complaints.each("text", &rule.text, regex),
        format: rule.format,
        storage: rule.storage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_read() {
        let built_in: ProxySettings = toml::from_str(BUILT_IN).unwrap();
        let mut wrong = Vec::new();
        let rules = Rules::compile(&ProxySettings::default(), &mut wrong);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(rules.routes.len(), built_in.route.len());
        assert!(rules.names("calm.sandbox.verygoodsecurity.app"));
        assert!(!rules.names("xcalm.sandbox.verygoodsecurity.app"));
    }

    #[test]
    fn each_mistake_is_a_line_that_says_where() {
        let text = r#"
            [[route]]
            host = "a("
            [[route.rule]]
            action = "reveal"
            phase = "request"
            path = "["
            json = ["$.a", "a.b"]
            status = [200]
            [[route.rule]]
            action = "redact"
            phase = "response"
            method = ["G ET"]
            header = ["a b"]
            [[route]]
            host = "b"
            rule = []
            [[route]]
            host = "c"
            [[route.rule]]
            action = "reveal"
            phase = "request"
            format = "PFPT"
        "#;
        let settings: ProxySettings = toml::from_str(text).unwrap();
        let mut wrong = Vec::new();
        Rules::compile(&settings, &mut wrong);
        let want = [
            "proxy.route 1.host: ",
            "proxy.route 1.rule 1.path[0]: ",
            "proxy.route 1.rule 1.status: ",
            "proxy.route 1.rule 1.json[1]: ",
            "proxy.route 1.rule 2.method[0]: ",
            "proxy.route 1.rule 2.header[0]: ",
            "proxy.route 2.rule: must not be empty",
            "proxy.route 3.rule 1.json: name a place",
            "proxy.route 3.rule 1.format: ",
        ];
        assert_eq!(wrong.len(), want.len(), "{wrong:#?}");
        for (line, want) in wrong.iter().zip(want) {
            assert!(line.starts_with(want) && !line.contains('\n'), "{line}");
        }
    }
}
