//! Every setting with its unit, range and one line of explanation: what the check, the command line and the page go by.
use serde::Serialize;

/// What kind of value a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A finite number.
    Number,
    /// A whole number.
    Integer,
    /// One number, or one for each component.
    Numbers,
    /// One of [`Parameter::choices`].
    Choice,
    /// true or false.
    Flag,
    /// Names, 2 to 10 of them.
    Texts,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// As it stands in a configuration.
    pub value: &'static str,
    /// For people.
    pub label: &'static str,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Path in the configuration, `cost.stage_speed_um_per_s`.
    pub path: &'static str,
    /// Heading under which the page shows it.
    pub group: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Symbol in the paper, or empty.
    pub symbol: &'static str,
    /// Unit, or empty.
    pub unit: &'static str,
    /// Kind of value.
    pub kind: Kind,
    /// Whether null is allowed, for "no limit" or "by itself".
    pub optional: bool,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// Whether a slider should be logarithmic.
    pub log: bool,
    /// Values of a choice.
    pub choices: Vec<Choice>,
    /// Equation of the paper, or empty.
    pub equation: &'static str,
    /// One line of explanation.
    pub help: &'static str,
}

impl Parameter {
    /// Whether a number is in the range.
    #[must_use]
    pub fn admits(&self, x: f64) -> bool {
        x.is_finite() && self.min.is_none_or(|min| x >= min) && self.max.is_none_or(|max| x <= max)
    }

    /// What is allowed, as text.
    #[must_use]
    pub fn allowed(&self) -> String {
        let range = match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{min} … {max} {}", self.unit).trim_end().to_string(),
            _ => String::new(),
        };
        let base = match self.kind {
            Kind::Number => range,
            Kind::Integer => format!("a whole number, {range}"),
            Kind::Numbers => format!("{range}, one number or one for each element"),
            Kind::Choice => self.choices.iter().map(|c| c.value).collect::<Vec<_>>().join(", "),
            Kind::Flag => "true, false".into(),
            Kind::Texts => "2 to 10 names".into(),
        };
        if self.optional { format!("{base}, or null") } else { base }
    }
}
