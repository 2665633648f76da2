//! The HTTP edge: routes, extractors, problem documents, OpenAPI and the embedded web app.
//!
//! A request passes `edge` (request id, problem bodies, security headers, figures), then limits and
//! compression, then a handler of `routes`: extract, one service call, wrap. What may be done is
//! decided by the services on the [`Caller`](clx_accounts::Caller) that `auth` finds out; every
//! handler that takes no `Auth` is listed by name in the authorisation test.

mod app;
mod auth;
mod content;
mod edge;
mod extract;
mod limiter;
mod openapi;
mod problem;
mod ranges;
mod routes;
mod serve;
mod web;
mod wire;

pub use app::{App, GatewayConfig, Services};
pub use openapi::{openapi, openapi_json};
pub use problem::Problem;
pub use routes::router;
pub use serve::serve;
pub use web::{WebFile, WebFiles};
