//! Scripts on a connection: what comes out, how the writing ends, and that a script ends with its answer.

use std::io::{self, IoSlice};
use std::time::Duration;

use bytes::Bytes;
use standin::server::fault_io::FaultIo;
use standin::server::script::{Fate, Step};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};
use tokio::time::Instant;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

/// Writes the answer in pieces under a script and says what came out, how the writing ended, how long it took and what
/// has become of the script.
async fn run(steps: &[Step], piece: usize) -> (String, io::Result<()>, Duration, Fate) {
    let (ours, mut theirs) = duplex(1 << 16);
    let (mut connection, handle) = FaultIo::new(ours);
    handle.arm(steps.to_vec());
    let begun = Instant::now();
    let writing = async {
        for bytes in ANSWER.chunks(piece) {
            connection.write_all(bytes).await?;
        }
        handle.finish();
        connection.flush().await?;
        connection.shutdown().await
    };
    let ended = writing.await;
    drop(connection);
    let mut seen = Vec::new();
    theirs.read_to_end(&mut seen).await.unwrap();
    (
        String::from_utf8(seen).unwrap(),
        ended,
        begun.elapsed(),
        handle.fate(),
    )
}

/// A script, what comes out, how the writing ends, how many seconds it takes, what becomes of the script.
type Row<'a> = (&'a [Step], &'a str, Option<io::ErrorKind>, u64, Fate);

#[tokio::test(start_paused = true)]
async fn scripts() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
    let whole = format!("{head}hello");
    let send = |text: &'static str| Step::Send(Bytes::from_static(text.as_bytes()));
    let wait = Duration::from_secs(30);
    let (broken, reset) = (
        Some(io::ErrorKind::BrokenPipe),
        Some(io::ErrorKind::ConnectionReset),
    );
    let (done, short) = (Fate::Done, Fate::FellShort);
    let rows: [Row<'_>; 13] = [
        (&[], &whole, None, 0, Fate::Open),
        (&[Step::Pass(8), Step::Close], "HTTP/1.1", broken, 0, done),
        (&[Step::PassHead, Step::Reset], head, reset, 0, done),
        (
            &[Step::PassHead, Step::Pass(2), Step::Close],
            &format!("{head}he"),
            broken,
            0,
            done,
        ),
        (&[Step::Pass(10_000), Step::Close], &whole, None, 0, short),
        (&[Step::Pass(43), Step::Close], &whole, broken, 0, done),
        (&[send("rubbish"), Step::Close], "rubbish", broken, 0, done),
        (&[send("so: ")], &format!("so: {whole}"), None, 0, done),
        (&[Step::Sleep(wait)], &whole, None, 30, done),
        (&[Step::PassHead, Step::Stall(wait)], head, broken, 30, done),
        (&[Step::Reset], "", reset, 0, done),
        (
            &[Step::Drip {
                bytes: 8,
                every: Duration::from_secs(1),
            }],
            &whole,
            None,
            5,
            done,
        ),
        (
            &[
                Step::PassHead,
                Step::Drip {
                    bytes: 1,
                    every: wait,
                },
            ],
            &whole,
            None,
            120,
            done,
        ),
    ];
    for piece in [1, 7, 1_000] {
        for (steps, want, error, seconds, fate) in &rows {
            let (seen, ended, took, became) = run(steps, piece).await;
            assert_eq!(seen, *want, "{steps:?}, {piece} at a time");
            assert_eq!(
                ended.err().map(|error| error.kind()),
                *error,
                "{steps:?}, {piece}"
            );
            assert_eq!(took.as_secs(), *seconds, "{steps:?}, {piece} at a time");
            assert_eq!(became, *fate, "{steps:?}, {piece} at a time");
        }
    }
}

#[tokio::test]
async fn a_script_does_not_outlive_its_answer() {
    let (ours, mut theirs) = duplex(1 << 16);
    let (mut connection, handle) = FaultIo::new(ours);
    handle.arm([Step::Pass(10_000), Step::Close]);
    connection.write_all(b"one").await.unwrap();
    assert!(handle.is_armed());
    handle.finish();
    connection.flush().await.unwrap();
    assert!(!handle.is_armed());
    connection.write_all(&[b'x'; 20_000]).await.unwrap();
    handle.arm([Step::Pass(2), Step::Close]);
    assert!(connection.write_all(b"two").await.is_err());
    assert!(
        connection.read_u8().await.is_err(),
        "a connection that is over is over for reading too"
    );
    drop(connection);
    let mut seen = Vec::new();
    theirs.read_to_end(&mut seen).await.unwrap();
    assert_eq!(seen.len(), 3 + 20_000 + 2);
}

#[tokio::test]
async fn an_unarmed_connection_reads_and_writes_as_if_it_were_not_there() {
    let (ours, mut theirs) = duplex(64);
    let (mut connection, handle) = FaultIo::new(ours);
    theirs.write_all(b"ping").await.unwrap();
    let mut four = [0; 4];
    connection.read_exact(&mut four).await.unwrap();
    let slices = [IoSlice::new(b"po"), IoSlice::new(b"ng")];
    let wrote = connection.write_vectored(&slices).await.unwrap();
    assert_eq!(wrote == 4, connection.is_write_vectored());
    assert!(!handle.is_armed() && handle.fate() == Fate::Open);
}
