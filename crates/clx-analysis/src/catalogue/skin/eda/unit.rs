//! Conductance in microsiemens, whatever the recorder wrote.

use clx_signal::Unit;

use crate::AnalysisError;
use crate::catalogue::channel::Signal;

/// What a unit field means for conductance.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    /// Microsiemens for one of it.
    Conductance(f64),
    /// Resistance: microsiemens for one over it.
    Resistance(f64),
}

/// Scales the samples to microsiemens, by `us_per_unit` or by the unit of the file.
pub(super) fn microsiemens(
    signal: &mut Signal,
    us_per_unit: Option<f64>,
) -> Result<(), AnalysisError> {
    let meaning = match us_per_unit {
        Some(factor) if factor.is_finite() && factor != 0.0 => Meaning::Conductance(factor),
        Some(factor) => {
            let text = format!("us_per_unit must be a number other than 0, got {factor}");
            return Err(AnalysisError::Params(text));
        }
        None => of_unit(&signal.info.unit).ok_or_else(|| unknown(signal))?,
    };
    for value in &mut signal.samples {
        *value = match meaning {
            Meaning::Conductance(factor) => (f64::from(*value) * factor) as f32,
            // An open circuit of resistance 0 or below is no conductance; the stretch ends there.
            Meaning::Resistance(_) if *value <= 0.0 => f32::NAN,
            Meaning::Resistance(factor) => (factor / f64::from(*value)) as f32,
        };
    }
    Ok(())
}

fn unknown(signal: &Signal) -> AnalysisError {
    let unit = match &signal.info.unit {
        Unit::Volt => "volts",
        Unit::Other(unit) if unit.is_empty() => "no unit",
        Unit::Other(unit) => unit,
    };
    AnalysisError::Input(format!(
        "{} is recorded in {unit}, which is no conductance or resistance; say in us_per_unit how many microsiemens one of it is",
        signal.info.name
    ))
}

fn of_unit(unit: &Unit) -> Option<Meaning> {
    let Unit::Other(unit) = unit else { return None };
    // Greek mu and micro sign alike.
    let unit = unit.trim().replace(['\u{3bc}', '\u{b5}'], "u");
    Some(match unit.as_str() {
        "uS" | "us" | "umho" | "microsiemens" | "uSiemens" => Meaning::Conductance(1.0),
        "nS" => Meaning::Conductance(1e-3),
        "mS" => Meaning::Conductance(1e3),
        "S" | "siemens" => Meaning::Conductance(1e6),
        "kOhm" | "kohm" | "k\u{3a9}" | "k\u{2126}" => Meaning::Resistance(1e3),
        "Ohm" | "ohm" | "\u{3a9}" | "\u{2126}" => Meaning::Resistance(1e6),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_conductance_and_resistance_are_known_and_others_are_not() {
        let of = |text: &str| of_unit(&Unit::Other(text.to_owned()));
        assert_eq!(of("\u{b5}S"), Some(Meaning::Conductance(1.0)));
        assert_eq!(of("\u{3bc}S"), Some(Meaning::Conductance(1.0)));
        assert_eq!(of("kOhm"), Some(Meaning::Resistance(1e3)));
        assert_eq!(of(""), None);
        assert_eq!(of_unit(&Unit::Volt), None);
    }
}
