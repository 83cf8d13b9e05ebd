//! TLS 1.3: a private certificate authority made by `init`, and the server's side of the handshake.

mod authority;
mod server;

pub use authority::{PrivateAuthority, ServerName, make_private_authority};
pub use server::{load_chain, server_config};
