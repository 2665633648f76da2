use clx_signal::{Finding, Severity};

use super::dataset::Fields;
use crate::mat::{Mat, Value};
use crate::{FormatError, IcaDecomposition};

/// The decomposition of a dataset whose parts fit each other.
pub(super) fn read(
    mat: &mut Mat,
    fields: &mut Fields,
    n_channels: usize,
    findings: &mut Vec<Finding>,
) -> Result<Option<IcaDecomposition>, FormatError> {
    let mut matrix = |name: &str| {
        let (variable, value) = fields.take(name);
        rows(mat, variable, &value)
    };
    let (weights, sphere) = (matrix("icaweights")?, matrix("icasphere")?);
    let mixing = matrix("icawinv")?;
    if weights.is_empty() || sphere.is_empty() {
        return Ok(None);
    }
    let (variable, value) = fields.take("icachansind");
    let chosen = mat.numbers(variable, &value)?;
    // Channels count from 1; without the field all of them were decomposed.
    let channels: Vec<usize> = match chosen.is_empty() {
        true => (0..n_channels).collect(),
        false => chosen.iter().map(|&n| n as usize).map(|n| n.wrapping_sub(1)).collect(),
    };
    let fits = weights[0].len() == sphere.len()
        && sphere[0].len() == channels.len()
        && channels.iter().all(|&channel| channel < n_channels)
        && (mixing.is_empty()
            || (mixing.len() == channels.len() && mixing[0].len() == weights.len()));
    if !fits {
        let message = format!(
            "the independent components do not fit the channels and are left out: weights {}×{}, sphere {}×{}, {} channels",
            weights.len(),
            weights[0].len(),
            sphere.len(),
            sphere[0].len(),
            channels.len()
        );
        findings.push(Finding::new("ica.damaged", Severity::Warning, message));
        return Ok(None);
    }
    Ok(Some(IcaDecomposition { channels, weights, sphere, mixing }))
}

/// Rows of a matrix, which the file stores column after column.
fn rows(mat: &mut Mat, variable: usize, value: &Value) -> Result<Vec<Vec<f64>>, FormatError> {
    let values = mat.numbers(variable, value)?;
    let n_rows = match value {
        Value::Stored(stored) if stored.dims.len() == 2 => stored.dims[0] as usize,
        Value::Number(_) => 1,
        _ => return Ok(Vec::new()),
    };
    Ok((0..n_rows).map(|row| values.iter().skip(row).step_by(n_rows).copied().collect()).collect())
}
