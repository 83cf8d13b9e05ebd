//! Beyond loopback the page speaks TLS, with a certificate that is made once.

use std::{net::SocketAddr, sync::Arc};

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use sumgil_custody::hash_password;
use sumgil_edge::{page::fingerprint_of, serve::Server, spool::now_us};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::clinic::PASSWORD;
use crate::site::Site;

async fn ask(address: SocketAddr, authority: &CertificateDer<'static>, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // the peer may close without a goodbye
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_served_with_a_certificate_of_its_own_and_cookies_that_need_it() {
    let site = Site::new().await;
    site.configure("[status]\ntls = 'self-signed'\nhosts = ['edge.hospital.example']\n");
    let edge = site.edge().await;
    let hash = hash_password(PASSWORD, &mut rand::rng()).unwrap();
    edge.db.add_account("mina", "reviewer", &hash, now_us()).await.unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(edge, any, any).await.unwrap();
    let listening = server.listening().clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));

    let pem = site.home().secret("page-certificate.pem");
    let certificate = CertificateDer::from_pem_file(pem).unwrap();
    assert_eq!(listening.fingerprint.as_deref(), Some(fingerprint_of(&certificate).as_str()));
    let (address, port) = (listening.status, listening.status.port());
    let host = format!("edge.hospital.example:{port}");
    let get = format!("GET /login HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert!(ask(address, &certificate, &get).await.starts_with("HTTP/1.1 200"));
    let form = format!("name=mina&password={}", PASSWORD.replace(' ', "+"));
    let post = |scheme: &str| {
        format!(
            "POST /login HTTP/1.1\r\nHost: {host}\r\nOrigin: {scheme}://{host}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        )
    };
    let answer = ask(address, &certificate, &post("https")).await;
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie: __Host-sumgil=")).unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
    assert!(ask(address, &certificate, &post("http")).await.starts_with("HTTP/1.1 403"));
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_listen_beyond_this_machine_without_tls() {
    let site = Site::new().await;
    let (any, open) = (SocketAddr::from(([127, 0, 0, 1], 0)), SocketAddr::from(([0, 0, 0, 0], 0)));
    let refused = Server::start(site.edge().await, any, open).await.err().unwrap().to_string();
    assert!(refused.contains("TLS"), "{refused}");
}
