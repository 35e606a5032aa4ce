//! A client of the door that sends what it is told to.

use futures::{SinkExt, StreamExt};
use medblock_vault_protocol::door::Refused;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
	WebSocketStream, client_async,
	tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

/// A raw connection.
pub struct Rpc {
	socket: WebSocketStream<TcpStream>,
	id: u64,
}

impl Rpc {
	/// Connects as a program does.
	pub async fn connect(address: SocketAddr) -> Self {
		Self::try_connect(address, &[]).await.unwrap()
	}

	/// Connects with these headers.
	pub async fn try_connect(
		address: SocketAddr,
		headers: &[(&'static str, &str)],
	) -> Result<Self, Error> {
		let mut request = format!("ws://{address}/v1/rpc").into_client_request()?;
		for (name, value) in headers {
			request.headers_mut().append(*name, HeaderValue::try_from(*value).unwrap());
		}
		let stream = TcpStream::connect(address).await.unwrap();
		let (socket, _) = client_async(request, stream).await?;
		Ok(Self { socket, id: 0 })
	}

	/// Sends a text as it is. The door may end the connection before it has read all of it.
	pub async fn send(&mut self, text: &str) {
		let _ = self.socket.send(Message::text(text)).await;
	}

	/// The next message; nothing if the connection has ended.
	pub async fn next(&mut self) -> Option<Value> {
		loop {
			let next = timeout(Duration::from_secs(30), self.socket.next()).await.unwrap();
			match next?.ok()? {
				Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
				Message::Close(_) => return None,
				_ => (),
			}
		}
	}

	/// The answer to a request, with `result` or `error`.
	pub async fn ask(&mut self, method: &str, params: Value) -> Value {
		self.id += 1;
		let id = self.id;
		let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
		self.send(&request.to_string()).await;
		loop {
			let message = self.next().await.expect("the connection is there");
			if message["id"] == id {
				return message;
			}
		}
	}

	/// The name of the refusal of a request, which has to have its documented number and sentence.
	pub async fn refusal(&mut self, method: &str, params: Value) -> String {
		let answer = self.ask(method, params.clone()).await;
		let error = &answer["error"];
		let name = error["data"]["error"].as_str();
		let name = name.unwrap_or_else(|| panic!("{method} {params} is answered: {answer}"));
		let refused = Refused::named(name).unwrap();
		assert_eq!(error["code"], refused.code(), "{answer}");
		assert_eq!(error["message"], refused.sentence(), "{answer}");
		name.to_owned()
	}
}
