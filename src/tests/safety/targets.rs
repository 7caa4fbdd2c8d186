//! Where webhooks go, and where they are never led.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::client::{Ask, Stand, options};

/// A listener that answers whatever it is sent with this, and counts how often.
async fn answering(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _some = stream.read(&mut request).await;
            let _sent = stream.write_all(answer.as_bytes()).await;
        }
    });
    (url, count)
}

/// A receiver that sends messages elsewhere is one that failed, and nobody is asked there.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, asked_there) =
        answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let redirect =
            format!("HTTP/1.1 {status}\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n");
        let (url, asked) = answering(redirect).await;
        let stand = Stand::start(options()).await;
        let ask = Ask::post("/_standin/webhooks").json(&json!({ "url": url }));
        stand.send(ask).await.expect(201);
        let access = stand.client.token("standin-manual", None).await;
        let card = json!({ "pan": "4111111111111111", "exp_month": 12, "exp_year": 40 });
        let ask = Ask::post("/cards").bearer(&access).attributes(&card);
        let id = stand.send(ask).await.expect(201).at("/data/id");
        let ask = Ask::post(format!("/cards/{id}/network-tokens")).bearer(&access);
        stand.send(ask).await.expect(200);
        stand.client.advance("", "PT0S").await;
        assert_eq!(asked.load(Ordering::SeqCst), 1, "{status}");
        let messages = stand
            .send(Ask::get("/_standin/webhooks/messages"))
            .await
            .expect(200)
            .json();
        assert_eq!(messages["waiting"][0]["last"], status[..3], "{messages}");
    }
    assert_eq!(asked_there.load(Ordering::SeqCst), 0);
}
