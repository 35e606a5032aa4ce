//! How a subscription ends that cannot go on.

use crate::{
	errors::{STATE_PRUNED, state_pruned},
	server::closing,
};
use jsonrpsee::RpcModule;
use serde_json::Value;

#[tokio::test]
async fn last_notification_says_why_with_code_and_message() {
	let mut module = RpcModule::new(());
	let registered =
		module.register_subscription("begin", "told", "end", |_, pending, _, _| async {
			let _sink = pending.accept().await.unwrap();
			closing(&state_pruned(7))
		});
	registered.unwrap();
	let request = r#"{"jsonrpc":"2.0","id":1,"method":"begin"}"#;
	let (_, mut notifications) = module.raw_json_request(request, 1).await.unwrap();
	let last: Value = serde_json::from_str(&notifications.recv().await.unwrap()).unwrap();
	assert_eq!(last["method"], "told");
	assert_eq!(last["params"]["result"], Value::Null);
	let error = &last["params"]["error"];
	assert_eq!(error["code"], STATE_PRUNED);
	assert!(error["message"].as_str().unwrap().contains("block 7"), "{error}");
	assert_eq!(notifications.recv().await, None, "it was the last");
}
