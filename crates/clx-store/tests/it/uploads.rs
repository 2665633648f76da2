use clx_store::UploadId;
use clx_store::rows::upload::{self, Model};
use clx_testkit::{START_MS, on_both_databases};

use crate::bench::Bench;

on_both_databases![Bench; an_upload_that_was_prolonged_after_it_was_found_expired_stays];

async fn insert(bench: &Bench, expires_at: i64) -> UploadId {
    let id = UploadId::new();
    let row = Model {
        id: id.to_string(),
        org_id: bench.caller.org.to_string(),
        user_id: bench.caller.user.to_string(),
        filename: "a.wav".into(),
        keep_identity: false,
        length_bytes: 10,
        offset_bytes: 0,
        recording_id: None,
        created_at: START_MS,
        expires_at,
    };
    let tx = bench.store.begin().await.unwrap();
    upload::insert(&*tx, row).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn delete_expired(bench: &Bench, id: &UploadId, now: i64) -> bool {
    let tx = bench.store.begin().await.unwrap();
    let was_expired = upload::delete_expired(&tx, id, now).await.unwrap();
    tx.commit().await.unwrap();
    was_expired
}

async fn an_upload_that_was_prolonged_after_it_was_found_expired_stays(bench: Bench) {
    let id = insert(&bench, START_MS + 1).await;
    let now = START_MS + 2;
    assert_eq!(upload::list_expired(bench.store.read(), now, 10).await.unwrap().len(), 1);
    let tx = bench.store.begin().await.unwrap();
    assert!(upload::advance(&tx, id.as_str(), 0, 5, now + 1000).await.unwrap());
    tx.commit().await.unwrap();
    assert!(!delete_expired(&bench, &id, now).await);
    assert!(upload::is_open(bench.store.read(), &id).await.unwrap());
    assert!(delete_expired(&bench, &id, now + 1001).await);
    assert!(!upload::is_open(bench.store.read(), &id).await.unwrap());
}
