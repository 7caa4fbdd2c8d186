//! What goes wrong below the answer: the connection is refused, reset, cut short or filled with rubbish.
//!
//! On HTTP/2 these act on the stream of the request; what can only be done to a connection says so.

use serde::Serialize;

use super::fault::{Fault, Kind, Parameter, Plain, Takes};
use super::read::{Fields, RuleError, Wait};
use crate::domain::vocabulary::{all_words, words};
use crate::limits::FAULT_HOLD_MAX;

/// A fault of the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Transport {
    /// Resets this connection and closes the listener, so that new ones are refused, for `ms`. Every client of the listener
    /// is hit.
    RefuseConnection { ms: Wait },
    /// TCP reset. `bytes` counts bytes of the body, and is 0 unless `at` is after_bytes. On HTTP/2 RST_STREAM, unless `scope`
    /// is the connection.
    Reset {
        at: ResetAt,
        bytes: u32,
        scope: Scope,
    },
    /// Closes without a byte.
    EmptyReply,
    /// Closes after `bytes` of the body; the head promised all of it.
    Truncate { bytes: u32 },
    /// A chunk whose length is not a number; on HTTP/2 a frame that is not allowed there, which ends the connection.
    MalformedChunk,
    /// That many bytes which are not HTTP, then the end.
    Garbage { bytes: u32 },
    /// Reads the request and never answers; closes after `ms`.
    Silence { ms: Wait },
    /// HTTP/2: RST_STREAM with this code. On HTTP/1.1 a TCP reset.
    StreamReset {
        code: ErrorCode,
        at: ResetAt,
        bytes: u32,
    },
    /// HTTP/2: GOAWAY with this code. `no_error` lets open requests finish; any other code ends the connection. On HTTP/1.1
    /// the connection is closed, after the answer or without one.
    Goaway { code: ErrorCode },
}

words! {
    /// How much of the answer has gone out before the reset.
    pub enum ResetAt {
        BeforeHeaders = "before_headers",
        AfterHeaders = "after_headers",
        AfterBytes = "after_bytes",
    }
}

words! {
    /// What is reset on HTTP/2. On HTTP/1.1 it is always the connection.
    pub enum Scope {
        Stream = "stream",
        Connection = "connection",
    }
}

words! {
    /// The error codes of HTTP/2 (RFC 9113, section 7).
    pub enum ErrorCode {
        NoError = "no_error",
        ProtocolError = "protocol_error",
        InternalError = "internal_error",
        FlowControlError = "flow_control_error",
        SettingsTimeout = "settings_timeout",
        StreamClosed = "stream_closed",
        FrameSizeError = "frame_size_error",
        RefusedStream = "refused_stream",
        Cancel = "cancel",
        CompressionError = "compression_error",
        ConnectError = "connect_error",
        EnhanceYourCalm = "enhance_your_calm",
        InadequateSecurity = "inadequate_security",
        Http11Required = "http_1_1_required",
    }
}

impl ErrorCode {
    /// The number on the wire. RFC 9113 counts from zero in the order in which they are listed here.
    pub const fn number(self) -> u32 {
        self as u32
    }
}

const WHERE: &str = "before_headers, after_headers or after_bytes";
const BODY_BYTES: &str = "bytes of the body that arrive first";
const CODE: &str = "an error code of RFC 9113: enhance_your_calm, refused_stream, cancel, …";

