//! Who asks, and how that is shown to the target: a key, an access token, a signature, nothing, or a attack on purpose.

use data_encoding::BASE64;
use serde_json::Value;

use super::binding::template::Variables;
use super::broken::{Broken, Held};
use super::conversation::{Conversation, encode_form};
use super::forged::{self, Attack};
use super::http::{Answer, Sent};
use super::requestor::never_used;
use super::target::{Account, Asker, Auth, ClientNamed};

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum By {
    /// Whoever the operation says.
    #[default]
    Usual,
    /// Nobody: the request has no credentials.
    Nobody,
    /// Somebody with a key that was never given out.
    Stranger,
    /// Another merchant of the target.
    Other,
}

impl Conversation {
    /// Sends a request as an account, narrowed to scopes.
    pub(crate) async fn ask_as(
        &mut self,
        account: &str,
        scopes: Option<&str>,
        mut sent: Sent,
    ) -> Held<Answer> {
        if self.attack == Some(Attack::Replayed) {
            let earlier = self.earlier(&sent)?;
            return self.send(earlier).await;
        }
        if let Some(key) = self.target.keys.get(account) {
            let keys = &self.target.keys;
            let other = keys.get(&format!("other-{account}"));
            let key = match self.by {
                By::Usual => key,
                By::Other => other.ok_or_else(|| {
                    Broken::NotDeclared(format!("the target declares no [keys.other-{account}]"))
                })?,
                By::Nobody => return self.send(self.in_space(sent)).await,
                By::Stranger => {
                    let mut sent = self.in_space(sent);
                    let attack = self.attack.unwrap_or(Attack::NeverIssued);
                    // The path names the space, so that what is changed is the key and not the space behind it.
                    let value = forged::header(&key.value_in(None), attack);
                    sent.set_header(&key.header, Some(value));
                    return self.send(sent).await;
                }
            };
            sent.set_header(&key.header, Some(key.value_in(self.space.as_deref())));
            return self.send(sent).await;
        }
        let by = self.by;
        self.may_be_asked_by(account)?;
        if account == "none" {
            return self.send(sent).await;
        }
        if matches!(by, By::Nobody | By::Stranger) {
            sent = self.in_space(sent);
        }
        if by == By::Nobody {
            return self.send(sent).await;
        }
        let (account, auth) = match by {
            By::Other => ("other", self.another_merchant()?),
            By::Usual if account == "other" => (
                account,
                self.target.other.as_ref().unwrap_or(&self.target.auth),
            ),
            By::Usual | By::Stranger | By::Nobody => (account, &self.target.auth),
        };
        let auth = auth.clone();
        match self.attack {
            Some(Attack::OthersSecret) => {
                let other = self.target.other.as_ref();
                let mixed = other.and_then(|other| forged::with_secret_of(&auth, other));
                let mixed = mixed.ok_or_else(|| {
                    Broken::Suite("no other account has a secret to sign with".to_owned())
                })?;
                self.show(mixed, None, account, scopes, &mut sent).await?;
            }
            // Whoever has a key of its own shows that.
            Some(Attack::AtOwners) => self.show(auth, None, account, scopes, &mut sent).await?,
            Some(attack) => {
                self.show(auth, Some(attack), account, scopes, &mut sent)
                    .await?
            }
            None => {
                let attack = (by == By::Stranger).then_some(Attack::NeverIssued);
                self.show(auth, attack, account, scopes, &mut sent).await?;
            }
        }
        self.send(sent).await
    }

    /// In which ways somebody can ask who carries out what an account may; none is without a attack.
    pub(crate) fn attacks(&self, by: By, account: Option<String>) -> Vec<Option<Attack>> {
        let account = account.unwrap_or_default();
        match by {
            By::Usual | By::Nobody => vec![None],
            By::Other => {
                let askers = &self.target.askers;
                let apart = askers.of(Asker::Other) != askers.of(Asker::Own);
                let ways = apart.then_some(Some(Attack::AtOwners));
                ways.into_iter().chain([None]).collect()
            }
            By::Stranger if self.target.keys.contains_key(&account) => {
                vec![Some(Attack::NeverIssued), Some(Attack::Tampered)]
            }
            By::Stranger => {
                let token = self.tokens.get(&(account, None)).map(String::as_str);
                let ways =
                    forged::of_strangers(&self.target.auth, self.target.other.as_ref(), token);
                ways.into_iter().map(Some).collect()
            }
        }
    }

    /// The variables that belong to whoever asks now.
    pub(crate) fn asker(&self, account: &str) -> Variables {
        let askers = &self.target.askers;
        match self.by {
            _ if self.attack == Some(Attack::AtOwners) => askers.of(Asker::Own),
            By::Usual if account == "other" => askers.of(Asker::Other),
            By::Usual => askers.of(Asker::Named(account)),
            By::Other => askers.of(Asker::Other),
            By::Stranger => askers.of(Asker::Unknown),
            By::Nobody => askers.of(Asker::Nobody),
        }
    }

