//! HTTP to the registry.

use std::time::Duration;

use reqwest::{Client, Response, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use sumgil_custody::{Credential, sha256};
use sumgil_model::ObjectDigest;
use sumgil_transfer::{
    PartReply,
    http::{self, PART_SHA256, UPLOAD_OFFSET, upload_path},
};
use zeroize::Zeroizing;

use crate::EdgeError;

/// The registry, as seen from here. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    url: String,
    client: Client,
    credential: Zeroizing<String>,
}

impl Registry {
    /// The registry at `url`, to which we are who `credential` says.
    ///
    /// # Errors
    /// [`EdgeError::Protocol`] when the address cannot be used.
    pub fn new(url: &str, client: Client, credential: &Credential) -> Result<Self, EdgeError> {
        let url = crate::tls::checked_url(url)?;
        let credential = credential.reveal();
        Ok(Self { url, client, credential })
    }

    /// Posts `message` as JSON and reads the JSON answer.
    ///
    /// # Errors
    /// [`EdgeError::Unreachable`], [`EdgeError::WrongRegistry`], [`EdgeError::Registry`], [`EdgeError::Protocol`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        message: &(impl Serialize + Sync),
    ) -> Result<T, EdgeError> {
        let body = serde_json::to_vec(message).map_err(|_| EdgeError::Protocol("message"))?;
        let response = self
            .client
            .post(format!("{}{path}", self.url))
            .bearer_auth(self.credential.as_str())
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await
            .map_err(|e| unreachable(&e))?;
        let status = response.status().as_u16();
        let body = bounded(response).await?;
        if !(200..300).contains(&status) {
            return Err(EdgeError::Registry { status, detail: problem_text(&body) });
        }
        serde_json::from_slice(&body).map_err(|_| EdgeError::Protocol("the answer is not what was asked for"))
    }

    /// Sends one part of an object.
    ///
    /// # Errors
    /// [`EdgeError::Unreachable`] and answers that do not follow the protocol; all to be tried again.
    pub async fn send_part(
        &self,
        digest: &ObjectDigest,
        offset: u64,
        part: Vec<u8>,
    ) -> Result<PartReply, EdgeError> {
        let response = self
            .client
            .patch(format!("{}{}", self.url, upload_path(digest)))
            .bearer_auth(self.credential.as_str())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(UPLOAD_OFFSET, offset)
            .header(PART_SHA256, hex::encode(sha256(&part)))
            .body(part)
            .send()
            .await
            .map_err(|e| unreachable(&e))?;
        let status = response.status().as_u16();
        let offset = response.headers().get(UPLOAD_OFFSET).and_then(|v| v.to_str().ok()?.parse().ok());
        let body = bounded(response).await?;
        http::decode(status, offset, &body)
            .map_err(|_| EdgeError::Registry { status, detail: problem_text(&body) })
    }

    /// Whether the registry answers at all.
    pub async fn answers(&self) -> bool {
        let request = self.client.get(format!("{}/healthz", self.url)).timeout(Duration::from_secs(5));
        request.send().await.is_ok()
    }
}

/// An answer's body, if it is not absurdly long.
async fn bounded(mut response: Response) -> Result<Vec<u8>, EdgeError> {
    // The certificate of a study of 16,384 instances has 3 MB.
    const MOST: usize = 16 << 20;
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| unreachable(&e))? {
        if body.len() + piece.len() > MOST {
            return Err(EdgeError::Protocol("the answer is too long"));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The title and detail of a problem document.
fn problem_text(body: &[u8]) -> String {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let part = |name: &str| problem.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let text = [part("title"), part("detail")].join(" ");
    text.trim().chars().take(300).collect()
}

/// The error without its URL, and whether it was the certificate.
fn unreachable(error: &reqwest::Error) -> EdgeError {
    let mut causes = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let text = causes.last().cloned().unwrap_or_else(|| "no answer".to_owned());
    if causes.iter().any(|c| c.contains("certificate")) {
        return EdgeError::WrongRegistry;
    }
    EdgeError::Unreachable(text)
}
