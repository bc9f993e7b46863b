//! One campaign in the browser, stepped by the page's Worker.
use super::{
    convert::{from_js, invalid, plain, to_js},
    explain::explain,
};
use crate::{
    campaign::{Campaign, Config, Event, Input, Moment, Output, Record, World, run_until},
    composition::{Composition, grid_points},
    cost::CostConfig,
    library::Library,
    microscope::{Reply, Request, Simulated},
    num,
    surrogate::{Field, Hyper},
};
use js_sys::{Float32Array, Float64Array, Object, Reflect, Uint32Array};
use serde_json::json;
use wasm_bindgen::prelude::*;

enum Stage {
    Preparing(Box<World>),
    Ready(Box<Campaign>, Box<Simulated>),
    /// Only while one stage turns into the next.
    Between,
}

/// A campaign against the simulated microscope.
#[wasm_bindgen]
pub struct Session {
    stage: Stage,
    library: Library,
    components: usize,
    pub(super) moment: Option<(u32, Moment)>,
}

#[wasm_bindgen]
impl Session {
    /// A session from a configuration object; nothing is computed yet.
    ///
    /// # Errors
    /// An `Error` whose `errors` names every setting that cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<Session, JsValue> {
        let value: serde_json::Value = from_js(config)?;
        let config = Config::from_json(&value).map_err(invalid)?;
        let components = config.elements.len();
        let world = World::new(config);
        let library = world.library().clone();
        Ok(Self { stage: Stage::Preparing(Box::new(world)), library, components, moment: None })
    }

    /// Do about `work_ms` milliseconds of preparation; returns the share done, 1 when ready.
    ///
    /// # Errors
    /// As the constructor, for what only shows once particles are drawn.
    pub fn prepare(&mut self, work_ms: f64) -> Result<f64, JsValue> {
        let Stage::Preparing(world) = &mut self.stage else { return Ok(1.0) };
        let share = world.advance(work_ms.clamp(0.1, 1e4)).map_err(invalid)?;
        if share >= 1.0
            && let Stage::Preparing(world) = std::mem::replace(&mut self.stage, Stage::Between)
        {
            let (campaign, microscope) = world.open().map_err(invalid)?;
            self.stage = Stage::Ready(Box::new(campaign), Box::new(microscope));
        }
        Ok(share)
    }

    /// Size of the area and of the grid of tiles.
    ///
    /// # Errors
    /// Never in practice.
    pub fn geometry(&self) -> Result<JsValue, JsValue> {
        let grid = self.library.grid();
        let (width_um, height_um) = grid.size_um();
        to_js(&json!({
            "width_um": width_um, "height_um": height_um, "tile_um": grid.tile_um(),
            "columns": grid.columns(), "rows": grid.rows(), "components": self.components,
        }))
    }

    /// The particles of some tiles, as arrays; `offsets` says where each tile begins.
    ///
    /// # Errors
    /// Never in practice.
    pub fn particles(&self, first_tile: u32, tile_count: u32) -> Result<JsValue, JsValue> {
        let last = first_tile.saturating_add(tile_count).min(self.library.grid().tile_count());
        let (mut offsets, mut x, mut y, mut radius, mut fractions) = (vec![0], vec![], vec![], vec![], vec![]);
        for tile in first_tile..last {
            for p in self.library.tile(tile).particles {
                x.push(p.x_um as f32);
                y.push(p.y_um as f32);
                radius.push(p.radius_nm as f32);
                fractions.extend(p.composition.fractions().iter().map(|c| *c as f32));
            }
            offsets.push(x.len() as u32);
        }
        object(&[
            ("offsets", Uint32Array::from(offsets.as_slice()).into()),
            ("x_um", Float32Array::from(x.as_slice()).into()),
            ("y_um", Float32Array::from(y.as_slice()).into()),
            ("radius_nm", Float32Array::from(radius.as_slice()).into()),
            ("fractions", Float32Array::from(fractions.as_slice()).into()),
        ])
    }

    /// Run up to `max_iterations` iterations; returns how many were done, 0 once it has ended or before it is prepared.
    pub fn step(&mut self, max_iterations: u32) -> u32 {
        let Stage::Ready(campaign, microscope) = &mut self.stage else { return 0 };
        let before = campaign.entries().len();
        let until = before + max_iterations as usize;
        run_until(campaign, &mut **microscope, |c| c.entries().len() >= until || c.ended().is_some());
        (campaign.entries().len() - before) as u32
    }

    /// End the campaign by hand.
    pub fn stop(&mut self) {
        if let Stage::Ready(campaign, _) = &mut self.stage {
            campaign.handle(Input::Stop);
        }
    }

    /// Why it ended; null while it runs.
    ///
    /// # Errors
    /// Never in practice.
    pub fn ended(&self) -> Result<JsValue, JsValue> {
        to_js(&self.campaign().and_then(Campaign::ended))
    }

    /// Entries so far: one for the seeds, one for each iteration.
    pub fn iterations(&self) -> u32 {
        self.campaign().map_or(0, |c| c.entries().len() as u32)
    }

    /// Scores, time and cost of the entries from `from` on, as arrays.
    ///
    /// # Errors
    /// Not prepared.
    pub fn series(&mut self, from: u32) -> Result<JsValue, JsValue> {
        let campaign = self.campaign_mut()?;
        let scores = campaign.scores();
        let from = (from as usize).min(scores.len());
        let (scores, entries) = (&scores[from..], &campaign.entries()[from..]);
        let f64s = |f: &dyn Fn(usize) -> f64| {
            Float64Array::from((0..scores.len()).map(f).collect::<Vec<_>>().as_slice()).into()
        };
        let u32s = |f: &dyn Fn(usize) -> u32| {
            Uint32Array::from((0..scores.len()).map(f).collect::<Vec<_>>().as_slice()).into()
        };
        object(&[
            ("mean_sd", f64s(&|i| scores[i].mean_sd)),
            ("mean_abs_error", f64s(&|i| scores[i].mean_abs_error)),
            ("rmse", f64s(&|i| scores[i].rmse)),
            ("time_secs", f64s(&|i| entries[i].time_secs)),
            ("cost", f64s(&|i| entries[i].cost)),
            ("region", u32s(&|i| entries[i].tile)),
            ("measured", u32s(&|i| entries[i].measurements)),
        ])
    }

    /// Measurements from the `from`-th on, as arrays.
    ///
    /// # Errors
    /// Not prepared.
    pub fn measurements(&self, from: u32) -> Result<JsValue, JsValue> {
        let all = self.ready()?.measurements();
        let list = &all[(from as usize).min(all.len())..];
        let u32s =
            |f: &dyn Fn(usize) -> u32| Uint32Array::from((0..list.len()).map(f).collect::<Vec<_>>().as_slice()).into();
        let values: Vec<f64> = list.iter().map(|m| m.value).collect();
        object(&[
            ("tile", u32s(&|i| list[i].tile)),
            ("particle", u32s(&|i| list[i].particle)),
            ("value", Float64Array::from(values.as_slice()).into()),
            ("iteration", u32s(&|i| list[i].iteration)),
        ])
    }

    /// Regions in order of the first visit, as arrays.
    ///
    /// # Errors
    /// Not prepared.
    pub fn visits(&self) -> Result<JsValue, JsValue> {
        let visits = self.ready()?.visits();
        let u32s = |f: &dyn Fn(usize) -> u32| {
            Uint32Array::from((0..visits.len()).map(f).collect::<Vec<_>>().as_slice()).into()
        };
        object(&[
            ("tile", u32s(&|i| visits[i].tile)),
            ("measured", u32s(&|i| visits[i].measured)),
            ("total", u32s(&|i| visits[i].total)),
            ("first_iteration", u32s(&|i| visits[i].first_iteration)),
        ])
    }

    /// Every stage move, as arrays; the first entry is the start.
    ///
    /// # Errors
    /// Not prepared.
    pub fn path(&self) -> Result<JsValue, JsValue> {
        let (tile, iteration): (Vec<u32>, Vec<u32>) = self.ready()?.path().iter().copied().unzip();
        object(&[
            ("tile", Uint32Array::from(tile.as_slice()).into()),
            ("iteration", Uint32Array::from(iteration.as_slice()).into()),
        ])
    }

    /// Why an iteration (from 1) did what it did; null for the seeds and for what has not happened.
    ///
    /// # Errors
    /// Not prepared.
    pub fn decision(&self, iteration: u32) -> Result<JsValue, JsValue> {
        to_js(&explain(self.ready()?, iteration))
    }

    /// Posterior mean and sd at the points of the simplex grid (1/`resolution` spacing, three components), after an entry.
    ///
    /// # Errors
    /// Not prepared, or not three components.
    pub fn field(&self, entry: u32, resolution: u32) -> Result<JsValue, JsValue> {
        if self.components != 3 {
            return Err(plain("a field is drawn for three components only"));
        }
        let (mean, sd) = self.posterior(entry, &grid_points(3, resolution.clamp(1, 400)))?;
        object(&[
            ("mean", Float32Array::from(mean.as_slice()).into()),
            ("sd", Float32Array::from(sd.as_slice()).into()),
        ])
    }

    /// Posterior mean and sd at one composition after an entry.
    ///
    /// # Errors
    /// Not prepared, or no composition.
    pub fn predict(&self, entry: u32, fractions: &[f64]) -> Result<JsValue, JsValue> {
        let at = Composition::new(fractions).map_err(plain)?;
        if at.components() != self.components {
            return Err(plain(format!("{} fractions; allowed: {}", at.components(), self.components)));
        }
        let (mean, sd) = self.posterior(entry, &[at])?;
        to_js(&json!({ "mean": mean[0], "sd": sd[0] }))
    }

    /// The campaign in numbers, as the command line prints them.
    ///
    /// # Errors
    /// Not prepared.
    pub fn summary(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.campaign_mut()?.summary())
    }

    /// The text of the record.
    ///
    /// # Errors
    /// Not prepared.
    pub fn record(&mut self) -> Result<String, JsValue> {
        Ok(Record::of(self.campaign_mut()?).to_text())
    }
}

