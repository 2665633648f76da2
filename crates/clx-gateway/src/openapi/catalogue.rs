//! Puts the schemas of the catalogue among the components, so that generated clients have types
//! for parameters and outputs, and gives each analysis an example request.

use clx_analysis::Analysis;
use serde_json::{Value, json};

/// Adds `EegOverviewParams` and `EegOverviewOutput` for `eeg.overview`, with the definitions they
/// refer to under the same prefix, and an example of `jobs_create` for every analysis.
pub(super) fn merge(document: &mut Value, catalogue: &[Analysis]) {
    let mut examples = serde_json::Map::new();
    for analysis in catalogue {
        let prefix = type_name(analysis.id);
        add(document, &prefix, "Params", analysis.params_schema());
        add(document, &prefix, "Output", analysis.output_schema());
        let request = json!({ "analysis": analysis.id, "params": analysis.example_params() });
        let example = json!({ "summary": analysis.title, "value": request });
        examples.insert(analysis.id.to_owned(), example);
    }
    let body = "/paths/~1v1~1jobs/post/requestBody/content/application~1json";
    if let Some(Value::Object(body)) = document.pointer_mut(body) {
        body.insert("examples".to_owned(), Value::Object(examples));
    }
}

fn add(document: &mut Value, prefix: &str, suffix: &str, mut schema: Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    let definitions = schema.as_object_mut().and_then(|root| {
        root.remove("$schema");
        root.remove("$defs")
    });
    if let Some(Value::Object(definitions)) = definitions {
        for (name, mut definition) in definitions {
            rewrite(&mut definition, prefix);
            schemas.insert(format!("{prefix}{name}"), definition);
        }
    }
    rewrite(&mut schema, prefix);
    schemas.insert(format!("{prefix}{suffix}"), schema);
}

/// `#/$defs/Band` becomes `#/components/schemas/EegOverviewBand`.
fn rewrite(value: &mut Value, prefix: &str) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{prefix}{name}");
            }
            map.values_mut().for_each(|value| rewrite(value, prefix));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, prefix)),
        _ => {}
    }
}

/// `eeg.overview` becomes `EegOverview`.
fn type_name(id: &str) -> String {
    id.split(['.', '_']).map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_move_to_the_components_under_the_analysis_prefix() {
        let mut document = json!({ "components": { "schemas": {} } });
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": { "band": { "$ref": "#/$defs/Band" } },
            "$defs": { "Band": { "properties": { "next": { "$ref": "#/$defs/Band" } } } }
        });
        add(&mut document, &type_name("eeg.overview"), "Output", schema);
        let band = json!({ "$ref": "#/components/schemas/EegOverviewBand" });
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "EegOverviewBand": { "properties": { "next": band } },
                "EegOverviewOutput": { "properties": { "band": band } }
            })
        );
    }
}
