//! Analyses, pictures and fields have names for readers, and no name of a field is left over.

use std::collections::BTreeSet;
use std::path::Path;

use clx_analysis::{catalogue, field_name};
use clx_text::Bundle;
use serde_json::Value;

/// Fields that the sheet leaves out: they have places of their own, or are ends of intervals.
fn is_shown(field: &str) -> bool {
    const ELSEWHERE: &[&str] = &["findings", "annotations", "figures", "statements"];
    !ELSEWHERE.contains(&field) && !field.contains("ci95")
}

fn collect(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            let properties = fields.get("properties").and_then(Value::as_object);
            for name in properties.into_iter().flat_map(|p| p.keys()).filter(|n| is_shown(n)) {
                names.insert(field_name(name).replace('_', "-"));
            }
            fields.values().for_each(|value| collect(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}

#[test]
fn every_field_of_a_schema_has_a_name_and_no_name_is_left_over() {
    let mut used = BTreeSet::new();
    for analysis in catalogue() {
        collect(&analysis.params_schema(), &mut used);
        collect(&analysis.output_schema(), &mut used);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales/en/field.ftl");
    let text = std::fs::read_to_string(path).unwrap();
    let named: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("field-")?.split_once(" ="))
        .map(|(name, _)| name.to_owned())
        .collect();
    let missing: Vec<_> = used.difference(&named).collect();
    let left_over: Vec<_> = named.difference(&used).collect();
    assert!(missing.is_empty(), "locales/*/field.ftl lack {missing:?}");
    assert!(left_over.is_empty(), "no schema has {left_over:?}");
}

#[test]
fn titles_in_english_are_those_of_the_code() {
    let english = Bundle::for_lang("en");
    for analysis in catalogue() {
        let id = analysis.id.replace(['.', '_'], "-");
        assert_eq!(english.text(&format!("analysis-{id}"), &[]), analysis.title);
        assert_eq!(english.text(&format!("analysis-{id}-summary"), &[]), analysis.summary);
        for plot in analysis.all_plots() {
            assert_eq!(english.text(&format!("plot-{id}-{}", plot.name), &[]), plot.title);
        }
    }
}
