//! A person's machine whose clock is wrong.

use futures::future::join_all;
use medblock_client::medblock_crypto::Mnemonic;
use medblock_e2e::{Consortium, Person, Program, ahead};
use medblock_primitives::{DoctorId, Moment};

/// An hour, in milliseconds.
const HOUR: Moment = 60 * 60 * 1_000;

#[tokio::test]
async fn wrong_clock_is_called_one_and_spans_count_from_the_chains_time() {
	let consortium = Consortium::start().await;
	let words = Mnemonic::generate();
	let program = Program::with_words(&consortium.network, &words).await;
	let ana = Person::with_words(&consortium.network, &words).await;
	let clocks = ["+2h", "-11m", "-2h", "+2d"];
	let doctors = join_all(clocks.map(|_| consortium.doctor(0)));
	let (patient, doctors) = tokio::join!(consortium.admit(&ana, 0), doctors);
	ana.adds("letter", b"content").await;
	let chain = ana.client.chain();
	let epoch = chain.finalized().await.unwrap().known_patient(patient).await.unwrap().epoch;
	let open = ["record", "open", "0", "--output", "-", "--quiet"];
	for (by, (_, DoctorId(doctor))) in clocks.into_iter().zip(doctors) {
		let clock = ahead(by);
		let before = chain.finalized().await.unwrap().now().await.unwrap();
		let number = doctor.to_string();
		let grant = ["patient", "grant", "--yes", &number, "--until", "1h"];
		let ran = program.run_in(&grant, &clock).await;
		assert_eq!(ran.code, 0, "{by}: {ran:?}");
		let at = chain.finalized().await.unwrap();
		let granted = at.grant(patient, DoctorId(doctor)).await.unwrap().unwrap();
		let end = granted.expires_at.unwrap();
		let latest = at.now().await.unwrap() + HOUR;
		assert!((before + HOUR..=latest).contains(&end), "{by}: {end} of {latest}");

		let ran = program.run_in(&open, &clock).await;
		assert_ne!(ran.code, 0, "{by}: {ran:?}");
		assert!(ran.said.contains("this device's clock is"), "{by}: {ran:?}");
		assert!(ran.said.contains("set it right"), "{by}: {ran:?}");
	}
	// A vault takes clocks that are off by less.
	for by in ["+9m", "-9m"] {
		let ran = program.run_in(&open, &ahead(by)).await;
		assert_eq!((ran.code, ran.printed.as_str()), (0, "content"), "{by}: {ran:?}");
	}
	let now = chain.finalized().await.unwrap().known_patient(patient).await.unwrap();
	assert_eq!(now.epoch, epoch, "no grant needed a new key of the chart");
}
