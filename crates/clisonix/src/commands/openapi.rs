use anyhow::Result;

use crate::out;

pub(crate) fn run() -> Result<()> {
    Ok(out::raw(&clx_gateway::openapi_json())?)
}
