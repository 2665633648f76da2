use clx_jobs::Page;

use crate::problem::Problem;

/// Which part of a list is wanted: 50 entries unless the caller says otherwise, 100 at most.
pub(super) fn page(cursor: Option<String>, limit: Option<u32>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Problem::bad_query("limit", format!("limit must be 1 to 100, got {limit}")));
    }
    Ok(Page { cursor, limit })
}
