//! The gateway's clock: milliseconds since it was started, never going back.
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "a shell may read the clock, here and nowhere else")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// What the time was at its start, ms since 1970 (UTC).
    #[expect(clippy::disallowed_methods, reason = "as above")]
    pub fn began_unix_ms(self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_sub(self.now_ms())
    }

    pub fn now_ms(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub fn until(self, at_ms: u64) -> Duration {
        Duration::from_millis(at_ms.saturating_sub(self.now_ms()))
    }
}
