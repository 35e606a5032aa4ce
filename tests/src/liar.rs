//! A node that lies: it passes everything on to an honest one, but for one answer.

use crate::Hold;
use codec::{Decode, Encode};
use jsonrpsee::{
	core::client::ClientT,
	server::{RpcModule, Server, ServerHandle},
	types::{ErrorObjectOwned, Params},
	ws_client::{WsClient, WsClientBuilder},
};
use medblock_primitives::{
	ChartKeys, Document, EncryptionKey, Moment, PublicKey, RecordIndex, SharedRecord,
	WrappedFileKey,
};
use pallet_medical_records_runtime_api::{
	Page, RecipientInfo, RecipientsInfo, RecordInfo, ShareInfo,
};
use serde_json::{Value, json, value::RawValue};
use sp_core::H256;
use std::sync::{
	Arc,
	atomic::{AtomicBool, Ordering},
};

/// What it lies about.
#[derive(Clone)]
pub enum Lie {
	/// Every doctor's encryption key.
	DoctorsKey(PublicKey),
	/// The public key of a chart's distributed epoch.
	ChartKey(PublicKey),
	/// The public key of a chart's standby.
	StandbyKey(PublicKey),
	/// The doctors that a due chart's files are encrypted to: this one, too.
	Recipient(RecipientInfo),
	/// What was shared before: with every doctor, also this record.
	Share(RecordIndex),
	/// The ciphertext of every record.
	Record(Document),
	/// Every chart, once this is set: there is no patient and no record.
	EmptyCharts(Arc<AtomicBool>),
	/// The time of every block, once this is set: it is 40 days later.
	LaterTime(Arc<AtomicBool>),
	/// How far finality is: this block is still the last final one.
	Past(H256),
	/// The number of every block: the chain is much further than it is.
	Future,
	/// Nothing: it is a way to the honest node.
	Nothing,
	/// Nothing: it holds the client after its first transaction.
	Hold(Hold),
	/// Nothing: it passes the first transaction on late.
	Delay(Hold),
}

/// The key of the chain's clock in storage: `Timestamp`, `Now`.
const CLOCK: &str = "0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";

/// 40 days, in milliseconds.
const LATER: Moment = 40 * 24 * 60 * 60 * 1_000;

/// A node that lies. Ends when it is dropped.
pub struct Liar {
	url: String,
	_server: ServerHandle,
}

/// What clients ask nodes for.
const METHODS: [&str; 12] = [
	"author_submitExtrinsic",
	"chain_getBlock",
	"chain_getBlockHash",
	"chain_getFinalizedHead",
	"chain_getHeader",
	"state_call",
	"state_getMetadata",
	"state_getRuntimeVersion",
	"state_getStorage",
	"system_accountNextIndex",
	"system_health",
	"system_localPeerId",
];

impl Liar {
	/// A node that passes on what this honest one says, but for the lie.
	pub async fn start(honest: &str, lie: Lie) -> Self {
		let honest = WsClientBuilder::default().build(honest).await.expect("an honest node");
		let honest = Arc::new(honest);
		let mut module = RpcModule::new(());
		for method in METHODS {
			let (honest, lie) = (honest.clone(), lie.clone());
			module
				.register_async_method(method, move |params, _, _| {
					answer(method, params.into_owned(), honest.clone(), lie.clone())
				})
				.expect("each method once");
		}
		let server = Server::builder().build("127.0.0.1:0").await.expect("a port");
		let url = format!("ws://{}", server.local_addr().expect("an address"));
		Self { url, _server: server.start(module) }
	}

	/// Its address.
	pub fn url(&self) -> String {
		self.url.clone()
	}
}

