use crate::SignalError;

/// Fails on the first sample of an unnamed stretch that is NaN or infinite.
pub(crate) fn check_finite(x: &[f32]) -> Result<(), SignalError> {
    // The sum of products with zero is zero unless a sample is no number; it needs no branch.
    if x.iter().map(|v| v * 0.0).sum::<f32>() == 0.0 {
        return Ok(());
    }
    let index = x.iter().position(|v| !v.is_finite()).unwrap_or(0);
    Err(SignalError::NotFinite { channel: "given".to_owned(), index })
}

pub(crate) fn check_len(what: &'static str, got: usize, planned: usize) -> Result<(), SignalError> {
    if got == planned {
        return Ok(());
    }
    Err(SignalError::Mismatch { what, left: got.to_string(), right: planned.to_string() })
}