    /// The request as it was sent before, signature and all.
    fn earlier(&self, sent: &Sent) -> Held<Sent> {
        let before = self.exchanges.iter().rev().map(|exchange| &exchange.sent);
        let mut alike = before.filter(|it| (&it.method, &it.url) == (&sent.method, &sent.url));
        alike.next().cloned().ok_or_else(|| {
            Broken::Suite("nothing was sent before that could be sent again".to_owned())
        })
    }

    /// Whoever has no credential that names the scenario's space names it in the path. Else what is asked for would not be there,
    /// and a target that lets everybody in would seem to let in nobody.
    fn in_space(&self, mut sent: Sent) -> Sent {
        let base = &self.target.base;
        let path = sent.url.strip_prefix(base.as_str());
        if let (Some(space), Some(path)) = (&self.space, path) {
            sent.url = format!("{base}/~{space}{path}");
        }
        sent
    }

    /// Puts into a request what shows who asks, or what is forged in one way.
    async fn show(
        &mut self,
        auth: Auth,
        attack: Option<Attack>,
        account: &str,
        scopes: Option<&str>,
        sent: &mut Sent,
    ) -> Held {
        match auth {
            Auth::ClientCredentials(_) => {
                let token = match (attack, self.tokens.get(&(account.to_owned(), None))) {
                    (None, _) => self.access_token(account, scopes).await?,
                    (Some(attack), Some(token)) => forged::token(token, attack),
                    (Some(_), None) => "bm90.YQ.dG9rZW4".to_owned(),
                };
                sent.set_header("authorization", Some(format!("Bearer {token}")));
            }
            Auth::Header(header) => {
                let forged = attack.map(|attack| forged::header(&header.value, attack));
                sent.set_header(&header.name, Some(forged.unwrap_or(header.value)));
            }
            Auth::Hmac(_) | Auth::Oauth1(_) | Auth::XPayToken(_) => {
                let old_s = match attack {
                    Some(Attack::Stale) => self.past_its_life()?,
                    Some(Attack::Early) => -self.past_its_life()?,
                    _ => 0,
                };
                let now_ms = self.now_ms()? - old_s * 1000;
                let nonce = never_used().map_err(Broken::Suite)?;
                let mut moment = super::signing::moment(now_ms, &nonce);
                moment.extend(self.asker(account));
                let signed = super::signing::show(&auth, attack, sent, moment);
                signed.map_err(Broken::Suite)?;
            }
            Auth::None => {}
        }
        Ok(())
    }

    /// How old a signature is that the target must not take any more, in seconds. A minute more than its life is no matter of
    /// clocks that differ.
    fn past_its_life(&self) -> Held<i64> {
        let life = self.target.policies.signature_life.ok_or_else(|| {
            let why =
                "the target file does not say how old a signature may be (policies.signature_life)";
            Broken::NotDeclared(why.to_owned())
        })?;
        Ok(i64::try_from(life.0.as_secs()).unwrap_or(i64::MAX / 2000) + 60)
    }

    /// Somebody else can only be told from whoever may ask where the target asks for credentials.
    fn may_be_asked_by(&self, account: &str) -> Held {
        let stranger = matches!(self.by, By::Nobody | By::Stranger);
        let why = if account == "none" && self.by != By::Usual {
            "the operation is asked without credentials (account = \"none\"), so nobody else can ask it"
        } else if stranger && matches!(self.target.auth, Auth::None) {
            "the target file declares no authentication ([auth]), so everybody may ask"
        } else {
            return Ok(());
        };
        Err(Broken::NotDeclared(why.to_owned()))
    }

    /// How another merchant authorises: by credentials of its own, or by those of the account "other".
    fn another_merchant(&self) -> Held<&Auth> {
        match (&self.target.other, &self.target.auth) {
            (Some(other), _) => Ok(other),
            (None, auth @ Auth::ClientCredentials(_)) => Ok(auth),
            (
                None,
                Auth::Header(_) | Auth::Hmac(_) | Auth::Oauth1(_) | Auth::XPayToken(_) | Auth::None,
            ) => Err(Broken::NotDeclared(
                "the target file declares no other merchant ([other])".to_owned(),
            )),
        }
    }

    /// The account's credentials as this scenario's space knows them.
    pub(crate) fn account(&self, name: &str) -> Held<Account> {
        let account = self.target.accounts.get(name).ok_or_else(|| {
            Broken::NotDeclared(format!("the target declares no account {name:?}"))
        })?;
        let mut account = account.clone();
        if let Some(space) = &self.space {
            account.client_id = format!("{}@{space}", account.client_id);
        }
        Ok(account)
    }

