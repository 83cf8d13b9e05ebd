//! Writes synthetic hospitals: `hospitals OUT [SUBJECTS] [SEED] [COLUMNS]`, COLUMNS those of a radiograph.

use std::{env, io::Write, path::PathBuf, process::ExitCode, time::Instant};

use sumgil_phantom::hospitals::{Plan, write};

fn main() -> ExitCode {
    let mut stdout = std::io::stdout();
    let mut arguments = env::args().skip(1);
    let Some(out) = arguments.next().map(PathBuf::from) else {
        let _ = writeln!(stdout, "usage: hospitals OUT [SUBJECTS] [SEED] [COLUMNS]");
        return ExitCode::FAILURE;
    };
    let number = |text: Option<String>, default| text.and_then(|t| t.parse().ok()).unwrap_or(default);
    let mut plan = Plan {
        subjects: number(arguments.next(), 522) as u32,
        seed: number(arguments.next(), Plan::default().seed),
        ..Plan::default()
    };
    let usual = plan.size.cxr_columns;
    let columns = number(arguments.next(), usual as u64) as usize;
    for side in [&mut plan.size.cxr_columns, &mut plan.size.cxr_rows, &mut plan.size.ct_matrix] {
        *side = *side * columns / usual;
    }
    let start = Instant::now();
    match write(&plan, &out, &|_| {}) {
        Ok(summary) => {
            let _ = writeln!(stdout, "{summary:?} in {:.1} s", start.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(stdout, "{error}");
            ExitCode::FAILURE
        }
    }
}