impl Session {
    /// What the planner wants done next; none while it waits for a reply, and once it has ended.
    pub(super) fn next_request(&mut self) -> Result<Option<Request>, JsValue> {
        let campaign = self.campaign_mut()?;
        campaign.handle(Input::Start);
        Ok(match campaign.poll() {
            Output::Send(request) => Some(request),
            Output::Wait(_) | Output::Ended(_) => None,
        })
    }

    pub(super) fn take_reply(&mut self, reply: Reply) -> Result<(), JsValue> {
        self.campaign_mut()?.handle(Input::Reply(reply));
        Ok(())
    }

    pub(super) fn cost(&self) -> Result<&CostConfig, JsValue> {
        Ok(&self.ready()?.config().cost)
    }

    pub(super) fn has_ended(&self) -> bool {
        self.campaign().is_some_and(|campaign| campaign.ended().is_some())
    }

    fn campaign(&self) -> Option<&Campaign> {
        match &self.stage {
            Stage::Ready(campaign, _) => Some(campaign),
            _ => None,
        }
    }

    pub(super) fn ready(&self) -> Result<&Campaign, JsValue> {
        self.campaign().ok_or_else(|| plain("the session is not prepared; call prepare() until it returns 1"))
    }

    fn campaign_mut(&mut self) -> Result<&mut Campaign, JsValue> {
        match &mut self.stage {
            Stage::Ready(campaign, _) => Ok(campaign),
            _ => Err(plain("the session is not prepared; call prepare() until it returns 1")),
        }
    }

