//! The OpenAPI 3.1 document: the routes' own descriptions, the error answers every operation can
//! give, and the schemas of the catalogue.

mod catalogue;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder, SecurityRequirement, Tag,
};

use crate::routes;

/// The document as the routes describe it. [`openapi_json`] adds the catalogue to it.
pub fn openapi() -> OpenApi {
    let mut document = routes::documented();
    ErrorAnswers.modify(&mut document);
    document
}

/// The whole document as text, with the schemas of every analysis among the components. The same
/// code gives the same bytes.
pub fn openapi_json() -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(&whole()).unwrap_or_default();
    text.push(b'\n');
    text
}

fn whole() -> Value {
    let mut document = serde_json::to_value(openapi()).unwrap_or_default();
    catalogue::merge(&mut document, clx_analysis::catalogue());
    document
}

/// Everything that does not come from a route.
pub(crate) fn head() -> OpenApi {
    let mut info = Info::new("Clisonix", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Hand over a signal, get insight, sound and a report. Errors are problem documents \
         (RFC 9457); lists are paged by an opaque cursor; times are RFC 3339 in UTC."
            .to_owned(),
    );
    info.license = Some(License::new("MIT OR Apache-2.0"));
    let mut components = Components::new();
    let key = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("clx_session")));
    components.add_security_scheme("key", key);
    components.add_security_scheme("session", cookie);
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let problem = ResponseBuilder::new()
        .description("What was wrong, what was got and what would work")
        .content("application/problem+json", problem)
        .build();
    components.responses.insert("Problem".to_owned(), RefOr::T(problem));
    add_schema::<clx_api::Problem>(&mut components);
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .security(Some([requirement("key"), requirement("session")]))
        .tags(Some(TAGS.map(tag)))
        .build()
}

fn add_schema<T: utoipa::ToSchema>(components: &mut Components) {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    components.schemas.extend(schemas);
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, Vec::<String>::new())
}

const TAGS: [(&str, &str); 10] = [
    ("session", "Signing in and out"),
    ("keys", "Keys for programs"),
    ("recordings", "What was handed over: EEG and sound"),
    ("uploads", "Resumable uploads by tus 1.0"),
    ("analyses", "The catalogue"),
    ("jobs", "Runs of analyses, their results and pictures"),
    ("artifacts", "Files that jobs made"),
    ("reports", "Documents of finished results"),
    ("events", "What changes, as it changes"),
    ("health", "Health, figures and this document"),
];

fn tag((name, description): (&str, &str)) -> Tag {
    let mut tag = Tag::new(name);
    tag.description = Some(description.to_owned());
    tag
}

/// Adds to every operation the error answers its parts can give.
struct ErrorAnswers;

impl Modify for ErrorAnswers {
    fn modify(&self, document: &mut OpenApi) {
        for item in document.paths.paths.values_mut() {
            for (method, operation) in operations(item) {
                for status in error_statuses(&method, operation) {
                    let answer = RefOr::Ref(Ref::from_response_name("Problem"));
                    operation.responses.responses.entry(status.to_string()).or_insert(answer);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, item.get.as_mut()),
        (HttpMethod::Put, item.put.as_mut()),
        (HttpMethod::Post, item.post.as_mut()),
        (HttpMethod::Delete, item.delete.as_mut()),
        (HttpMethod::Options, item.options.as_mut()),
        (HttpMethod::Head, item.head.as_mut()),
        (HttpMethod::Patch, item.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation?)))
}

fn error_statuses(method: &HttpMethod, operation: &Operation) -> Vec<u16> {
    let has = |place: &ParameterIn| parameters(operation).any(|p| p.parameter_in == *place);
    let header = |name: &str| parameters(operation).any(|p| p.name.eq_ignore_ascii_case(name));
    let public = is_public(operation);
    let changes = !matches!(method, HttpMethod::Get | HttpMethod::Head | HttpMethod::Options);
    let body = operation.request_body.is_some();
    let id = operation.operation_id.as_deref();
    let mut statuses = vec![408, 500, 503];
    let mut add = |condition: bool, more: &[u16]| {
        if condition {
            statuses.extend(more);
        }
    };
    add(!public || id == Some("session_create"), &[401]);
    add(changes, &[403]);
    add(has(&ParameterIn::Path), &[404, 409]);
    add(has(&ParameterIn::Query), &[400, 422]);
    add(has(&ParameterIn::Header) || body, &[400]);
    add(body, &[413, 415, 422]);
    add(matches!(method, HttpMethod::Post), &[404, 409, 413, 422]);
    add(header("tus-resumable"), &[412]);
    add(header("if-match"), &[412, 428]);
    add(header("range"), &[416]);
    add(matches!(id, Some("session_create" | "session_password_update")), &[429]);
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// Whether it is declared to need no credentials at all: the list then has the empty requirement.
fn is_public(operation: &Operation) -> bool {
    let declared = operation.security.as_deref().unwrap_or_default();
    declared.contains(&SecurityRequirement::default())
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    parameters.iter().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_openapi_3_1_and_every_operation_documents_its_errors() {
        let document = whole();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let view = &document["paths"]["/v1/recordings/{id}"]["get"];
        assert_eq!(view["operationId"], "recordings_view");
        for status in ["200", "304", "401", "404", "500"] {
            assert!(view["responses"][status].is_object(), "{status}");
        }
        assert!(document["paths"]["/health"]["get"]["responses"]["401"].is_null());
    }

    #[test]
    fn every_reference_resolves() {
        let document = whole();
        check_references(&document, &document);
    }

    fn check_references(value: &Value, document: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference} does not resolve");
                }
                map.values().for_each(|value| check_references(value, document));
            }
            Value::Array(items) => items.iter().for_each(|item| check_references(item, document)),
            _ => {}
        }
    }
}
