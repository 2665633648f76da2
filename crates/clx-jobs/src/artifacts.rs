use clx_accounts::Caller;
use clx_store::ArtifactId;
use clx_store::rows::artifact;

use crate::deps::{Deps, parse_id};
use crate::{Artifact, Content, JobsError};

/// Files that jobs made.
#[derive(Clone, Debug)]
pub struct Artifacts {
    deps: Deps,
}

impl Artifacts {
    pub(crate) fn new(deps: Deps) -> Self {
        Self { deps }
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn view(&self, caller: &Caller, id: &ArtifactId) -> Result<Artifact, JobsError> {
        artifact_of(self.find(caller, id).await?)
    }

    /// # Errors
    /// [`JobsError::NotFound`].
    pub async fn content(&self, caller: &Caller, id: &ArtifactId) -> Result<Content, JobsError> {
        let row = self.find(caller, id).await?;
        Ok(Content {
            filename: row.name,
            media_type: row.media_type,
            size_bytes: row.size_bytes as u64,
            sha256: row.sha256,
            org: caller.org.clone(),
            blobs: self.deps.store.blobs().clone(),
        })
    }

    async fn find(&self, caller: &Caller, id: &ArtifactId) -> Result<artifact::Model, JobsError> {
        let row = artifact::find(self.deps.store.read(), &caller.org, id).await?;
        row.ok_or(JobsError::NotFound("artifact"))
    }
}

pub(crate) fn artifact_of(row: artifact::Model) -> Result<Artifact, JobsError> {
    Ok(Artifact {
        id: parse_id("artifact", &row.id)?,
        job: parse_id("job", &row.job_id)?,
        name: row.name,
        media_type: row.media_type,
        size_bytes: row.size_bytes as u64,
        sha256: row.sha256,
        duration_s: row.duration_s,
    })
}
