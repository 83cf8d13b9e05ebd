//! The receiving side: C-STORE and C-ECHO service class provider.
//!
//! What a stranger can make it spend, with the default settings:
//!
//! | what | bound |
//! |---|---|
//! | a connection without an association | 16 KiB, 256 KiB while its request comes in; 10 s; at most 128 of them |
//! | an association | 16 KiB besides its data set; 60 s without a PDU; at most 64, quiet ones yield after 5 s |
//! | a PDU | read as it comes into what is there: no length field ever sizes an allocation |
//! | a command set | 16 KiB, 64 elements of group 0000, no nesting |
//! | data sets | 512 MiB each, 1 GiB together, beyond which they are read, dropped and answered with A700 |
//!
//! A data set is collected behind the head of the Part 10 file that it becomes, screened, and given to the handler
//! without another copy. Each answer is one write.

mod association;
mod collect;
mod config;
mod gate;
mod handler;
mod listener;
mod message;
mod negotiation;

pub use config::ScpConfig;
pub use handler::{BoxFuture, Received, StoreHandler, StoreStatus};
pub use listener::serve;
