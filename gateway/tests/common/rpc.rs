//! A client of the door that sends what it is told to.

use futures::{SinkExt, StreamExt};
use medblock_vault_protocol::door::Refused;
use serde_json::{Value, json};
use std::{
	net::{IpAddr, SocketAddr},
	time::Duration,
};
use tokio::{
	io::AsyncWriteExt,
	net::{TcpSocket, TcpStream},
	time::timeout,
};
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

	/// Connects from this address of the machine.
	pub async fn connect_from(from: IpAddr, address: SocketAddr) -> Result<Self, Error> {
		let socket = TcpSocket::new_v4()?;
		socket.bind((from, 0).into())?;
		let stream = socket.connect(address).await?;
		let (socket, _) = client_async(format!("ws://{address}/v1/rpc"), stream).await?;
		Ok(Self { socket, id: 0 })
	}

	/// Sends bytes that are no message.
	pub async fn write(&mut self, bytes: &[u8]) {
		let _ = self.socket.get_mut().write_all(bytes).await;
	}

	/// Sends a ping.
	pub async fn ping(&mut self) {
		let _ = self.socket.send(Message::Ping(Vec::new().into())).await;
	}

	/// Sends a text as it is. The door may end the connection before it has read all of it.
	pub async fn send(&mut self, text: &str) {
		let _ = self.socket.send(Message::text(text)).await;
	}

	/// The next message; nothing if the connection has ended.
	pub async fn next(&mut self) -> Option<Value> {
		loop {
			let next = timeout(Duration::from_secs(90), self.socket.next()).await.unwrap();
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

	/// Checks that a request goes on to the node, whatever the node says to it.
	pub async fn is_passed_on(&mut self, method: &str, params: Value) {
		let answer = self.ask(method, params.clone()).await;
		assert!(answer["error"]["data"]["error"].is_null(), "{method} {params}: {answer}");
		assert!(answer.get("result").is_some() || answer["error"].is_object(), "{answer}");
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
