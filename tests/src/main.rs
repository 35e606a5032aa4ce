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

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
	let words: Vec<String> = std::env::args().skip(1).collect();
	let Some((program, arguments)) = words.split_first() else {
		return Err(WANTED.into());
	};
	match program.as_str() {
		"campaign" => campaign::run(arguments).await?,
		"finality" => finality::run(arguments).await?,
		"flood" => flood::run(arguments).await,
		"former-doctor" => former_doctor::run(arguments).await?,
		"growth" => growth::run(arguments).await,
		"rpc" => rpc::run(arguments).await,
		"sharing" => sharing::run(arguments).await,
		"study" => study::run(arguments).await,
		"throughput" => throughput::run(arguments).await?,
		"vault" => vault::run(arguments).await,
		"weights" => weights::run(arguments).await?,
		_ => return Err(WANTED.into()),
	}
	Ok(())
}

const WANTED: &str = "wanted: campaign, finality, flood, former-doctor, growth, rpc, sharing, study, throughput, vault or \
	weights, and its arguments";
