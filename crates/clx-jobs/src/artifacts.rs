use clx_accounts::Caller;
use clx_store::ArtifactId;

use crate::{Artifact, Content, JobsError};

/// Files that jobs made.
#[derive(Clone, Debug)]
pub struct Artifacts {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Artifacts {
    pub async fn view(&self, caller: &Caller, id: &ArtifactId) -> Result<Artifact, JobsError> {
        todo!()
    }

    pub async fn content(&self, caller: &Caller, id: &ArtifactId) -> Result<Content, JobsError> {
        todo!()
    }
}
