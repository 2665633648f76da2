//! Serves the embedded web app: exact file, then `path.html`, then the page of a dynamic segment
//! (`recordings/_.html` for `/recordings/rec_…`), then the 404 page.

use std::io::Read;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::extract::has_already;
use crate::problem::Problem;

/// A file of the exported web app. Text is held compressed only.
#[derive(Debug)]
pub struct WebFile {
    /// Relative, with forward slashes: `recordings/_.html`.
    pub path: &'static str,
    pub etag: &'static str,
    /// Sources of the inline scripts of a page, empty for other files.
    pub script_hashes: &'static str,
    pub plain: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
    pub brotli: Option<&'static [u8]>,
}

static EMBEDDED: &[WebFile] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The files to serve, sorted by path.
#[derive(Clone, Copy, Debug)]
pub struct WebFiles(&'static [WebFile]);

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Clisonix</title>\
    <h1>The web app is not part of this build</h1>\
    <p>Build it with <code>make web</code> and start again with <code>make run</code>. \
    The API answers below <a href=\"/v1/openapi.json\">/v1</a>.</p></html>";

impl WebFiles {
    /// What was found in `web/out` when this crate was built.
    pub fn embedded() -> Self {
        Self(EMBEDDED)
    }

    #[cfg(test)]
    pub(crate) fn of(files: &'static [WebFile]) -> Self {
        Self(files)
    }

    pub fn serve(self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            let allow = [(ALLOW, HeaderValue::from_static("GET, HEAD"))];
            return (allow, Problem::from_status(StatusCode::METHOD_NOT_ALLOWED)).into_response();
        }
        if self.0.is_empty() {
            return not_built(path);
        }
        let path = path.trim_matches('/');
        match self.find(path) {
            Some(file) => respond(file, StatusCode::OK, headers),
            // A missing script or picture is not a page somebody went to.
            None if path.starts_with("_next/") => Problem::not_found("file").into_response(),
            None => match self.exact("404.html") {
                Some(page) => respond(page, StatusCode::NOT_FOUND, headers),
                None => Problem::not_found("page").into_response(),
            },
        }
    }

    fn find(self, path: &str) -> Option<&'static WebFile> {
        if path.is_empty() {
            return self.exact("index.html");
        }
        self.exact(path)
            .or_else(|| self.exact(&format!("{path}.html")))
            .or_else(|| self.dynamic(path))
    }

    fn exact(self, path: &str) -> Option<&'static WebFile> {
        let at = self.0.binary_search_by(|file| file.path.cmp(path)).ok()?;
        Some(&self.0[at])
    }

    /// The page exported for `_`, where any one segment of `path` may be the identifier.
    fn dynamic(self, path: &str) -> Option<&'static WebFile> {
        let segments: Vec<&str> = path.split('/').collect();
        if segments.len() > 8 || segments.contains(&"_") {
            return None;
        }
        for at in 1..segments.len() {
            let with = |name| {
                let mut candidate = segments.clone();
                candidate[at] = name;
                candidate.join("/")
            };
            let last = at == segments.len() - 1;
            let found = match (last, segments[at].ends_with(".txt")) {
                (true, true) => self.exact(&with("_.txt")),
                (true, false) => self.exact(&with("_.html")),
                (false, _) => {
                    self.exact(&with("_")).or_else(|| self.exact(&format!("{}.html", with("_"))))
                }
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

fn not_built(path: &str) -> Response {
    if path != "/" {
        return Problem::not_found("page").into_response();
    }
    (StatusCode::OK, [(CONTENT_TYPE, HTML)], NOT_BUILT).into_response()
}

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

fn respond(file: &'static WebFile, status: StatusCode, headers: &HeaderMap) -> Response {
    let mut response = if status == StatusCode::OK && has_already(headers, file.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (encoding, body) = encoded(file, headers);
        let mut response = (status, Body::from(body)).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(file.path)));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control(file.path)));
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{}\"", file.etag)) {
        out.insert(ETAG, etag);
    }
    if let Ok(policy) = HeaderValue::from_str(&page_policy(file)) {
        out.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Everything from this origin and nothing from elsewhere; inline scripts by their digest. Styles
/// may be inline: exported pages have a few `style` attributes.
fn page_policy(file: &WebFile) -> String {
    let hashes = file.script_hashes;
    format!(
        "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; \
         worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

fn cache_control(path: &str) -> &'static str {
    // The names of these files contain a digest of their content.
    if path.starts_with("_next/static/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn encoded(
    file: &'static WebFile,
    headers: &HeaderMap,
) -> (Option<&'static str>, std::borrow::Cow<'static, [u8]>) {
    if let Some(brotli) = file.brotli.filter(|_| accepts(headers, "br")) {
        return (Some("br"), brotli.into());
    }
    if let Some(gzip) = file.gzip.filter(|_| accepts(headers, "gzip")) {
        return (Some("gzip"), gzip.into());
    }
    if let Some(plain) = file.plain {
        return (None, plain.into());
    }
    let mut unpacked = Vec::new();
    let read =
        flate2::read::GzDecoder::new(file.gzip.unwrap_or_default()).read_to_end(&mut unpacked);
    if let Err(error) = read {
        tracing::error!(%error, path = file.path, "an embedded file does not unpack");
    }
    (None, unpacked.into())
}

/// Whether `Accept-Encoding` lists `coding` without forbidding it (`q=0`).
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0))
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[path = "../build/embed.rs"]
#[expect(dead_code, reason = "only the scanner of inline scripts is tested from here")]
mod embed;

#[cfg(test)]
mod tests {
    use super::*;

    const fn file(path: &'static str) -> WebFile {
        WebFile {
            path,
            etag: "e",
            script_hashes: "",
            plain: Some(path.as_bytes()),
            gzip: None,
            brotli: None,
        }
    }

    static FILES: &[WebFile] = &[
        file("404.html"),
        file("_next/static/a.js"),
        file("index.html"),
        file("recordings.html"),
        file("recordings/_.html"),
        file("recordings/_.txt"),
        file("recordings/_/__next._tree.txt"),
    ];

    fn found(path: &str) -> Option<&'static str> {
        WebFiles::of(FILES).find(path).map(|file| file.path)
    }

    #[test]
    fn lookup_goes_from_exact_to_page_to_dynamic() {
        assert_eq!(found(""), Some("index.html"));
        assert_eq!(found("recordings"), Some("recordings.html"));
        assert_eq!(found("recordings/rec_1"), Some("recordings/_.html"));
        assert_eq!(found("recordings/rec_1.txt"), Some("recordings/_.txt"));
        assert_eq!(
            found("recordings/rec_1/__next._tree.txt"),
            Some("recordings/_/__next._tree.txt")
        );
        assert_eq!(found("recordings/rec_1/other"), None);
        assert_eq!(found("nowhere"), None);
        assert_eq!(found("../index.html"), None);
    }

    #[test]
    fn unknown_pages_are_404_and_static_files_immutable() {
        let get = |path| WebFiles::of(FILES).serve(&Method::GET, path, &HeaderMap::new());
        assert_eq!(get("/nowhere").status(), StatusCode::NOT_FOUND);
        assert_eq!(get("/nowhere").headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(
            get("/_next/static/a.js").headers()[CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert_eq!(get("/").headers()[CACHE_CONTROL], "no-cache");
        let post = WebFiles::of(FILES).serve(&Method::POST, "/", &HeaderMap::new());
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::IF_NONE_MATCH, "\"e\"".parse().unwrap());
        let response = WebFiles::of(FILES).serve(&Method::GET, "/", &headers);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn an_encoding_with_weight_zero_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, "gzip;q=0, br;q=0.5".parse().unwrap());
        assert!(accepts(&headers, "br") && !accepts(&headers, "gzip"));
    }

    #[test]
    fn inline_scripts_are_allowed_by_digest_and_external_ones_are_not_hashed() {
        let html = "<script src=\"/a.js\"></script><script>alert(1)</script>";
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let expected = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        assert_eq!(embed::script_hashes(html), expected);
    }
}
