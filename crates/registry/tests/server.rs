//! Stories of the real server: sockets, TLS with a pinned authority, and a stop that loses nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on has failed")]

mod client;
mod world;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use client::{Client, connect, trusting};
use sumgil_registry::{tls, web};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use world::World;

/// A running server with a certificate of its own.
struct Running {
    address: SocketAddr,
    authority: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    async fn new(world: &World) -> Self {
        let made = tls::make_private_authority(&["localhost".into(), "127.0.0.1".into()]).unwrap();
        let (chain, key) = (world.dir().tls().join("server.pem"), world.dir().tls().join("server.key"));
        std::fs::write(&chain, &made.chain).unwrap();
        std::fs::write(&key, &made.server_key).unwrap();
        let config = tls::server_config(&chain, &key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = web::router(web::App::new(Arc::clone(&world.registry)));
        let task = tokio::spawn(web::serve(listener, Some(config), app, 64, async {
            let _ = stopped.await;
        }));
        Self { address, authority: made.certificate, stop, task }
    }
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_is_served_over_tls_13() {
    let world = World::new().await;
    let running = Running::new(&world).await;
    let mut client = connect(running.address, trusting(&running.authority)).await.unwrap();
    assert_eq!(client.version(), Some(rustls::ProtocolVersion::TLSv1_3));
    let answer = client.get("/healthz").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(client.get("/dicom-web/studies").await.starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn strangers_old_protocols_and_plain_http_get_no_answer() {
    let world = World::new().await;
    let running = Running::new(&world).await;
    let stranger = tls::make_private_authority(&["localhost".into()]).unwrap();
    assert!(connect(running.address, trusting(&stranger.certificate)).await.is_err());
    assert!(connect(running.address, client::only_tls_12(&running.authority)).await.is_err());
    let mut plain = TcpStream::connect(running.address).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/"), "no HTTP without TLS");
}

#[tokio::test]
async fn a_stop_ends_idle_connections_and_the_port_is_free() {
    let world = World::new().await;
    let running = Running::new(&world).await;
    let mut client: Client = connect(running.address, trusting(&running.authority)).await.unwrap();
    client.get("/healthz").await;
    running.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running.task).await.expect("stops in time").unwrap();
    TcpListener::bind(running.address).await.unwrap();
}
