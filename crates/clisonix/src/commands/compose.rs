use std::path::Path;

use anyhow::{Context, Result, bail};
use clx_text::Bundle;
use serde_json::{Map, Value, json};

use crate::args::{Compose, word};
use crate::commands::{find, overview_of, run_analysis};
use crate::{files, human, out};

pub(crate) fn run(command: &Compose) -> Result<()> {
    let params = Value::Object(params(command)?);
    let mut results = Vec::new();
    for file in &command.from {
        let overview = find(overview_of(&files::open(file)?))?;
        let defaults = json!({});
        results.push(run_analysis(
            overview,
            Some(file),
            Vec::new(),
            &defaults,
            &command.out,
            command.quiet,
        )?);
    }
    let compose = find("brainsync.compose")?;
    let result = run_analysis(compose, None, results, &params, &command.out, command.quiet)?;
    if command.json {
        out::line(format_args!("{}", serde_json::to_string(&result)?))?;
    } else {
        out::line(format_args!("{}", human::summary(&result, &Bundle::for_lang("en"))?))?;
        out::line(format_args!("written to {}", display(&command.out)))?;
    }
    Ok(())
}

fn params(command: &Compose) -> Result<Map<String, Value>> {
    let mut params = Map::new();
    params.insert("mode".into(), word(command.mode).into());
    params.insert("stimulus".into(), word(command.stimulus).into());
    params.insert("duration_s".into(), json!(command.minutes * 60.0));
    params.insert("seed".into(), command.seed.into());
    params.insert("level_lufs".into(), command.level_lufs.into());
    let formats: Vec<String> = command.formats.iter().map(|f| word(*f)).collect();
    params.insert("formats".into(), json!(formats));
    if let Some(key) = &command.key {
        params.insert("key".into(), parse_key(key)?);
    }
    if let Some(bpm) = command.tempo {
        params.insert("tempo_bpm".into(), json!(bpm));
    }
    if let Some(hz) = command.target_hz {
        params.insert("target_hz".into(), json!(hz));
    }
    Ok(params)
}

fn parse_key(text: &str) -> Result<Value> {
    let (tonic, scale) = text
        .split_once(char::is_whitespace)
        .with_context(|| format!("--key must be like 'E major' or 'F# minor', got '{text}'"))?;
    let scale = scale.trim().to_lowercase();
    if scale != "major" && scale != "minor" {
        bail!("--key must end in major or minor, got '{scale}'");
    }
    Ok(json!({"tonic": tonic, "scale": scale}))
}

fn display(folder: &Path) -> String {
    folder.display().to_string()
}
