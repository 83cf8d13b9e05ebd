//! Who may be connected: counts connections that have not associated apart from associations, and lets quiet
//! ones yield, so that silent connections cannot keep senders out.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All connections of one listener.
pub(crate) struct Gate {
    entries: Mutex<BTreeMap<u64, Entry>>,
    next: AtomicU64,
    epoch: Instant,
    max_pending: usize,
    max_associations: usize,
    yield_after: Duration,
}

struct Entry {
    peer: IpAddr,
    associated: bool,
    pulse: Arc<Pulse>,
    cancel: CancellationToken,
}

struct Pulse {
    last_ms: AtomicU64,
    working: AtomicBool,
}

/// A connection's place; dropping it frees the place.
pub(crate) struct Ticket {
    gate: Arc<Gate>,
    number: u64,
    pulse: Arc<Pulse>,
    cancel: CancellationToken,
}

impl Gate {
    pub(crate) fn new(max_pending: usize, max_associations: usize, yield_after: Duration) -> Arc<Self> {
        Arc::new(Self {
            entries: Mutex::default(),
            next: AtomicU64::new(0),
            epoch: Instant::now(),
            max_pending: max_pending.max(1),
            max_associations: max_associations.max(1),
            yield_after,
        })
    }

    /// A place for a new connection. When too many wait unassociated, the oldest of the peer with most of them goes.
    pub(crate) fn arrive(self: &Arc<Self>, peer: IpAddr, parent: &CancellationToken) -> Ticket {
        let pulse =
            Arc::new(Pulse { last_ms: AtomicU64::new(self.now_ms()), working: AtomicBool::new(false) });
        let cancel = parent.child_token();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut entries = self.lock();
        if entries.values().filter(|entry| !entry.associated).count() >= self.max_pending {
            dismiss(&mut entries, |entry| !entry.associated);
        }
        let entry = Entry { peer, associated: false, pulse: pulse.clone(), cancel: cancel.clone() };
        entries.insert(number, entry);
        drop(entries);
        Ticket { gate: self.clone(), number, pulse, cancel }
    }

    fn now_ms(&self) -> u64 {
        self.epoch.elapsed().as_millis() as u64
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn count(&self, associated: bool) -> usize {
        self.lock().values().filter(|entry| entry.associated == associated).count()
    }
}

/// Sends away, of the connections that `may_go`, the longest quiet one of the peer that has most of them.
fn dismiss(entries: &mut BTreeMap<u64, Entry>, may_go: impl Fn(&Entry) -> bool) -> bool {
    let mut per_peer: HashMap<IpAddr, usize> = HashMap::new();
    for entry in entries.values().filter(|entry| may_go(entry)) {
        *per_peer.entry(entry.peer).or_default() += 1;
    }
    let candidates = entries.iter().filter(|(_, entry)| may_go(entry));
    let key = |(number, entry): &(&u64, &Entry)| {
        let share = per_peer.get(&entry.peer).copied().unwrap_or(0);
        (std::cmp::Reverse(share), entry.pulse.last_ms.load(Ordering::Relaxed), **number)
    };
    let Some(number) = candidates.min_by_key(key).map(|(number, _)| *number) else { return false };
    if let Some(entry) = entries.remove(&number) {
        entry.cancel.cancel();
    }
    true
}

impl Ticket {
    /// Turns the connection into an association. False when all places are taken by associations that are active.
    pub(crate) fn associate(&self) -> bool {
        self.touch();
        let now_ms = self.gate.now_ms();
        let yield_after_ms = self.gate.yield_after.as_millis() as u64;
        let mut entries = self.gate.lock();
        let is_quiet = |entry: &Entry| {
            let quiet_ms = now_ms.saturating_sub(entry.pulse.last_ms.load(Ordering::Relaxed));
            entry.associated && !entry.pulse.working.load(Ordering::Relaxed) && quiet_ms >= yield_after_ms
        };
        let full = entries.values().filter(|entry| entry.associated).count() >= self.gate.max_associations;
        if full && !dismiss(&mut entries, is_quiet) {
            return false;
        }
        entries.get_mut(&self.number).map(|entry| entry.associated = true).is_some()
    }

    /// Notes that the peer has just sent something.
    pub(crate) fn touch(&self) {
        self.pulse.last_ms.store(self.gate.now_ms(), Ordering::Relaxed);
    }

    /// Notes whether it is our turn: then the association is not quiet, however long it takes.
    pub(crate) fn working(&self, working: bool) {
        self.pulse.working.store(working, Ordering::Relaxed);
        self.touch();
    }

    /// Cancelled when the connection must end at once.
    pub(crate) fn cancelled(&self) -> &CancellationToken {
        &self.cancel
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.gate.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[tokio::test]
    async fn the_crowd_yields_and_not_the_lone_newcomer() {
        let gate = Gate::new(3, 9, Duration::from_secs(5));
        let root = CancellationToken::new();
        let lone = gate.arrive(ip(1), &root);
        let crowd: Vec<_> = (0..5).map(|_| gate.arrive(ip(2), &root)).collect();
        assert!(!lone.cancelled().is_cancelled());
        let gone = crowd.iter().filter(|ticket| ticket.cancelled().is_cancelled()).count();
        assert_eq!((gone, gate.count(false)), (3, 3));
        assert!(crowd[0].cancelled().is_cancelled(), "the oldest of the crowd goes first");
        assert!(!crowd[4].cancelled().is_cancelled());
        drop((lone, crowd));
        assert_eq!(gate.count(false), 0);
    }

    #[tokio::test]
    async fn a_full_house_admits_only_in_place_of_a_quiet_association() {
        let gate = Gate::new(9, 2, Duration::from_millis(1500));
        let root = CancellationToken::new();
        let (working, talking, quiet) =
            (gate.arrive(ip(1), &root), gate.arrive(ip(1), &root), gate.arrive(ip(1), &root));
        assert!(working.associate() && quiet.associate());
        working.working(true);
        assert!(!talking.associate(), "nobody was quiet for long enough");
        tokio::time::sleep(Duration::from_millis(1600)).await;
        assert!(talking.associate());
        assert!(quiet.cancelled().is_cancelled() && !working.cancelled().is_cancelled());
        assert_eq!(gate.count(true), 2);
        drop(quiet);
        assert_eq!(gate.count(true), 2, "a dismissed one frees its place once");
    }
}
