//! What scripts run on networks besides the stories: measurements, campaigns, and a doctor whose access has ended. One
//! program, since each is linked with all of the client.

mod programs {
	pub mod campaign;
	pub mod finality;
	pub mod flood;
	pub mod former_doctor;
	pub mod growth;
	pub mod rpc;
	pub mod sharing;
	pub mod study;
	pub mod throughput;
	pub mod vault;
	pub mod weights;
}

use programs::{
	campaign, finality, flood, former_doctor, growth, rpc, sharing, study, throughput, vault,
	weights,
};
use std::{error::Error, panic::resume_unwind, process::ExitCode, thread};
use tokio::{
	runtime,
	signal::{
		ctrl_c,
		unix::{SignalKind, signal},
	},
};

/// What a program waits for at once takes more than the main thread's 8 MiB, since it is not optimized.
const STACK: usize = 64 << 20;
/// The same for the tasks that it starts, beyond the usual 2 MiB.
const STACK_OF_TASKS: usize = 16 << 20;

fn main() -> ExitCode {
	let program = thread::Builder::new().stack_size(STACK).spawn(|| {
		let mut workers = runtime::Builder::new_multi_thread();
		let workers = workers.enable_all().thread_stack_size(STACK_OF_TASKS).build();
		let ended = workers.map_err(Into::into).and_then(|workers| workers.block_on(run()));
		match ended {
			Ok(()) => ExitCode::SUCCESS,
			Err(why) => {
				eprintln!("error: {why}");
				ExitCode::FAILURE
			},
		}
	});
	let program = program.expect("the machine has room for a thread");
	program.join().unwrap_or_else(|panicked| resume_unwind(panicked))
}

async fn run() -> Result<(), Box<dyn Error>> {
	let words: Vec<String> = std::env::args().skip(1).collect();
	let Some((program, arguments)) = words.split_first() else {
		return Err(WANTED.into());
	};
	match program.as_str() {
		"campaign" => campaign::run(arguments).await?,
		"finality" => until_stopped(finality::run(arguments)).await?,
		"flood" => until_stopped(flood::run(arguments)).await?,
		"former-doctor" => former_doctor::run(arguments).await?,
		"growth" => until_stopped(growth::run(arguments)).await?,
		"rpc" => until_stopped(rpc::run(arguments)).await?,
		"sharing" => until_stopped(sharing::run(arguments)).await?,
		"study" => until_stopped(study::run(arguments)).await?,
		"throughput" => throughput::run(arguments).await?,
		"vault" => until_stopped(vault::run(arguments)).await?,
		"weights" => until_stopped(weights::run(arguments)).await?,
		_ => return Err(WANTED.into()),
	}
	Ok(())
}

/// Drops a program that is interrupted, so that what it has started ends with it, and its folders go.
async fn until_stopped(
	program: impl Future<Output = Result<(), Box<dyn Error>>>,
) -> Result<(), Box<dyn Error>> {
	let mut terminated = signal(SignalKind::terminate())?;
	tokio::select! {
		ended = program => ended,
		_ = ctrl_c() => Err("interrupted; what was started is stopped".into()),
		_ = terminated.recv() => Err("terminated; what was started is stopped".into()),
	}
}

const WANTED: &str = "wanted: campaign, finality, flood, former-doctor, growth, rpc, sharing, study, throughput, vault or \
	weights, and its arguments";
