use crate::Library;

/// The workers of this process.
#[derive(Debug)]
pub struct Workers {}

#[expect(unused_variables, reason = "bodies follow in the next commit")]
impl Workers {
    /// Starts claiming jobs; housekeeping (expiry, purge, event retention) runs beside it.
    /// Must be called inside a Tokio runtime.
    pub fn start(library: &Library) -> Self {
        todo!()
    }

    /// Claims nothing more, tells running jobs to stop and hands them back to the queue.
    pub async fn stop(self) {
        todo!()
    }
}
