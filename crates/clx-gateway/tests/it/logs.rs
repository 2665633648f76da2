//! What the log says about a request.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use tracing_subscriber::fmt::MakeWriter;

use crate::app::{TestApp, request};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The filter and the format are those of the default settings.
#[tokio::test]
async fn a_failure_is_logged_with_the_id_that_the_answer_names() {
    let app = TestApp::start().await;
    let lines = Lines::default();
    let to_lines = tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false);
    let subscriber = to_lines.with_max_level(tracing::Level::INFO).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    app.store.close().await.unwrap();
    let headers = [("authorization", app.owner.as_str())];
    let answer = app.send(request("GET", "/v1/recordings", &headers, Body::empty())).await;
    answer.refused(500, "internal");
    let text = lines.text();
    let line = text.lines().find(|line| line.contains("request failed"));
    assert!(line.is_some_and(|line| line.contains(answer.header("x-request-id"))), "{text}");
}
