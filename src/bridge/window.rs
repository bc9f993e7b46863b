//! So many in so long, and no more.
use std::collections::VecDeque;

/// Counts what happened in the last `span_ms`.
#[derive(Clone, Debug)]
pub struct Window {
    span_ms: u64,
    most: usize,
    at_ms: VecDeque<u64>,
}

impl Window {
    /// At most `most` in `span_ms`.
    #[must_use]
    pub fn new(most: usize, span_ms: u64) -> Self {
        Self { span_ms, most, at_ms: VecDeque::new() }
    }

    /// Whether one more would be too many now.
    pub fn is_full(&mut self, now_ms: u64) -> bool {
        self.at_ms.retain(|at| at + self.span_ms > now_ms);
        self.at_ms.len() >= self.most
    }

    /// It happened.
    pub fn count(&mut self, now_ms: u64) {
        self.at_ms.push_back(now_ms);
    }
}
