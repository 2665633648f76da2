use clx_accounts::{AccountsError, Caller, NewKey, Role, Via};
use clx_store::OrgId;
use clx_testkit::{HOUR_MS, START_MS, on_both_databases};

use crate::bench::Bench;

on_both_databases![
    Bench;
    a_key_is_shown_once_and_then_known_by_its_start,
    a_deleted_key_is_refused_at_once,
    a_key_ends_when_it_says,
    use_of_a_key_is_noted,
    members_make_no_keys,
    a_key_neither_makes_nor_revokes_keys,
    keys_of_others_are_not_found,
];

async fn owner(bench: &Bench) -> Caller {
    bench.accounts.bootstrap().await.unwrap();
    bench.accounts.internal_caller().await.unwrap()
}

fn named(name: &str) -> NewKey {
    NewKey { name: name.into(), expires_at_ms: None }
}

async fn a_key_is_shown_once_and_then_known_by_its_start(bench: Bench) {
    let owner = owner(&bench).await;
    let created = bench.accounts.create_key(&owner, named("laptop")).await.unwrap();
    let secret = created.secret.expose();
    assert!(secret.starts_with("ck_live_") && secret.starts_with(&created.key.start));
    assert_eq!(format!("{created:?}").matches(secret).count(), 0, "no Debug of the secret");
    assert_eq!(bench.accounts.list_keys(&owner).await.unwrap(), std::slice::from_ref(&created.key));
    let caller = bench.accounts.authenticate_key(secret).await.unwrap();
    assert_eq!((caller.org, caller.via), (owner.org, Via::Key(created.key.id)));
}

async fn a_deleted_key_is_refused_at_once(bench: Bench) {
    let owner = owner(&bench).await;
    let created = bench.accounts.create_key(&owner, named("laptop")).await.unwrap();
    bench.accounts.delete_key(&owner, &created.key.id).await.unwrap();
    let refused = bench.accounts.authenticate_key(created.secret.expose()).await;
    assert!(matches!(refused, Err(AccountsError::Unauthenticated)));
    let again = bench.accounts.delete_key(&owner, &created.key.id).await;
    assert!(matches!(again, Err(AccountsError::NotFound("key"))));
}

async fn a_key_ends_when_it_says(bench: Bench) {
    let owner = owner(&bench).await;
    let past = NewKey { name: "old".into(), expires_at_ms: Some(START_MS) };
    let refused = bench.accounts.create_key(&owner, past).await;
    assert!(matches!(refused, Err(AccountsError::Invalid { field: "expires_at", .. })));
    let short = NewKey { name: "short".into(), expires_at_ms: Some(START_MS + HOUR_MS) };
    let secret = bench.accounts.create_key(&owner, short).await.unwrap().secret;
    bench.accounts.authenticate_key(secret.expose()).await.unwrap();
    bench.clock.advance_ms(HOUR_MS);
    assert!(bench.accounts.authenticate_key(secret.expose()).await.is_err());
}

async fn use_of_a_key_is_noted(bench: Bench) {
    let owner = owner(&bench).await;
    let secret = bench.accounts.create_key(&owner, named("ci")).await.unwrap().secret;
    assert_eq!(bench.accounts.list_keys(&owner).await.unwrap()[0].last_used_at_ms, None);
    bench.clock.advance_ms(HOUR_MS);
    bench.accounts.authenticate_key(secret.expose()).await.unwrap();
    let key = &bench.accounts.list_keys(&owner).await.unwrap()[0];
    assert_eq!(key.last_used_at_ms, Some(START_MS + HOUR_MS));
}

async fn members_make_no_keys(bench: Bench) {
    let mut caller = owner(&bench).await;
    caller.role = Role::Member;
    let refused = bench.accounts.create_key(&caller, named("mine")).await;
    assert!(matches!(refused, Err(AccountsError::Forbidden { needed: Role::Admin })));
}

/// Else whoever got hold of one key would keep others after it is revoked.
async fn a_key_neither_makes_nor_revokes_keys(bench: Bench) {
    let owner = owner(&bench).await;
    let created = bench.accounts.create_key(&owner, named("leaked")).await.unwrap();
    let leaked = bench.accounts.authenticate_key(created.secret.expose()).await.unwrap();
    let made = bench.accounts.create_key(&leaked, named("stays")).await;
    assert!(matches!(made, Err(AccountsError::NeedsSession)), "{made:?}");
    let revoked = bench.accounts.delete_key(&leaked, &created.key.id).await;
    assert!(matches!(revoked, Err(AccountsError::NeedsSession)), "{revoked:?}");
    let keys = bench.accounts.list_keys(&owner).await.unwrap();
    assert_eq!(keys.iter().map(|key| &key.id).collect::<Vec<_>>(), [&created.key.id]);
}

async fn keys_of_others_are_not_found(bench: Bench) {
    let owner = owner(&bench).await;
    let key = bench.accounts.create_key(&owner, named("laptop")).await.unwrap().key;
    let stranger = Caller { org: OrgId::new(), ..owner };
    assert!(bench.accounts.list_keys(&stranger).await.unwrap().is_empty());
    let refused = bench.accounts.delete_key(&stranger, &key.id).await;
    assert!(matches!(refused, Err(AccountsError::NotFound("key"))));
}
