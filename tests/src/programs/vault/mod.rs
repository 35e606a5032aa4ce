//! What a vault costs and bears.
//!
//! Usage: `medblock-e2e vault PART [NUMBER …]`. Each part starts a network and gateways of its own, on this machine, whose
//! processors they share with the clients. `scripts/measure-vault` builds and runs it, and lists the parts.

mod gateways;
mod large;
mod line;
mod receipts;
mod servers;
mod titles;

use medblock_e2e::arguments::numbers;
use std::{error::Error, time::Duration};

/// Runs a part, with its numbers.
pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let (part, words) = arguments.split_first().ok_or(WANTED)?;
	match part.as_str() {
		"gateways" => {
			let [people, mebibytes] = numbers(words, [("PEOPLE", 8), ("MEBIBYTES", 32)])?;
			gateways::run(people, mebibytes).await;
		},
		"receipts" => {
			let [opened, lines] = numbers(words, [("OPENED", 500), ("LINES", 10_000)])?;
			receipts::run(opened, lines).await;
		},
		"titles" => {
			let [records] = numbers(words, [("RECORDS", 10_000)])?;
			titles::run(records).await;
		},
		"line" => {
			let [mebibytes, pace] = numbers(words, [("MEBIBYTES", 1_024), ("PACE", 2_000_000)])?;
			line::run(mebibytes, pace).await;
		},
		"large" => {
			let [patients, files] = numbers(words, [("PATIENTS", 100_000), ("FILES", 50)])?;
			if patients < large::SHARE {
				return Err("PATIENTS is less than 20: a twentieth of them is nobody".into());
			}
			large::run(patients, files).await;
		},
		_ => return Err(WANTED.into()),
	}
	Ok(())
}

const WANTED: &str = "wanted: gateways, receipts, titles, line or large, and numbers";

/// A line of the report.
fn report(what: &str, value: String) {
	println!("{what:<62} {value:>14}");
}

fn seconds(took: Duration) -> String {
	format!("{:.2} s", took.as_secs_f64())
}

fn milliseconds(took: Duration) -> String {
	format!("{:.2} ms", took.as_secs_f64() * 1_000.0)
}
