use clx_accounts::{Accounts, AccountsConfig};
use clx_store::{Clock, Store};
use clx_testkit::{START_MS, TestStore};

pub(crate) struct Bench {
    pub(crate) accounts: Accounts,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    _place: TestStore,
}

impl Bench {
    pub(crate) async fn on(place: TestStore) -> Self {
        let (store, clock) = (place.store.clone(), Clock::manual(START_MS));
        let accounts = Accounts::new(store.clone(), AccountsConfig::default(), clock.clone());
        Self { accounts, clock, store, _place: place }
    }
}
