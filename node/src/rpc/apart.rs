//! The SDK's methods that execute the runtime, on threads of their own. The SDK runs them on those that
//! serve connections, so that a few callers would hold up all others.

use futures::{FutureExt, channel::oneshot, future::BoxFuture};
use jsonrpsee::{
	MethodCallback, MethodResponse, Methods,
	core::RegisterMethodError,
	types::{ErrorCode, ErrorObject, Id},
};
use sc_rpc::SubscriptionTaskExecutor;
use std::sync::Arc;

const TASK: &str = "rpc-of-the-sdk";
const GROUP: Option<&str> = Some("rpc");

/// The same methods, each run by a thread of its own.
pub fn apart(
	methods: impl Into<Methods>,
	executor: &SubscriptionTaskExecutor,
) -> Result<Methods, RegisterMethodError> {
	let methods = methods.into();
	let mut apart = Methods::new();
	for name in methods.method_names() {
		if let Some(method) = methods.method(name) {
			apart.verify_and_insert(name, moved(method.clone(), executor.clone()))?;
		}
	}
	Ok(apart)
}

fn moved(method: MethodCallback, executor: SubscriptionTaskExecutor) -> MethodCallback {
	match method {
		MethodCallback::Sync(method) => {
			MethodCallback::Async(Arc::new(move |id, params, _, size, extensions| {
				let (method, caller) = (method.clone(), id.clone());
				let work = async move { method(id, params, size, extensions) };
				run(&executor, caller, work.boxed())
			}))
		},
		MethodCallback::Async(method) => {
			MethodCallback::Async(Arc::new(move |id, params, connection, size, extensions| {
				let caller = id.clone();
				run(&executor, caller, method(id, params, connection, size, extensions))
			}))
		},
		// Subscriptions have tasks of their own.
		other => other,
	}
}

fn run(
	executor: &SubscriptionTaskExecutor,
	caller: Id<'static>,
	work: BoxFuture<'static, MethodResponse>,
) -> BoxFuture<'static, MethodResponse> {
	let (send, receive) = oneshot::channel();
	let working = work.map(move |answer| {
		// The caller may be gone by now.
		let _ = send.send(answer);
	});
	executor.spawn_blocking(TASK, GROUP, working.boxed());
	let answer = receive.map(move |answer| {
		answer.unwrap_or_else(|_| {
			MethodResponse::error(caller, ErrorObject::from(ErrorCode::InternalError))
		})
	});
	answer.boxed()
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]

	use super::*;
	use futures::executor::block_on;
	use jsonrpsee::{RpcModule, core::RpcResult};
	use sp_core::traits::SpawnNamed;
	use std::thread;

	/// Gives blocking work a thread each, or forgets it, and takes no other.
	#[derive(Clone)]
	struct Threads {
		is_stopping: bool,
	}

	impl SpawnNamed for Threads {
		fn spawn_blocking(
			&self,
			_: &'static str,
			_: Option<&'static str>,
			future: BoxFuture<'static, ()>,
		) {
			if !self.is_stopping {
				thread::spawn(move || block_on(future));
			}
		}

		fn spawn(&self, _: &'static str, _: Option<&'static str>, _: BoxFuture<'static, ()>) {
			panic!("this would hold up connections");
		}
	}

	fn here() -> String {
		format!("{:?}", thread::current().id())
	}

	/// Two methods that answer with the first parameter and their thread.
	fn module() -> RpcModule<()> {
		let mut module = RpcModule::new(());
		let at_once = module.register_method("at_once", |params, _, _| -> RpcResult<_> {
			Ok((params.one::<String>()?, here()))
		});
		at_once.unwrap();
		let later = module.register_async_method("later", |params, _, _| async move {
			RpcResult::Ok((params.one::<String>()?, here()))
		});
		later.unwrap();
		module
	}

	fn asks(methods: &Methods, method: &str) -> String {
		let request =
			format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}","params":["a word"]}}"#);
		block_on(methods.raw_json_request(&request, 1)).unwrap().0
	}

	#[test]
	fn methods_run_on_other_threads_and_answer_as_before() {
		let executor: SubscriptionTaskExecutor = Arc::new(Threads { is_stopping: false });
		let (before, after) = (module(), apart(module(), &executor).unwrap());
		for method in ["at_once", "later"] {
			assert!(asks(&before, method).contains(&here()));
			let answer = asks(&after, method);
			assert!(!answer.contains(&here()), "{answer}");
			assert!(answer.contains("a word") && answer.contains(r#""id":7"#), "{answer}");
		}
		let names = |methods: &Methods| {
			let mut names: Vec<_> = methods.method_names().collect();
			names.sort();
			names
		};
		assert_eq!(names(&before), names(&after));
	}

	#[test]
	fn node_that_stops_answers_with_an_error() {
		let executor: SubscriptionTaskExecutor = Arc::new(Threads { is_stopping: true });
		let answer = asks(&apart(module(), &executor).unwrap(), "at_once");
		assert!(answer.contains("-32603") && answer.contains(r#""id":7"#), "{answer}");
	}
}
