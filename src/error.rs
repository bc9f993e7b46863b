//! Errors of the settings: they name the field, the value found and what is allowed.
use serde::{Deserialize, Serialize};

/// One setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field} is {value}; allowed: {allowed}")]
pub struct ConfigError {
    /// Path of the setting, `cost.stage_speed_um_per_s`, or line and column of a file.
    pub field: String,
    /// The value found, as text.
    pub value: String,
    /// What would be accepted.
    pub allowed: String,
}

impl ConfigError {
    /// An error from anything that can be shown.
    pub fn new(field: impl Into<String>, value: impl ToString, allowed: impl Into<String>) -> Self {
        Self { field: field.into(), value: value.to_string(), allowed: allowed.into() }
    }
}

/// Every setting that cannot be used, in the order of the settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Invalid(pub Vec<ConfigError>);

impl From<ConfigError> for Invalid {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}
