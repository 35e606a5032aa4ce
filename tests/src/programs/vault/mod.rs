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

use std::time::Duration;

/// Runs a part, with its numbers.
pub async fn run(arguments: &[String]) {
	let (part, numbers) = arguments.split_first().expect(WANTED);
	let mut numbers = numbers.iter().map(|word| word.parse::<u64>().expect("a number"));
	let mut number = |otherwise| numbers.next().unwrap_or(otherwise);
	match part.as_str() {
		"gateways" => gateways::run(number(8), number(32)).await,
		"receipts" => receipts::run(number(500), number(10_000)).await,
		"titles" => titles::run(number(10_000)).await,
		"line" => line::run(number(1_024), number(2_000_000)).await,
		"large" => large::run(number(100_000), number(50)).await,
		_ => panic!("{WANTED}"),
	}
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
