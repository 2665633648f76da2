//! A seeded simulation: workers that crash, stall and finish late against a clock that jumps. What
//! must hold at every step is the contract, whatever the order of events.

use std::collections::HashMap;

use clx_store::JobId;
use clx_store::rows::job::{self, End, Heartbeat, Model, NewJob};
use clx_testkit::{START_MS, TestStore};

use crate::bench::Bench;

const LEASE_MS: i64 = 15_000;
const N_JOBS: usize = 12;
const MAX_ATTEMPTS: i32 = 3;

/// SplitMix64 (Steele, Lea, Flood 2014): the same sequence on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

struct World {
    bench: Bench,
    dice: Dice,
    now: i64,
    /// Jobs that workers believe to hold, with the time their lease ends as they know it.
    held: Vec<(Model, i64)>,
    /// How often the effect of each job was committed.
    effects: HashMap<String, u32>,
}

impl World {
    async fn step(&mut self) {
        match self.dice.below(10) {
            0..=3 => self.claim().await,
            4 | 5 => self.finish().await,
            6 => self.beat().await,
            // A worker is killed: it forgets its job and says nothing.
            7 => drop(self.pick()),
            8 => self.now += self.dice.below(LEASE_MS as u64) as i64,
            _ => self.recover().await,
        }
    }

    fn pick(&mut self) -> Option<(Model, i64)> {
        if self.held.is_empty() {
            return None;
        }
        let i = self.dice.below(self.held.len() as u64) as usize;
        Some(self.held.swap_remove(i))
    }

    async fn claim(&mut self) {
        let until = self.now + LEASE_MS;
        let tx = self.bench.store.begin().await.unwrap();
        let claimed = job::claim(&tx, self.now, until).await.unwrap();
        tx.commit().await.unwrap();
        let Some(row) = claimed else { return };
        assert!(row.attempt <= MAX_ATTEMPTS, "attempt {} of {MAX_ATTEMPTS}", row.attempt);
        let other = self.held.iter().find(|(held, until)| held.id == row.id && *until >= self.now);
        assert!(other.is_none(), "{} is claimed under a lease that is still good", row.id);
        self.held.push((row, until));
    }

    async fn finish(&mut self) {
        let Some((row, until)) = self.pick() else { return };
        let tx = self.bench.store.begin().await.unwrap();
        let token = row.lease_token.as_deref().unwrap();
        let end = End::Succeeded { result_sha256: None };
        let counted = job::finish(&tx, &row.id, token, end, self.now).await.unwrap();
        tx.commit().await.unwrap();
        assert!(counted || until < self.now, "a worker with a good lease was refused");
        *self.effects.entry(row.id).or_default() += u32::from(counted);
    }

    async fn beat(&mut self) {
        let Some((row, until)) = self.pick() else { return };
        let lease_until = self.now + LEASE_MS;
        let tx = self.bench.store.begin().await.unwrap();
        let token = row.lease_token.as_deref().unwrap();
        let beat = Heartbeat { lease_until, progress: 0.5, stage: "half".into() };
        let held = job::heartbeat(&tx, &row.id, token, beat).await.unwrap();
        tx.commit().await.unwrap();
        assert!(held.is_some() || until < self.now, "a worker with a good lease was refused");
        if held.is_some() {
            self.held.push((row, lease_until));
        }
    }

    async fn recover(&mut self) {
        let tx = self.bench.store.begin().await.unwrap();
        job::recover(&tx, self.now, 100).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn simulate(seed: u64) {
    let bench = Bench::on(TestStore::sqlite().await).await;
    let mut ids = Vec::new();
    let tx = bench.store.begin().await.unwrap();
    for _ in 0..N_JOBS {
        let new = NewJob {
            id: JobId::new(),
            org: bench.caller.org.clone(),
            user: bench.caller.user.to_string(),
            analysis: "test".into(),
            recording: None,
            params: "{}".into(),
            inputs: "[]".into(),
            priority: 10,
            run_at: START_MS,
            max_attempts: MAX_ATTEMPTS,
            unique_key: None,
        };
        ids.push(job::enqueue(&tx, new, START_MS).await.unwrap());
    }
    tx.commit().await.unwrap();
    let held = Vec::new();
    let mut world = World { bench, dice: Dice(seed), now: START_MS, held, effects: HashMap::new() };
    for _ in 0..250 {
        world.step().await;
    }
    // From here on nobody crashes: everything must come to an end.
    world.held.clear();
    for _ in 0..MAX_ATTEMPTS {
        world.now += LEASE_MS + 1;
        world.recover().await;
        for _ in 0..N_JOBS {
            world.claim().await;
        }
        while !world.held.is_empty() {
            world.finish().await;
        }
    }
    for id in ids {
        let row = job::find(world.bench.store.read(), &world.bench.caller.org, &id).await.unwrap();
        let row = row.unwrap();
        let effects = world.effects.get(id.as_str()).copied().unwrap_or_default();
        let expected = u32::from(row.state == job::SUCCEEDED);
        assert!(row.state == job::SUCCEEDED || row.state == job::FAILED, "seed {seed}: {row:?}");
        assert_eq!(effects, expected, "seed {seed}: {} is {}", row.id, row.state);
    }
}

#[tokio::test]
async fn every_job_ends_and_its_effect_happens_exactly_once() {
    for seed in 0..12 {
        simulate(seed).await;
    }
}
