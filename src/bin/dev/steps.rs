//! Steps in order, each with a heading and a duration; the first failure ends them.

use crate::problem::Problem;
use std::time::Duration;

/// What a step found worth a word in the summary.
pub type Note = String;

pub struct Step<C> {
    pub name: &'static str,
    pub run: fn(&mut C) -> Result<Note, Problem>,
}

/// A stopwatch.
pub struct Clock(std::time::Instant);

impl Clock {
    #[allow(clippy::disallowed_methods)] // The rule is about the engine; this is a tool.
    pub fn start() -> Clock {
        Clock(std::time::Instant::now())
    }

    pub fn read(&self) -> Duration {
        self.0.elapsed()
    }
}

/// `0.4 s`, `12 s`, `3 min 05 s`.
pub fn shown(duration: Duration) -> String {
    let secs = duration.as_secs_f64();
    match secs {
        ..9.95 => format!("{secs:.1} s"),
        ..59.5 => format!("{secs:.0} s"),
        _ => format!("{} min {:02} s", (secs.round() as u64) / 60, (secs.round() as u64) % 60),
    }
}

/// Announces one piece of work, does it, and says how long it took.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    println!("   … {what}");
    let clock = Clock::start();
    let result = work()?;
    println!("   ✓ {what} ({})", shown(clock.read()));
    Ok(result)
}

pub fn run_all<C>(steps: &[Step<C>], context: &mut C) -> Result<(), Problem> {
    let whole = Clock::start();
    let mut summary = Vec::new();
    let mut failure = None;
    for (index, step) in steps.iter().enumerate() {
        println!("\n── {}/{} {}", index + 1, steps.len(), step.name);
        let clock = Clock::start();
        let result = (step.run)(context);
        let took = shown(clock.read());
        match result {
            Ok(note) => summary.push(format!("   ok      {:<28} {took:>12}   {note}", step.name)),
            Err(problem) => {
                summary.push(format!("   FAILED  {:<28} {took:>12}   {problem}", step.name));
                failure = Some((step.name, problem));
                break;
            }
        }
    }
    summary.extend(steps[summary.len()..].iter().map(|step| format!("   not run {}", step.name)));
    println!("\n── summary\n{}", summary.join("\n"));
    let Some((name, problem)) = failure else {
        println!("   {} steps passed, 0 failed, in {}", steps.len(), shown(whole.read()));
        return Ok(());
    };
    if let Some(remedy) = problem.remedy() {
        println!("\n   {remedy}");
    }
    let passed = steps.iter().position(|step| step.name == name).unwrap_or_default();
    Err(Problem::Step { failed: name, passed, all: steps.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let shown = |ms| shown(Duration::from_millis(ms));
        assert_eq!(
            [shown(420), shown(9_960), shown(59_400), shown(59_600), shown(185_000)],
            ["0.4 s", "10 s", "59 s", "1 min 00 s", "3 min 05 s"]
        );
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        fn good(ran: &mut Vec<u8>) -> Result<Note, Problem> {
            ran.push(1);
            Ok(String::new())
        }
        fn bad(_: &mut Vec<u8>) -> Result<Note, Problem> {
            Err(Problem::NoTests("bad".into()))
        }
        let steps = [Step { name: "a", run: good }, Step { name: "b", run: bad }, Step { name: "c", run: good }];
        let mut ran = Vec::new();
        let problem = run_all(&steps, &mut ran).expect_err("b fails");
        assert_eq!(ran.len(), 1);
        assert_eq!(problem.to_string(), "b failed after 1 of 3 steps");
    }
}
