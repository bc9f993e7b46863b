//! What comes from the gateway.
use super::{CALL, Client, LEASE, Link, Output, RESEND_MS};
use crate::{
    bridge::{
        journal::{Done, Entry, Numbered},
        refusal::{Code, Refusal, Retry},
        wire::{Answer, Call, Outgoing},
    },
    microscope::{Fault, Reply},
};

impl Client {
    pub(super) fn frame(&mut self, text: &str) {
        let frame = match Outgoing::parse(text) {
            Ok(frame) => frame,
            // No link changes a letter: the gateway speaks another version, and what it says must not be passed over.
            Err(refusal) => {
                let text = format!("a frame of the gateway cannot be read: {}", refusal.text);
                return self.fail(Refusal { text, ..refusal });
            }
        };
        self.heard_ms = self.now_ms;
        if matches!(&frame, Outgoing::Answer { id: Some(id), .. } if id == LEASE) {
            self.asked = self.asked.saturating_sub(1);
        }
        match frame {
            Outgoing::Answer { id: Some(ref id), .. } if id.starts_with(CALL) => {
                self.out.push_back(Output::Heard(frame))
            }
            Outgoing::Answer { result: Ok(Answer::Welcome { jseq, .. }), .. } => {
                if self.link == Link::Connecting {
                    self.link = Link::Open;
                    self.behind = jseq;
                    self.lease_ms = self.now_ms;
                    self.beat_ms = self.now_ms;
                    if !self.drives {
                        self.failures = 0;
                    }
                }
            }
            Outgoing::Answer { result: Ok(Answer::Alive { n }), .. } => {
                if let Some((_, sent_ms)) = self.timed.take_if(|(timed, _)| *timed == n) {
                    self.round_trip_ms = Some(self.now_ms - sent_ms);
                }
            }
            // Wished for no more when it came.
            Outgoing::Answer { result: Ok(Answer::Granted { epoch, .. }), .. } if !self.drives => {
                self.send("release".into(), Call::Release { epoch });
            }
            Outgoing::Answer { result: Ok(Answer::Granted { epoch, .. }), .. } => {
                let older = matches!(self.link, Link::Leased { epoch: known } if known >= epoch);
                if !older && self.link != Link::Connecting {
                    self.held = Some(epoch);
                    self.failures = 0;
                    self.beat_ms = self.now_ms;
                    self.link = Link::Leased { epoch };
                    let now_ms = self.now_ms;
                    self.pending.values_mut().for_each(|p| p.at_ms = now_ms);
                    if self.overtaken() {
                        self.give_up();
                    }
                }
            }
            Outgoing::Answer { result: Ok(Answer::Done(done)), .. } => self.done(done),
            Outgoing::Answer { result: Ok(_), .. } => {}
            Outgoing::Answer { result: Err(refusal), .. } => self.refused(refusal),
            Outgoing::Event(entry) => self.event(entry),
            Outgoing::LeaseAsked { .. } | Outgoing::Status(_) => self.out.push_back(Output::Heard(frame)),
        }
    }

    /// Entries are passed on without a gap: after one, what is missing is asked for.
    fn event(&mut self, entry: Numbered) {
        if let Entry::Granted { epoch, .. } = entry.entry {
            self.newest = self.newest.max(epoch);
            if self.holds_lease() && self.overtaken() {
                self.give_up();
            }
        }
        match self.last_jseq {
            Some(last) if entry.jseq <= last => {}
            Some(last) if entry.jseq > last + 1 => {
                if self.resynced_after.replace(last) != Some(last) {
                    self.send(format!("gap{last}"), Call::Resync { after_jseq: last });
                }
            }
            _ => {
                self.last_jseq = Some(entry.jseq);
                self.out.push_back(Output::Heard(Outgoing::Event(entry)));
            }
        }
    }

    fn done(&mut self, done: Done) {
        let Some(id) = self.number(&done.cid) else { return };
        if self.pending.remove(&id).is_some() {
            self.out.push_back(Output::Reply(Reply { id, took_secs: done.took_secs, outcome: done.outcome }));
        }
    }

    fn refused(&mut self, refusal: Refusal) {
        let pending =
            refusal.cid.as_deref().and_then(|cid| self.number(cid)).filter(|id| self.pending.contains_key(id));
        match (refusal.code, pending) {
            // Already being asked for, or of a connection before this one.
            (Code::Lease, _) if !self.holds_lease() => {}
            (Code::Lease, _) => {
                self.link = Link::Open;
                self.lease_ms = self.now_ms;
            }
            (Code::KeyReuse, Some(_)) => {
                let text = format!("{}; the journal holds another command under it", refusal.text);
                self.diverged = true;
                self.pending.clear();
                self.send("diverged".into(), Call::Hold {});
                self.out.push_back(Output::Failed(Refusal {
                    code: Code::Diverged,
                    text,
                    retry: Retry::Never,
                    ..refusal
                }));
            }
            (Code::Version, _) => self.fail(refusal),
            (Code::Auth, None) if self.link == Link::Connecting => self.fail(refusal),
            (Code::InDoubt, Some(id)) => self.later(id, RESEND_MS),
            (_, Some(id)) => match refusal.retry {
                Retry::AfterMs(ms) => self.later(id, ms),
                Retry::SameCid => self.later(id, 0),
                Retry::Never | Retry::NewCid => {
                    self.pending.remove(&id);
                    let outcome = Err(Fault::Refused { reason: refusal.text });
                    self.out.push_back(Output::Reply(Reply { id, took_secs: 0.0, outcome }));
                }
            },
            _ => {}
        }
    }

    fn later(&mut self, id: u32, ms: u64) {
        let at_ms = self.now_ms + ms;
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.at_ms = at_ms;
        }
    }

    fn fail(&mut self, refusal: Refusal) {
        self.out.extend([Output::Close, Output::Failed(refusal)]);
        self.link = Link::Finished;
    }

    fn number(&self, cid: &str) -> Option<u32> {
        cid.strip_prefix(self.run.as_str())?.strip_prefix('.')?.parse().ok()
    }
}
