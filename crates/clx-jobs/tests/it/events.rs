use std::time::Duration;

use clx_jobs::{Event, EventKind};
use futures::StreamExt;
use tokio::time::timeout;

use clx_testkit::{DAY_MS, on_both_databases};

use crate::bench::{Bench, wav};

on_both_databases![
    Bench;
    events_are_numbered_without_gaps_from_one,
    a_reader_resumes_behind_the_last_event_it_got,
    concurrent_writers_are_seen_in_order,
    events_are_kept_for_a_week,
];

async fn next<S: futures::Stream<Item = Result<Event, clx_jobs::JobsError>> + Unpin>(
    stream: &mut S,
) -> Event {
    let event = timeout(Duration::from_secs(10), stream.next()).await;
    event.expect("an event within 10 s").unwrap().unwrap()
}

async fn events_are_numbered_without_gaps_from_one(bench: Bench) {
    for i in 0..3 {
        bench.put("a.wav", wav(100, i)).await;
    }
    let events = bench.library.events.list(&bench.caller, 0, 100).await.unwrap();
    let seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as i64).collect::<Vec<_>>());
    let latest = bench.library.events.latest(&bench.caller).await.unwrap();
    assert_eq!(latest, seqs.len() as i64);
    let of_recordings = events.iter().filter(|e| e.kind == EventKind::RecordingUpdated).count();
    assert_eq!(of_recordings, 3);
}

async fn a_reader_resumes_behind_the_last_event_it_got(bench: Bench) {
    let mut live = bench.library.events.subscribe(&bench.caller, None).await.unwrap();
    let id = bench.put("a.wav", wav(100, 1)).await.into_inner().id;
    let first = next(&mut live).await;
    let second = next(&mut live).await;
    assert!(second.seq > first.seq);
    assert!([&first, &second].iter().any(|event| event.subject == id.as_str()));
    let after = Some(first.seq);
    let mut resumed = bench.library.events.subscribe(&bench.caller, after).await.unwrap();
    assert_eq!(next(&mut resumed).await, second);
    // Nothing more is there, and the stream waits instead of ending.
    assert!(timeout(Duration::from_millis(50), resumed.next()).await.is_err());
}

async fn concurrent_writers_are_seen_in_order(bench: Bench) {
    let mut live = bench.library.events.subscribe(&bench.caller, Some(0)).await.unwrap();
    let writers = (0..8).map(|i| bench.put("a.wav", wav(100, i)));
    let reading = async {
        let mut seqs = Vec::new();
        while seqs.len() < 16 {
            seqs.push(next(&mut live).await.seq);
        }
        seqs
    };
    let (_, seqs) = tokio::join!(futures::future::join_all(writers), reading);
    assert_eq!(seqs, (1..=16).collect::<Vec<i64>>());
}

async fn events_are_kept_for_a_week(bench: Bench) {
    bench.put("a.wav", wav(100, 1)).await;
    bench.clock.advance_ms(7 * DAY_MS + 1);
    let id = bench.put("b.wav", wav(100, 2)).await.into_inner().id;
    let latest = bench.library.events.latest(&bench.caller).await.unwrap();
    bench.library.recover().await.unwrap();
    let kept = bench.library.events.list(&bench.caller, 0, 100).await.unwrap();
    assert!(kept.iter().any(|event| event.subject == id.as_str()));
    assert_eq!((kept.len(), kept[1].seq), (2, latest), "numbers go on from where they were");
}
