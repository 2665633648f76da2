//! The HTTP edge: routes, extractors, problem documents, OpenAPI and the embedded web app.