async fn answer(
	method: &'static str,
	params: Params<'static>,
	honest: Arc<WsClient>,
	lie: Lie,
) -> Result<Value, ErrorObjectOwned> {
	let words: Vec<Value> = params.parse::<Option<_>>()?.unwrap_or_default();
	let function = words.first().and_then(Value::as_str).unwrap_or_default().to_owned();
	match (&lie, method) {
		(Lie::Delay(hold), "author_submitExtrinsic") => hold.first().await,
		(Lie::Hold(hold), _) => hold.others().await,
		_ => {},
	}
	let raw = RawValue::from_string(serde_json::to_string(&words).expect("JSON")).expect("JSON");
	let truth: Value = honest.request(method, Raw(raw)).await.map_err(|why| match why {
		jsonrpsee::core::client::Error::Call(refusal) => refusal,
		other => ErrorObjectOwned::owned(-32_000, other.to_string(), None::<()>),
	})?;
	if let (Lie::Hold(hold), "author_submitExtrinsic") = (&lie, method) {
		hold.first().await;
	}
	Ok(match (&lie, function.as_str()) {
		(Lie::DoctorsKey(key), "MedicalRecordsApi_encryption_key") => {
			altered_if_there(&truth, |found: &mut EncryptionKey| found.key = key.clone())
		},
		(Lie::ChartKey(key), "MedicalRecordsApi_chart_keys") => {
			altered_if_there(&truth, |found: &mut ChartKeys| found.distributed.key = key.clone())
		},
		(Lie::StandbyKey(key), "MedicalRecordsApi_chart_keys") => {
			altered_if_there(&truth, |found: &mut ChartKeys| found.standby.key = key.clone())
		},
		(Lie::Recipient(one), "MedicalRecordsApi_recipients") => {
			altered_if_there(&truth, |found: &mut RecipientsInfo| found.doctors.push(one.clone()))
		},
		(Lie::Share(record), "MedicalRecordsApi_share") => {
			let more = SharedRecord { record: *record, key: WrappedFileKey([7; 44]) };
			altered(&truth, |found: &mut ShareInfo| found.records.push(more))
		},
		(Lie::Record(document), "MedicalRecordsApi_record") => {
			altered_if_there(&truth, |found: &mut RecordInfo| {
				found.record.document = Some(document.clone())
			})
		},
		(Lie::EmptyCharts(now), "MedicalRecordsApi_patient" | "MedicalRecordsApi_records")
			if now.load(Ordering::Relaxed) =>
		{
			empty(&function)
		},
		(Lie::LaterTime(now), CLOCK) if now.load(Ordering::Relaxed) => {
			altered(&truth, |time: &mut Moment| *time = time.saturating_add(LATER))
		},
		(Lie::Past(block), _) if method == "chain_getFinalizedHead" => json!(block),
		(Lie::Future, _) if method == "chain_getHeader" && truth.is_object() => {
			let mut header = truth;
			header["number"] = json!("0xf000000");
			header
		},
		_ => truth,
	})
}

/// An answer in which something was replaced.
fn altered<T: Decode + Encode>(truth: &Value, change: impl FnOnce(&mut T)) -> Value {
	let bytes: sp_core::Bytes = serde_json::from_value(truth.clone()).expect("an answer");
	let mut found = T::decode(&mut &bytes.0[..]).expect("the answer's type");
	change(&mut found);
	serde_json::to_value(sp_core::Bytes(found.encode())).expect("JSON")
}

/// As [`altered`], of an answer that may be nothing.
fn altered_if_there<T: Decode + Encode>(truth: &Value, change: impl FnOnce(&mut T)) -> Value {
	altered(truth, |found: &mut Option<T>| {
		if let Some(found) = found {
			change(found);
		}
	})
}

/// No patient, or a page without records.
fn empty(function: &str) -> Value {
	let bytes = match function {
		"MedicalRecordsApi_patient" => None::<()>.encode(),
		_ => Page::<RecordInfo, RecordIndex> { items: Vec::new(), next: None }.encode(),
	};
	serde_json::to_value(sp_core::Bytes(bytes)).expect("JSON")
}

/// Parameters that are passed on as they came.
struct Raw(Box<RawValue>);

impl jsonrpsee::core::traits::ToRpcParams for Raw {
	fn to_rpc_params(self) -> Result<Option<Box<RawValue>>, serde_json::Error> {
		Ok(Some(self.0))
	}
}
