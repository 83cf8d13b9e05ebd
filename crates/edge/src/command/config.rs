//! `config check`: whether `edge.toml` can be used, and what it resolves to.

use std::path::Path;

use anyhow::Result;

use crate::{Home, Linkage, config::Config};

use super::cli::say;

/// Reads the configuration and every list it names, and prints what it resolves to. It holds no secrets:
/// those lie in files of their own.
pub(super) fn check(dir: &Path) -> Result<()> {
    let config = Config::load(&Home::new(dir))?;
    config.policy.load()?;
    config.deid.load()?;
    if let Some(linkage) = &config.linkage {
        Linkage::load(linkage)?;
    }
    say(toml::to_string(&config)?.trim_end());
    if let Some(linkage) = &config.linkage {
        say(&format!(
            "# linkage is ON: tokens of national numbers ({}) go to the centre under the secret in {}",
            linkage.issuers.join(", "),
            linkage.secret_file.display()
        ));
    }
    say("# edge.toml can be used");
    Ok(())
}