pub(super) const KINDS: &[Kind] = &[
    Kind {
        word: "refuse_connection",
        about: "this connection is reset and new ones are refused for a while, whoever makes them",
        parameters: &[Parameter::optional("ms", Takes::Wait, "how long", "1s")],
        example: "refuse_connection 2s",
        read: |fields| {
            Ok(plain(Transport::RefuseConnection {
                ms: fields.hold("ms", Some(Wait::millis(1_000)))?,
            }))
        },
    },
    Kind {
        word: "reset",
        about: "TCP reset; on HTTP/2 of the stream, or of the connection with scope=connection",
        parameters: &[
            Parameter::optional(
                "at",
                Takes::Word(all_words::<ResetAt>),
                WHERE,
                "before_headers",
            ),
            Parameter::optional("bytes", Takes::Number, BODY_BYTES, "0"),
            Parameter::optional(
                "scope",
                Takes::Word(all_words::<Scope>),
                "stream or connection",
                "stream",
            ),
        ],
        example: "reset at=after_bytes bytes=40 scope=connection",
        read: |fields| {
            let scope = fields.or("scope", Scope::Stream)?;
            let (at, bytes) = reset_at(fields)?;
            Ok(plain(Transport::Reset { at, bytes, scope }))
        },
    },
    Kind {
        word: "empty_reply",
        about: "the connection is closed without a byte; on HTTP/2 the stream is reset",
        parameters: &[],
        example: "empty_reply",
        read: |_| Ok(plain(Transport::EmptyReply)),
    },
    Kind {
        word: "truncate",
        about: "the connection is closed in the middle of the body",
        parameters: &[Parameter::optional("bytes", Takes::Number, BODY_BYTES, "1")],
        example: "truncate 10",
        read: |fields| {
            Ok(plain(Transport::Truncate {
                bytes: fields.bytes("bytes", 1)?,
            }))
        },
    },
    Kind {
        word: "malformed_chunk",
        about: "a chunked body whose chunk length is not a number; on HTTP/2 an illegal frame",
        parameters: &[],
        example: "malformed_chunk",
        read: |_| Ok(plain(Transport::MalformedChunk)),
    },
    Kind {
        word: "garbage",
        about: "bytes that are not HTTP",
        parameters: &[Parameter::optional(
            "bytes",
            Takes::Number,
            "how many",
            "64",
        )],
        example: "garbage 100",
        read: |fields| {
            Ok(plain(Transport::Garbage {
                bytes: fields.bytes("bytes", 64)?.max(1),
            }))
        },
    },
    Kind {
        word: "silence",
        about: "the request is read and never answered",
        parameters: &[Parameter::optional(
            "ms",
            Takes::Wait,
            "when the connection is closed",
            "5 minutes",
        )],
        example: "silence 10s",
        read: |fields| {
            Ok(plain(Transport::Silence {
                ms: fields.hold("ms", Some(Wait(FAULT_HOLD_MAX)))?,
            }))
        },
    },
    Kind {
        word: "stream_reset",
        about: "HTTP/2: RST_STREAM; on HTTP/1.1 a TCP reset",
        parameters: &[
            Parameter::optional(
                "code",
                Takes::Word(all_words::<ErrorCode>),
                CODE,
                "internal_error",
            ),
            Parameter::optional(
                "at",
                Takes::Word(all_words::<ResetAt>),
                WHERE,
                "before_headers",
            ),
            Parameter::optional("bytes", Takes::Number, BODY_BYTES, "0"),
        ],
        example: "stream_reset refused_stream",
        read: |fields| {
            let code = fields.or("code", ErrorCode::InternalError)?;
            let (at, bytes) = reset_at(fields)?;
            Ok(plain(Transport::StreamReset { code, at, bytes }))
        },
    },
    Kind {
        word: "goaway",
        about: "HTTP/2: GOAWAY; on HTTP/1.1 the connection is closed",
        parameters: &[Parameter::optional(
            "code",
            Takes::Word(all_words::<ErrorCode>),
            CODE,
            "no_error, after the answer",
        )],
        example: "goaway enhance_your_calm",
        read: |fields| {
            Ok(plain(Transport::Goaway {
                code: fields.or("code", ErrorCode::NoError)?,
            }))
        },
    },
];

const fn plain(transport: Transport) -> Fault {
    Fault::Plain(Plain::Transport(transport))
}

/// `bytes` says by itself that the reset comes after bytes, and makes no sense at another place.
fn reset_at(fields: &mut Fields) -> Result<(ResetAt, u32), RuleError> {
    let at: Option<ResetAt> = fields.get("at")?;
    let bytes = fields.bytes("bytes", 0)?;
    match at {
        Some(ResetAt::AfterBytes) => Ok((ResetAt::AfterBytes, bytes)),
        None if bytes > 0 => Ok((ResetAt::AfterBytes, bytes)),
        None => Ok((ResetAt::BeforeHeaders, 0)),
        Some(ResetAt::BeforeHeaders | ResetAt::AfterHeaders) if bytes > 0 => {
            Err(fields.problem("bytes", "goes with at=after_bytes only"))
        }
        Some(at @ (ResetAt::BeforeHeaders | ResetAt::AfterHeaders)) => Ok((at, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_codes_are_those_of_rfc_9113() {
        assert_eq!(ErrorCode::NoError.number(), 0x0);
        assert_eq!(ErrorCode::RefusedStream.number(), 0x7);
        assert_eq!(ErrorCode::EnhanceYourCalm.number(), 0xb);
        assert_eq!(ErrorCode::Http11Required.number(), 0xd);
    }
}