    /// The posterior as it was after an entry, with the hyper-parameters of that time.
    fn posterior(&self, entry: u32, points: &[Composition]) -> Result<(Vec<f32>, Vec<f32>), JsValue> {
        let campaign = self.ready()?;
        let gp = campaign.planner().gp();
        let entries = campaign.entries();
        let rows = entries.get(entry as usize).or(entries.last()).map_or(0, |e| e.measurements as usize);
        let mut field = Field::default();
        field.push(points);
        let then = hyper_after(campaign, rows);
        if then == *gp.hyper() {
            field.update(gp, rows);
        } else {
            field.update(&gp.replayed(then, rows), rows);
        }
        let sd = field.variance().iter().map(|v| num::root(*v) as f32).collect();
        Ok((field.mean().iter().map(|m| *m as f32).collect(), sd))
    }
}

/// The hyper-parameters in force after so many measurements.
fn hyper_after(campaign: &Campaign, rows: usize) -> Hyper {
    let fitted = campaign.events().iter().rev().find_map(|e| match e {
        Event::Fitted { measurements, hyper } if *measurements as usize <= rows => Some(hyper.clone()),
        _ => None,
    });
    fitted.unwrap_or_else(|| Hyper::from_config(&campaign.config().surrogate, campaign.config().elements.len()))
}

fn object(entries: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let out = Object::new();
    for (key, value) in entries {
        Reflect::set(&out, &(*key).into(), value)?;
    }
    Ok(out.into())
}
