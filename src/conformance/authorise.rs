//! Who asks, and how that is shown to the target: a key, an access token, a signature, nothing, or a forgery on purpose.

use serde_json::Value;

use super::broken::{Broken, Held};
use super::conversation::{Conversation, encode_form};
use super::http::{Answer, Sent};
use super::requestor::never_used;
use super::target::{Account, Auth};

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
                    let value = forged(&key.value_in(self.space.as_deref()));
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
        let (auth, stranger) = (auth.clone(), by == By::Stranger);
        self.show(auth, stranger, (account, scopes), &mut sent)
            .await?;
        self.send(sent).await
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

    /// Puts into a request what shows who asks; of a stranger it is a forgery.
    async fn show(
        &mut self,
        auth: Auth,
        stranger: bool,
        (account, scopes): (&str, Option<&str>),
        sent: &mut Sent,
    ) -> Held {
        match auth {
            Auth::ClientCredentials { .. } if stranger => {
                sent.set_header("authorization", Some("Bearer bm90.YQ.dG9rZW4".to_owned()));
            }
            Auth::ClientCredentials { .. } => {
                let token = self.access_token(account, scopes).await?;
                sent.set_header("authorization", Some(format!("Bearer {token}")));
            }
            Auth::Header(header) => {
                let value = if stranger {
                    forged(&header.value)
                } else {
                    header.value
                };
                sent.set_header(&header.name, Some(value));
            }
            Auth::Hmac(mut hmac) => {
                if stranger {
                    hmac.secret = forged(&hmac.secret);
                }
                let nonce = never_used().map_err(Broken::Suite)?;
                let moment = super::signing::moment(self.now_ms()?, &nonce);
                super::signing::sign(&hmac, sent, moment).map_err(Broken::Suite)?;
            }
            Auth::Oauth1(mut oauth1) => {
                if stranger {
                    oauth1.consumer_key = forged(&oauth1.consumer_key);
                }
                let nonce = never_used().map_err(Broken::Suite)?;
                let now_s = self.machine_now()?;
                let signed = oauth1.sign(sent, now_s, &nonce);
                signed.map_err(Broken::Suite)?;
            }
            Auth::XPayToken(mut x_pay) => {
                if stranger {
                    x_pay.shared_secret = forged(&x_pay.shared_secret);
                }
                let now_s = self.machine_now()?;
                x_pay.sign(sent, now_s).map_err(Broken::Suite)?;
            }
            Auth::None => {}
        }
        Ok(())
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
            (None, auth @ Auth::ClientCredentials { .. }) => Ok(auth),
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
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &account.client_id),
            ("client_secret", &account.client_secret),
        ];
        form.extend(scopes.map(|scopes| ("scope", scopes)));
        let sent = Sent::new("POST", url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encode_form(&form));
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

/// A credential of the same shape that was never given out: its letters and digits are turned round.
fn forged(value: &str) -> String {
    let (scheme, secret) = value.split_once(' ').unwrap_or(("", value));
    let turned: String = secret.chars().rev().collect();
    let turned = if turned == secret {
        format!("{secret}x")
    } else {
        turned
    };
    if scheme.is_empty() {
        turned
    } else {
        format!("{scheme} {turned}")
    }
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
}
