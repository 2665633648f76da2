use clx_store::{OrgId, Store, UserId};
use clx_testkit::TestStore;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) caller: Owner,
    _place: TestStore,
}

/// Whose jobs the tests queue.
pub(crate) struct Owner {
    pub(crate) org: OrgId,
    pub(crate) user: UserId,
}

impl Bench {
    pub(crate) async fn on(place: TestStore) -> Self {
        let (org, user) = place.tenant("member").await;
        Self { store: place.store.clone(), caller: Owner { org, user }, _place: place }
    }
}
