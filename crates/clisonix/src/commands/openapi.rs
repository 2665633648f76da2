use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    print!("{}", String::from_utf8_lossy(&clx_gateway::openapi_json()));
    Ok(())
}
