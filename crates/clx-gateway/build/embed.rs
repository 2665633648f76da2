use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Writes a sorted table of `WebFile` for everything below `exported`.
pub(crate) fn write_table(exported: &Path, out_dir: &Path, table: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    walk(exported, &mut files)?;
    let mut named: Vec<(String, PathBuf)> = files
        .into_iter()
        .filter_map(|file| {
            let relative = file.strip_prefix(exported).ok()?.to_str()?.replace('\\', "/");
            Some((relative, file))
        })
        .collect();
    named.sort();
    let store = out_dir.join("web");
    fs::create_dir_all(&store)?;
    let mut code = String::from("&[\n");
    for (path, file) in named {
        code.push_str(&entry(&path, &fs::read(&file)?, &store)?);
    }
    code.push(']');
    fs::write(table, code)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for item in fs::read_dir(folder)? {
        let path = item?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_none_or(|extension| extension != "map") {
            files.push(path);
        }
    }
    Ok(())
}

fn entry(path: &str, content: &[u8], store: &Path) -> io::Result<String> {
    let digest = Sha256::digest(content);
    let etag = STANDARD.encode(&digest[..12]);
    let stem = digest.iter().take(12).fold(String::new(), |mut name, byte| {
        let _infallible = write!(name, "{byte:02x}");
        name
    });
    let (gzip, brotli) = if is_text(path) {
        (keep(store, &stem, "gz", &gzip(content)?)?, keep(store, &stem, "br", &brotli(content)?)?)
    } else {
        ("None".to_owned(), "None".to_owned())
    };
    // Text is kept only compressed: a client that takes neither gets it unpacked on the fly.
    let plain = if is_text(path) { "None".to_owned() } else { keep(store, &stem, "raw", content)? };
    let policy = match path.ends_with(".html") {
        true => script_hashes(&String::from_utf8_lossy(content)),
        false => String::new(),
    };
    Ok(format!(
        "WebFile {{ path: {path:?}, etag: {etag:?}, script_hashes: {policy:?}, \
         plain: {plain}, gzip: {gzip}, brotli: {brotli} }},\n"
    ))
}

fn keep(store: &Path, stem: &str, extension: &str, bytes: &[u8]) -> io::Result<String> {
    let file = store.join(format!("{stem}.{extension}"));
    fs::write(&file, bytes)?;
    Ok(format!("Some(include_bytes!({:?}))", file.display().to_string()))
}

fn is_text(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    ["html", "txt", "js", "css", "json", "svg", "ftl", "xml", "webmanifest", "wasm"]
        .contains(&extension)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    // Quality 9 is within 4 % of 11 and an order of magnitude faster to build.
    let params = brotli::enc::BrotliEncoderParams { quality: 9, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut packed, &params)?;
    Ok(packed)
}

/// The `script-src` sources of every inline script of a page, such as `'sha256-…'`.
///
/// Reads what the exporter writes: lower-case tags and no `>` inside attributes.
pub(crate) fn script_hashes(html: &str) -> String {
    let mut sources: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find("<script") {
        let Some((tag, after)) = rest[at..].split_once('>') else { break };
        let Some((body, after)) = after.split_once("</script>") else { break };
        if !tag.contains(" src=") {
            let source = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(body)));
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        rest = after;
    }
    sources.join(" ")
}
