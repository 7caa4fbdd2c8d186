//! The server's side of the protocol: who we are, which tools there are, and calling one.

use http::Method;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;

use super::super::remote::Remote;
use super::super::version::version;
use super::tools::{self, Row, Told};
use crate::domain::words::unknown;

/// Whether a tool may open a file that the client names. One that started this program has this user's files anyway; one that
/// comes over the network has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    MayBeRead,
    AreClosed,
}

/// What a client of the protocol talks to: one server, in one of its spaces.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) remote: Remote,
    pub(super) files: Files,
}

const INSTRUCTIONS: &str = "standin is a stand-in card network for tests: network tokens, cryptograms, payments, webhooks and \
    failures, offline and deterministic. A usual way: list_test_cards, create_token, create_cryptogram, pay, then \
    search_journal or verify to see what the code under test did. arm_fault makes requests fail; move_clock lets time pass. \
    Every tool takes `space`, an isolated world: use one for each test. Amounts are in minor units (2500 is 25.00 USD). \
    Only published test card numbers are accepted.";

impl Door {
    pub(super) const fn new(remote: Remote, files: Files) -> Self {
        Self { remote, files }
    }

    pub(super) fn in_space(&self, space: &str) -> Result<Self, String> {
        let remote = self.remote.in_space(space)?;
        Ok(Self {
            remote,
            ..self.clone()
        })
    }

    /// Reads at the control plane.
    pub(super) async fn get(&self, path: &str) -> Told {
        self.remote.ask(Method::GET, path, None).await
    }

    /// Changes something by the control plane.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Told {
        self.remote.ask(Method::POST, path, Some(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Told {
        self.remote.ask(Method::DELETE, path, None).await
    }
}

fn find(name: &str) -> Option<&'static Row> {
    tools::ALL.iter().find(|row| row.tool.name == name)
}

impl ServerHandler for Door {
    fn get_info(&self) -> ServerConfig {
        let about = Implementation::new("standin", version());
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(about)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = tools::ALL.iter().map(|row| row.tool.clone()).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        find(name).map(|row| row.tool.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let row = find(&request.name).ok_or_else(|| {
            let known: Vec<_> = tools::ALL
                .iter()
                .map(|row| row.tool.name.as_ref())
                .collect();
            ErrorData::invalid_params(format!("the tool {}", unknown(&request.name, &known)), None)
        })?;
        let told = row.call(self, request.arguments.unwrap_or_default()).await;
        // What was refused is for the agent to read, so it is an answer and no failure of the protocol.
        let result = match told {
            Ok(value) => CallToolResult::structured(value),
            Err(why) => CallToolResult::error(vec![ContentBlock::text(why)]),
        };
        Ok(result.into())
    }
}
