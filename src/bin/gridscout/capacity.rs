//! `gridscout capacity`.
use crate::{Outcome, print_json};
use gridscout::library::capacity::CapacityConfig;
use serde_json::json;

#[derive(clap::Args)]
pub struct Args {
    /// Mean particle radius μ, nm.
    #[arg(long, default_value_t = 150.0, allow_hyphen_values = true)]
    mean_radius_nm: f64,
    /// Standard deviation of the radius over its mean.
    #[arg(long, default_value_t = 0.3, allow_hyphen_values = true)]
    sd_ratio: f64,
    /// Share of the usable area that particles cover.
    #[arg(long, default_value_t = 0.5, allow_hyphen_values = true)]
    coverage: f64,
    /// Usable area, mm²: two thirds of a 2 × 2 mm² grid.
    #[arg(long, default_value_t = 2.67, allow_hyphen_values = true)]
    area_mm2: f64,
    /// Components whose compositions are counted, 2 to 12.
    #[arg(long, default_value_t = 6)]
    components: u32,
    /// One spectrum, s.
    #[arg(long, default_value_t = 1.0, allow_hyphen_values = true)]
    eels_secs: f64,
    /// Beam shift before each spectrum, s.
    #[arg(long, default_value_t = 0.02, allow_hyphen_values = true)]
    beam_shift_secs: f64,
    /// From one field of view to the next, retuning and EDX map included, s.
    #[arg(long, default_value_t = 18.0, allow_hyphen_values = true)]
    switch_secs: f64,
    /// Side of a field of view, µm.
    #[arg(long, default_value_t = 30.0, allow_hyphen_values = true)]
    tile_um: f64,
    /// Check eq 1 by drawing radii, and the coverage by placing discs at random.
    #[arg(long)]
    monte_carlo: bool,
    /// Add the data of Figure 1.
    #[arg(long)]
    curve: bool,
    /// Seed of the Monte-Carlo checks.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let config = CapacityConfig {
        area_mm2: args.area_mm2,
        coverage: args.coverage,
        radius_nm: args.mean_radius_nm,
        sd_ratio: args.sd_ratio,
        components: args.components,
        eels_secs: args.eels_secs,
        beam_shift_secs: args.beam_shift_secs,
        switch_secs: args.switch_secs,
        tile_um: args.tile_um,
    };
    let capacity = config.estimate()?;
    let drawn = args.monte_carlo.then(|| config.monte_carlo(1_000_000, args.seed)).transpose()?;
    let placed = args.monte_carlo.then(|| config.placed_coverage(args.seed)).transpose()?;
    if args.json {
        let mut value = serde_json::to_value(&capacity)?;
        if let (Some(drawn), Some(placed)) = (drawn, placed) {
            value["monte_carlo"] = json!({ "expected_particles": drawn, "placed_coverage": placed });
        }
        if args.curve {
            let (radius_nm, expected): (Vec<f64>, Vec<f64>) = config.curve(101)?.into_iter().unzip();
            value["curve"] = json!({ "radius_nm": radius_nm, "expected_particles": expected });
        }
        return print_json(&value);
    }
    say!("expected particles            {:.4e}   (eq 1)", capacity.expected_particles);
    if let (Some(drawn), Some(placed)) = (drawn, placed) {
        say!("  by drawing radii            {drawn:.4e}");
        say!("  coverage placed at random   {placed:.3} of {:.3}", args.coverage);
    }
    say!(
        "dimension by powers of ten    {}   (the paper's count: 10 points in each dimension)",
        capacity.dimension_by_powers_of_ten
    );
    say!("components by simplex grid    {}   (step 0.1)", capacity.components_by_simplex_grid);
    for (n, points) in &capacity.simplex_points {
        say!("  {n:>2} components: {points} grid points");
    }
    let (v, days) = (&capacity.visit, |secs: f64| secs / 86_400.0);
    say!("{} compositions of {} components, at steps of 0.1; as many measurements:", v.compositions, config.components);
    say!(
        "  microscope                  {:.3} days, {} {} of view; random particles, which hit {:.1} % of them",
        days(v.stem_secs),
        v.regions,
        if v.regions == 1.0 { "field" } else { "fields" },
        100.0 * v.share_hit
    );
    if v.grids > 1.0 {
        say!(
            "                              on {} grids, as one holds fewer particles; to change them is not counted",
            v.grids
        );
    }
    match v.nearly_all_secs {
        Some(secs) => {
            say!("  microscope, 95 % of them hit  {:.3} days, {} particles", days(secs), v.nearly_all_particles)
        }
        None => say!(
            "  microscope, 95 % of them hit  takes {} random particles, more than one grid holds",
            v.nearly_all_particles
        ),
    }
    say!("  microscope, every particle  {:.1} days, of one grid", days(v.stem_all_secs));
    say!("                              an EDX map is taken to last as long whatever the number of particles in it");
    say!(
        "  laboratory diffraction      {:.1} to {:.1} days (10 to 30 min a pattern)",
        days(v.xrd_secs.0),
        days(v.xrd_secs.1)
    );
    say!(
        "  {} quasi-ternary libraries   hold {:.2} % of them; diffraction {:.1} to {:.1} days",
        v.spread_libraries,
        100.0 * v.spread_share,
        days(v.spread_xrd_secs.0),
        days(v.spread_xrd_secs.1)
    );
    if let Some(note) = &capacity.note {
        say!("note: {note}");
    }
    if args.curve {
        say!("radius_nm,expected_particles");
        for (radius_nm, expected) in config.curve(101)? {
            say!("{radius_nm:.4},{expected:.6e}");
        }
    }
    Ok(())
}
