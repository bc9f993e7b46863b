//! The list of the page's files, by which a browser keeps them for use without a network.

use crate::problem::Problem;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Below the page's folder.
const LIST: &str = "pkg/files.json";
/// What the page itself does not load: the embeds' own modules, types, the service worker, what a gateway answers.
const NOT_KEPT: &[&str] = &["embed/", "offline.js", "gateway.json", LIST];

/// Writes the list, with a digest over all that is in the files.
pub fn list(page: &Path) -> Result<(), Problem> {
    let mut files = Vec::new();
    collect(page, page, &mut files)?;
    files.sort();
    let mut digest = Sha256::new();
    for file in &files {
        let path = page.join(file);
        digest.update(fs::read(&path).map_err(Problem::file(&path))?);
    }
    let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let text = serde_json::json!({ "digest": digest, "files": files }).to_string();
    let path = page.join(LIST);
    fs::write(&path, text).map_err(Problem::file(&path))
}

fn collect(page: &Path, folder: &Path, files: &mut Vec<String>) -> Result<(), Problem> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    for path in entries.map_err(Problem::file(folder))?.into_iter().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(page, &path, files)?;
        } else if let Some(name) = name(page, &path).filter(|name| is_kept(name)) {
            files.push(name);
        }
    }
    Ok(())
}

/// As it stands in an address.
fn name(page: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(page).ok()?.iter().map(|part| part.to_str());
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("/"))
}

fn is_kept(name: &str) -> bool {
    !name.ends_with(".d.ts") && !NOT_KEPT.iter().any(|not| name == *not || not.ends_with('/') && name.starts_with(not))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_changes_the_digest_and_what_is_not_the_page_is_not_listed() {
        let page = std::env::temp_dir().join(format!("gridscout-offline-{}", std::process::id()));
        for folder in ["pkg", "embed", "views"] {
            fs::create_dir_all(page.join(folder)).expect("folder");
        }
        for file in
            ["index.html", "views/grid.js", "embed/x.js", "offline.js", "gateway.json", "pkg/a.wasm", "pkg/a.d.ts"]
        {
            fs::write(page.join(file), file).expect("file");
        }
        let read = || -> serde_json::Value {
            list(&page).expect("list");
            serde_json::from_str(&fs::read_to_string(page.join(LIST)).expect("text")).expect("JSON")
        };
        let first = read();
        assert_eq!(first["files"], serde_json::json!(["index.html", "pkg/a.wasm", "views/grid.js"]));
        assert_eq!(read()["digest"], first["digest"]);
        fs::write(page.join("views/grid.js"), "else").expect("file");
        assert_ne!(read()["digest"], first["digest"]);
        fs::remove_dir_all(&page).expect("cleaned");
    }
}