    /// An access token, asked for once per account and scopes.
    pub(crate) async fn access_token(&mut self, name: &str, scopes: Option<&str>) -> Held<String> {
        let key = (name.to_owned(), scopes.map(str::to_owned));
        if let Some(token) = self.tokens.get(&key) {
            return Ok(token.clone());
        }
        let account = self.account(name)?;
        let url = self.target.token_url().ok_or_else(|| {
            Broken::NotDeclared(
                "the target does not authorise by OAuth client credentials".to_owned(),
            )
        })?;
        let sent = token_request(&self.target.auth, url, &account, scopes);
        let answer = self.send(sent).await?;
        let document = answer.json().unwrap_or(Value::Null);
        let token = document
            .get("access_token")
            .and_then(Value::as_str)
            .filter(|_| answer.status == 200);
        let Some(token) = token else {
            let status = answer.status;
            return Err(Broken::Unready(format!(
                "no access token: the token endpoint answered {status}"
            )));
        };
        self.secrets.learn(token);
        self.tokens.insert(key, token.to_owned());
        Ok(token.to_owned())
    }
}

/// The request for an access token, as the target file says it.
fn token_request(auth: &Auth, url: String, account: &Account, scopes: Option<&str>) -> Sent {
    let client = match auth {
        Auth::ClientCredentials(client) => Some(client),
        Auth::Header(_) | Auth::Hmac(_) | Auth::Oauth1(_) | Auth::XPayToken(_) | Auth::None => None,
    };
    let mut form = vec![("grant_type", "client_credentials")];
    let (name, secret) = (account.client_id.as_str(), account.client_secret.as_str());
    let basic = client.is_some_and(|client| client.client == ClientNamed::Basic);
    if !basic {
        form.extend([("client_id", name), ("client_secret", secret)]);
    }
    let usual = client.and_then(|client| client.scope.as_deref());
    form.extend(scopes.or(usual).map(|scopes| ("scope", scopes)));
    let further = client.iter().flat_map(|client| &client.parameters);
    form.extend(further.map(|(name, value)| (name.as_str(), value.as_str())));
    let mut sent = Sent::new("POST", url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encode_form(&form));
    if basic {
        // Each is encoded as in a form before the colon joins them.
        let [name, secret] = [name, secret].map(|text| encode_form(&[("", text)])[1..].to_owned());
        let pair = BASE64.encode(format!("{name}:{secret}").as_bytes());
        sent.set_header("authorization", Some(format!("Basic {pair}")));
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::super::scripted;
    use super::*;

    #[tokio::test]
    async fn where_everybody_may_ask_nobody_is_kept_out() {
        let mut talk = scripted::talk(scripted::target(&[(200, "{}")]).await);
        let sent = Sent::new("GET", talk.url("/tokens"));
        for account in ["manual", "none"] {
            for by in [By::Usual, By::Nobody, By::Stranger, By::Other] {
                talk.by = by;
                let asked = talk.ask_as(account, None, sent.clone()).await;
                let declared = !matches!(asked, Err(Broken::NotDeclared(_)));
                assert_eq!(declared, by == By::Usual, "{account} {by:?}");
            }
        }
    }

    #[test]
    fn an_access_token_is_asked_for_as_the_file_says() {
        let account: Account =
            toml::from_str("client_id = \"me:1\"\nclient_secret = \"s&t\"").unwrap();
        let asked = |text: &str, scopes| {
            let auth = Auth::ClientCredentials(toml::from_str(text).unwrap());
            let sent = token_request(&auth, "http://h/t".to_owned(), &account, scopes);
            let mut headers = sent.headers.into_iter();
            let shown = headers.find(|(name, _)| name == "authorization");
            (sent.body.unwrap(), shown.map(|(_, value)| value))
        };
        let plain = "grant_type=client_credentials&client_id=me%3A1&client_secret=s%26t";
        assert_eq!(asked("token_url = \"/t\"", None), (plain.to_owned(), None));
        let scoped = "token_url = \"/t\"\nscope = \"pay read\"\nparameters.audience = \"a\"";
        let whole = format!("{plain}&scope=pay+read&audience=a");
        assert_eq!(asked(scoped, None).0, whole);
        assert_eq!(
            asked(scoped, Some("read")).0,
            whole.replace("pay+read", "read")
        );
        let basic = asked("token_url = \"/t\"\nclient = \"basic\"", None);
        let pair = BASE64.encode(b"me%3A1:s%26t");
        let shown = Some(format!("Basic {pair}"));
        assert_eq!(basic, ("grant_type=client_credentials".to_owned(), shown));
    }
}
