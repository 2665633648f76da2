use clx_accounts::{AccountsError, Caller, PasswordChange, Role, Via};
use clx_store::KeyId;
use clx_testkit::{DAY_MS, HOUR_MS, on_both_databases};

use crate::bench::Bench;

on_both_databases![
    Bench;
    the_first_start_makes_an_owner_who_signs_in_by_link,
    a_link_works_once,
    a_link_ends_after_a_day,
    a_later_start_voids_earlier_links,
    a_password_replaces_links,
    a_wrong_password_and_an_unknown_address_look_the_same,
    a_key_cannot_set_a_password,
    a_new_password_needs_the_one_before,
    a_new_password_ends_all_other_sessions,
    a_session_ends_without_use_and_lives_with_use,
    signing_out_ends_the_session,
];

async fn link(bench: &Bench) -> String {
    bench.accounts.bootstrap().await.unwrap().unwrap().expose().to_owned()
}

async fn sign_in(bench: &Bench) -> (Caller, String) {
    let signed_in = bench.accounts.sign_in_with_link(&link(bench).await).await.unwrap();
    let cookie = signed_in.cookie.expose().to_owned();
    (bench.accounts.authenticate_session(&cookie).await.unwrap(), cookie)
}

async fn set_password(
    bench: &Bench,
    caller: &Caller,
    cookie: &str,
    current: Option<&str>,
    password: &str,
) -> Result<(), AccountsError> {
    let change =
        PasswordChange { password: password.to_owned(), current: current.map(str::to_owned) };
    bench.accounts.set_password(caller, cookie, change).await
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, AccountsError>) {
    assert!(matches!(result, Err(AccountsError::Unauthenticated)), "{result:?}");
}

async fn the_first_start_makes_an_owner_who_signs_in_by_link(bench: Bench) {
    let token = link(&bench).await;
    assert_eq!(token.len(), 64, "256 bits in hexadecimal");
    let signed_in = bench.accounts.sign_in_with_link(&token).await.unwrap();
    assert_eq!(signed_in.session.role, Role::Owner);
    assert_eq!(signed_in.session.user.email, "owner@localhost");
    let caller = bench.accounts.authenticate_session(signed_in.cookie.expose()).await.unwrap();
    assert_eq!((caller.role, &caller.via), (Role::Owner, &Via::Session));
    assert_eq!(bench.accounts.session(&caller).await.unwrap(), signed_in.session);
    assert_eq!(bench.accounts.internal_caller().await.unwrap().org, caller.org);
}

async fn a_link_works_once(bench: Bench) {
    let token = link(&bench).await;
    bench.accounts.sign_in_with_link(&token).await.unwrap();
    refused(bench.accounts.sign_in_with_link(&token).await);
    refused(bench.accounts.sign_in_with_link("").await);
}

async fn a_link_ends_after_a_day(bench: Bench) {
    let token = link(&bench).await;
    bench.clock.advance_ms(DAY_MS);
    refused(bench.accounts.sign_in_with_link(&token).await);
}

async fn a_later_start_voids_earlier_links(bench: Bench) {
    let first = link(&bench).await;
    let second = link(&bench).await;
    refused(bench.accounts.sign_in_with_link(&first).await);
    bench.accounts.sign_in_with_link(&second).await.unwrap();
}

async fn a_password_replaces_links(bench: Bench) {
    let (caller, cookie) = sign_in(&bench).await;
    let pending = link(&bench).await;
    set_password(&bench, &caller, &cookie, None, "a long passphrase").await.unwrap();
    refused(bench.accounts.sign_in_with_link(&pending).await);
    assert!(bench.accounts.bootstrap().await.unwrap().is_none());
    let again =
        bench.accounts.sign_in_with_password(" Owner@LocalHost ", "a long passphrase").await;
    assert!(again.unwrap().session.has_password);
}

async fn a_wrong_password_and_an_unknown_address_look_the_same(bench: Bench) {
    let (caller, cookie) = sign_in(&bench).await;
    let short = set_password(&bench, &caller, &cookie, None, "123456789").await;
    assert!(matches!(short, Err(AccountsError::Invalid { field: "password", .. })));
    set_password(&bench, &caller, &cookie, None, "a long passphrase").await.unwrap();
    refused(bench.accounts.sign_in_with_password("owner@localhost", "a wrong passphrase").await);
    refused(bench.accounts.sign_in_with_password("nobody@localhost", "a long passphrase").await);
    refused(bench.accounts.sign_in_with_password("owner@localhost", &"x".repeat(100_000)).await);
}

async fn a_key_cannot_set_a_password(bench: Bench) {
    let (mut caller, cookie) = sign_in(&bench).await;
    caller.via = Via::Key(KeyId::new());
    let refused = set_password(&bench, &caller, &cookie, None, "a long passphrase").await;
    assert!(matches!(refused, Err(AccountsError::NeedsSession)));
}

async fn a_new_password_needs_the_one_before(bench: Bench) {
    let (caller, cookie) = sign_in(&bench).await;
    set_password(&bench, &caller, &cookie, None, "the first passphrase").await.unwrap();
    let huge = "x".repeat(100_000);
    for wrong in [None, Some("the second passphrase"), Some(huge.as_str())] {
        let refused = set_password(&bench, &caller, &cookie, wrong, "the second passphrase").await;
        assert!(
            matches!(refused, Err(AccountsError::Invalid { field: "current_password", .. })),
            "{refused:?}"
        );
    }
    let first = "the first passphrase";
    bench.accounts.sign_in_with_password("owner@localhost", first).await.unwrap();
    set_password(&bench, &caller, &cookie, Some(first), "the second passphrase").await.unwrap();
    refused(bench.accounts.sign_in_with_password("owner@localhost", first).await);
}

async fn a_new_password_ends_all_other_sessions(bench: Bench) {
    let (_, lost) = sign_in(&bench).await;
    let (caller, cookie) = sign_in(&bench).await;
    set_password(&bench, &caller, &cookie, None, "a long passphrase").await.unwrap();
    refused(bench.accounts.authenticate_session(&lost).await);
    bench.accounts.authenticate_session(&cookie).await.unwrap();
}

async fn a_session_ends_without_use_and_lives_with_use(bench: Bench) {
    let (_, cookie) = sign_in(&bench).await;
    for _ in 0..3 {
        bench.clock.advance_ms(29 * DAY_MS);
        bench.accounts.authenticate_session(&cookie).await.unwrap();
    }
    bench.clock.advance_ms(30 * DAY_MS + HOUR_MS);
    refused(bench.accounts.authenticate_session(&cookie).await);
    bench.accounts.bootstrap().await.unwrap();
    // Even a clock that is set back does not bring a forgotten session to life.
    bench.clock.advance_ms(-2 * DAY_MS);
    refused(bench.accounts.authenticate_session(&cookie).await);
}

async fn signing_out_ends_the_session(bench: Bench) {
    let (_, cookie) = sign_in(&bench).await;
    bench.accounts.sign_out(&cookie).await.unwrap();
    refused(bench.accounts.authenticate_session(&cookie).await);
    bench.accounts.sign_out("unknown").await.unwrap();
    // The store is still there for others.
    bench.store.ping().await.unwrap();
}
