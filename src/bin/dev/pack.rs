//! wasm-pack.toml: what is built for WebAssembly, with which tools, and how large it may become.

use crate::problem::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub build: Build,
    pub output: BTreeMap<String, Output>,
    pub tools: BTreeMap<String, String>,
    pub budget: Budget,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    pub target: String,
    pub profile: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub bindgen: BindgenTarget,
    pub out_dir: String,
    pub out_name: String,
    pub wasm_opt: WasmOpt,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BindgenTarget {
    Web,
    Nodejs,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WasmOpt {
    Always,
    IfInstalled,
    Never,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    pub page_gzip_bytes: usize,
    pub embed_gzip_bytes: usize,
}

const FILE: &str = "wasm-pack.toml";

impl Pack {
    pub fn read(root: &Path) -> Result<Pack, Problem> {
        let path = root.join(FILE);
        Self::parse(&std::fs::read_to_string(&path).map_err(Problem::file(&path))?)
    }

    fn parse(text: &str) -> Result<Pack, Problem> {
        toml::from_str(text).map_err(|error| Problem::Config { file: FILE, message: error.to_string() })
    }

    pub fn output(&self, name: &str) -> Result<&Output, Problem> {
        self.output
            .get(name)
            .ok_or_else(|| Problem::Config { file: FILE, message: format!("[output.{name}] is missing") })
    }

    pub fn tool(&self, name: &str) -> Result<&str, Problem> {
        self.tools
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Problem::Config { file: FILE, message: format!("[tools] has no version of {name}") })
    }
}

#[cfg(test)]
mod tests {
    use super::Pack;
    use std::path::Path;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let text = std::fs::read_to_string(root().join("wasm-pack.toml")).expect("wasm-pack.toml");
        Pack::parse(&text).expect("the file itself is fine");
        for (known, unknown) in [("out_dir", "outdir"), ("page_gzip_bytes", "page_bytes"), ("[build]", "[bulid]")] {
            let message = Pack::parse(&text.replace(known, unknown)).expect_err(unknown).to_string();
            assert!(message.contains(unknown.trim_matches(['[', ']'])), "{message}");
        }
    }

    #[test]
    fn pinned_versions_agree_everywhere() {
        let pack = Pack::read(root()).expect("wasm-pack.toml");
        let cargo = std::fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
        let cargo: toml::Value = toml::from_str(&cargo).expect("Cargo.toml");
        let npm = std::fs::read_to_string(root().join("package.json")).expect("package.json");
        let npm: serde_json::Value = serde_json::from_str(&npm).expect("package.json");
        let wasm = &cargo["target"]["cfg(all(target_arch = \"wasm32\", target_os = \"unknown\"))"];
        let native = &cargo["target"]["cfg(not(target_family = \"wasm\"))"]["dependencies"];
        let bindgen = format!("={}", pack.tool("wasm-bindgen").expect("pinned"));
        assert_eq!(wasm["dependencies"]["wasm-bindgen"].as_str(), Some(bindgen.as_str()));
        for name in ["wasm-bindgen-cli", "wasm-bindgen-cli-support"] {
            assert_eq!(native[name]["version"].as_str(), Some(bindgen.as_str()), "{name}");
        }
        let test = format!("={}", pack.tool("wasm-bindgen-test").expect("pinned"));
        assert_eq!(wasm["dev-dependencies"]["wasm-bindgen-test"].as_str(), Some(test.as_str()));
        for name in ["binaryen", "esbuild", "playwright-core", "typescript"] {
            assert_eq!(npm["devDependencies"][name].as_str(), pack.tool(name).ok(), "{name}");
        }
    }
}
