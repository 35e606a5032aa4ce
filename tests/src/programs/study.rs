//! What a study of many images costs, in and out: time, transactions, sign-ins and requests.
//!
//! Usage: `medblock-e2e study [IMAGES] [KIBIBYTES]`; 2000 and 512 if left out. Starts a network and two gateways of its own.
//! `scripts/measure-study` builds and runs it.

use medblock_client::{
	records::packed::{Content, Found, sort},
	vault::unwatched,
};
use medblock_e2e::{Chain, Consortium, Person, Requests, arguments::numbers, dicom, must};
use medblock_platform::{Folder, files::UserFile};
use medblock_runtime::AccountId;
use std::{
	error::Error,
	fs,
	io::Read,
	time::{Duration, Instant},
};

/// Measures a study of so many images of so many kibibytes.
pub async fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
	let [images, kibibytes] = numbers(arguments, [("IMAGES", 2_000), ("KIBIBYTES", 512)])?;
	let (images, kibibytes) = (u32::try_from(images)?, u32::try_from(kibibytes)?);
	let consortium = Consortium::start().await;
	let chain = Chain::connect(&consortium.network.url(0)).await;
	let (ana, patient) = consortium.patient(0).await;
	let (doctor, id) = consortium.doctor(1).await;
	ana.client.grant(id, Default::default()).await.expect("a grant");
	let folder = ana.home().join("study");
	let paths = dicom::study(&folder, images, kibibytes as usize * 1_024);
	println!("{images} images of {kibibytes} KiB");

	let mut step = Step::begin(&consortium, &chain, &ana).await;
	let found = paths.iter().map(|path| Found {
		path: path.clone(),
		file: UserFile::Given(folder.join(path)),
		written_at: None,
	});
	let mut sorted = sort(found.collect(), &unwatched()).await.expect("they are read");
	assert_eq!((sorted.studies.len(), sorted.others.len()), (1, 0));
	let study = sorted.studies.pop().expect("it is one");
	let file = study.into_file(None, &unwatched()).await.expect("they are read");
	step.ends("in: sort and index").await;
	must(ana.client.add_records(&[file], &unwatched()).await);
	step.ends("in: encrypt, upload and sign").await;

	let mut step = Step::begin(&consortium, &chain, &doctor).await;
	let target = Folder::new(doctor.home());
	let opened = doctor.client.open(patient, 0, &target, &unwatched()).await.expect("the study");
	step.ends("out: all of it").await;
	let content = Content::read(&opened.content.file, opened.length);
	let content = content.expect("it is read").expect("a study");
	for member in content.members() {
		let mut bytes = Vec::new();
		content.copy(member, &mut bytes).expect("its digest is right");
		assert!(bytes == fs::read(folder.join(&member.path)).expect("an image"), "byte for byte");
	}
	step.ends("out: unpack and compare").await;
	let contents = doctor.client.contents(patient, 0).await.expect("the index").expect("a study");
	step.ends("one image: its place").await;
	let member = contents.members().get(images as usize / 2).expect("an image");
	let image = contents.open(member, &target, &unwatched()).await.expect("an image");
	step.ends("one image: itself").await;
	let mut bytes = Vec::new();
	image.file.reader().read_to_end(&mut bytes).expect("an image");
	assert!(bytes == fs::read(folder.join(&member.path)).expect("an image"), "byte for byte");
	Ok(())
}

/// What one person's step costs.
struct Step<'a> {
	consortium: &'a Consortium,
	chain: &'a Chain,
	account: AccountId,
	began: Instant,
	transactions: u32,
	requests: Requests,
}

impl<'a> Step<'a> {
	async fn begin(consortium: &'a Consortium, chain: &'a Chain, who: &Person) -> Self {
		let account = AccountId::new(who.client.keys().account().0);
		let (transactions, requests) = (0, Requests::default());
		let mut step =
			Self { consortium, chain, account, began: Instant::now(), transactions, requests };
		step.next().await;
		step
	}

	/// Prints what it has cost, and begins the next one.
	async fn ends(&mut self, what: &str) {
		let took = self.began.elapsed();
		let (transactions, requests) = (self.transactions, self.requests);
		self.next().await;
		let Requests { all, sign_ins, uploads, downloads } = self.requests.since(requests);
		let signed = self.transactions - transactions;
		println!(
			"{what:<30} {:>8} {signed:>3} transactions {sign_ins:>3} sign-ins {all:>4} requests ({uploads} of uploads, \
			 {downloads} for records)",
			seconds(took),
		);
	}

	async fn next(&mut self) {
		self.transactions = self.chain.next_nonce(&self.account).await;
		self.requests = Requests::at(&self.consortium.gateways[0]);
		self.began = Instant::now();
	}
}

fn seconds(took: Duration) -> String {
	format!("{:.2} s", took.as_secs_f64())
}
