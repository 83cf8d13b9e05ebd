//! `init`: a new registry.

use std::{fs, io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::{Context, bail};
use jiff::Timestamp;
use sumgil_model::ProtocolId;

use crate::{
    Config, DataDir, Registry,
    audit::{self, Actor},
    clock, layout,
    store::{
        Db,
        protocols::{self, Protocol},
    },
    tls,
};

/// The de-identification profile that new protocols ask for.
const PROFILE: &str = "sumgil-default-1";

/// Options of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Address and port to listen on by default.
    #[arg(long, value_name = "ADDR", default_value_t = super::cli::LISTEN)]
    listen: SocketAddr,
    /// Names or addresses by which hospitals reach this registry, for its certificate; may be repeated.
    /// localhost, 127.0.0.1 and ::1 are always in it.
    #[arg(long = "host", value_name = "NAME", conflicts_with = "cert")]
    hosts: Vec<String>,
    /// Use this certificate (PEM, with its issuers) instead of making a private authority.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The private key of --cert (PEM).
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// PostgreSQL database for the rows, postgres://user@host/database, instead of a file in DIR.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// PostgreSQL database for the wrapped keys; keep its backups apart from those of --database.
    #[arg(long, value_name = "URL")]
    keyring: Option<String>,
    /// Code of the first protocol, the one that sites are enrolled in.
    #[arg(long, value_name = "CODE", default_value = "main")]
    protocol: ProtocolId,
}

impl Init {
    /// Makes the registry.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        if dir.config().exists() {
            bail!("{} is a registry already; init makes new ones only", dir.root().display());
        }
        let defaults = Config::new(self.listen, self.protocol.clone());
        let database = self.database.clone().unwrap_or(defaults.database);
        let keyring = self.keyring.clone().unwrap_or(defaults.keyring);
        dir.create().context("making the data directory")?;
        self.certificates(dir)?;
        let config = Config { database, keyring, ..Config::new(self.listen, self.protocol.clone()) };
        let now = clock::now();
        let db = Registry::create(dir, &config, now).await.context("making databases and keys")?;
        first_protocol(&db, &self.protocol, now).await?;
        layout::write_new(&dir.config(), config.to_toml()?.as_bytes()).context("writing registry.toml")?;
        layout::sync_dir(dir.root())?;
        next_steps(dir, &self.protocol)?;
        Ok(ExitCode::SUCCESS)
    }

    fn certificates(&self, dir: &DataDir) -> anyhow::Result<()> {
        let (chain, key) = match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => (
                fs::read_to_string(cert).context("reading --cert")?,
                fs::read_to_string(key).context("reading --key")?,
            ),
            _ => self.private_authority(dir)?,
        };
        let (chain_path, key_path) = (dir.tls().join("server.pem"), dir.tls().join("server.key"));
        layout::write_new(&chain_path, chain.as_bytes()).context("writing the certificate")?;
        layout::write_new(&key_path, key.as_bytes()).context("writing the certificate's key")?;
        tls::server_config(&chain_path, &key_path).context("certificate and key do not work together")?;
        Ok(())
    }

    fn private_authority(&self, dir: &DataDir) -> anyhow::Result<(String, String)> {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        names.extend(self.hosts.iter().filter(|h| !names.contains(h)).cloned().collect::<Vec<_>>());
        let made = tls::make_private_authority(&names).context("making the private authority")?;
        layout::write_new(&dir.tls().join("authority.pem"), made.certificate.as_bytes())?;
        layout::write_new(&dir.tls().join("authority.key"), made.key.as_bytes())?;
        Ok((made.chain, made.server_key))
    }
}

/// The protocol that sites are enrolled in until there are more.
async fn first_protocol(db: &Db, id: &ProtocolId, now: Timestamp) -> anyhow::Result<()> {
    let protocol = Protocol {
        id: id.clone(),
        name: id.to_string(),
        codebook: "{}".to_owned(),
        eligibility: "{}".to_owned(),
        profile: PROFILE.to_owned(),
        created_at: now,
        closed_at: None,
    };
    let mut entry = Actor::console().did("registry.init", now);
    entry.object = Some(format!("protocol {id}"));
    db.write(move |tx| {
        Box::pin(async move {
            protocols::add(tx, &protocol).await?;
            audit::append(tx, entry).await
        })
    })
    .await?;
    Ok(())
}

fn next_steps(dir: &DataDir, protocol: &ProtocolId) -> std::io::Result<()> {
    let at = dir.root().display();
    writeln!(
        std::io::stdout(),
        "registry made in {at}, protocol {protocol}\n\n\
         next steps\n  \
         sumgil-registry --dir {at} serve\n  \
         sumgil-registry --dir {at} site enrol CODE --name NAME      a token for each hospital\n  \
         sumgil-registry --dir {at} user add NAME --role reader      a token for each person\n\n\
         keep a copy of {at}/secrets away from this machine: without it no object opens"
    )
}
