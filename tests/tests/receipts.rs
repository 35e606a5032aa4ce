//! Receipts of a vault that lies, as the program checks them.

use medblock_client::{grants::Terms, medblock_crypto::Mnemonic};
use medblock_e2e::{Consortium, LyingVault, Network, Person, Program, Trick, must};

/// How the program exits when a vault contradicts itself or the chain.
const CONTRADICTED: i32 = 10;

#[tokio::test]
async fn a_made_up_receipt_is_told_and_keeps_no_other_from_being_checked() {
	let network = Network::start().await;
	let vault = LyingVault::start(&network, 0).await;
	let consortium = Consortium::without_gateways(network);
	let controller = Person::known(&consortium.network, "//Alice").await;
	must(controller.client.set_gateway(vault.url()).await);
	must(controller.client.name_vault_account().await.map(|(done, _)| done));
	let words = Mnemonic::generate();
	let person = Person::with_words(&consortium.network, &words).await;
	let ((ana, patient), doctor) =
		tokio::join!(consortium.patient(0), consortium.admit_doctor(&person, 0, None));
	ana.client.grant(doctor, Terms::default()).await.unwrap();
	let program = Program::with_words(&consortium.network, &words).await;
	let patient = patient.0.to_string();
	let tricks = [("one", Trick::None), ("two", Trick::OtherBlock), ("three", Trick::None)];
	for (content, trick) in tricks {
		let record = ana.adds(content, content.as_bytes()).await.to_string();
		vault.plays(trick);
		let open = ["doctor", "open", &patient, &record, "--output", "-", "--quiet"];
		let ran = program.run(&open).await;
		assert_eq!((ran.code, ran.printed.as_str()), (0, content), "{ran:?}");
	}

	let ran = program.run(&["doctor", "receipts", "--check", "--json"]).await;
	assert_eq!(ran.code, CONTRADICTED, "{ran:?}");
	let said = ran.json().unwrap();
	let [found] = &said["vaults"].as_array().unwrap()[..] else { panic!("{said}") };
	let lies = found["contradictions"].as_array().unwrap();
	assert!(!lies.is_empty(), "{said}");
	assert!(lies.iter().all(|lie| lie["why"] == "the vault has not signed this"), "{said}");
	let good = ["proven", "waiting"].map(|state| found[state].as_u64().unwrap());
	assert!(good.iter().sum::<u64>() >= 2, "{said}");
}
