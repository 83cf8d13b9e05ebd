//! Writes synthetic hospitals: `hospitals OUT [SUBJECTS] [SEED]`.

use std::{env, io::Write, path::PathBuf, process::ExitCode, time::Instant};

use sumgil_phantom::hospitals::{Plan, write};

fn main() -> ExitCode {
    let mut stdout = std::io::stdout();
    let mut arguments = env::args().skip(1);
    let Some(out) = arguments.next().map(PathBuf::from) else {
        let _ = writeln!(stdout, "usage: hospitals OUT [SUBJECTS] [SEED]");
        return ExitCode::FAILURE;
    };
    let number = |text: Option<String>, default| text.and_then(|t| t.parse().ok()).unwrap_or(default);
    let plan = Plan {
        subjects: number(arguments.next(), 522) as u32,
        seed: number(arguments.next(), Plan::default().seed),
        ..Plan::default()
    };
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
