//! A hospital's people: listed page by page, and searched by what the chain or their profiles say.
//!
//! The chain knows no patient's name. A list with names, or a search for one, reads profiles from the
//! vault, and **each is a look that its patient sees**. So names are read only where they are asked for,
//! and those that were read are kept on this device: see [`crate::names`].

use crate::{
	Result,
	chain::{AccountId, At, DoctorInfo, PatientInfo},
	client::Client,
	names::Read,
	profiles::Profile,
	vault::Progress,
};
use futures::{StreamExt, stream};
use medblock_primitives::*;
use medblock_vault_protocol::door::NOT_YOURS;
use pallet_medical_records_runtime_api::MAX_PAGE;
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The number of profiles that are read at the same time.
pub(crate) const AT_ONCE: usize = 4;

/// Which people are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
	standing: Option<Standing>,
	words: Vec<String>,
	names: bool,
}

impl Search {
	/// People of this standing, or of any, in whose number, name, birth date, contact, specialty,
	/// qualification or details each word of `text` is. `names` asks for patients' profiles; a text other
	/// than a number needs them.
	pub fn new(text: &str, standing: Option<Standing>, names: bool) -> Self {
		let words: Vec<String> = folded(text).split_whitespace().map(str::to_owned).collect();
		let names = names || words.iter().any(|word| !is_number(word));
		Self { standing, words, names }
	}

	/// Whether patients' profiles are read.
	pub fn reads_names(&self) -> bool {
		self.names
	}

	/// The number of the one person that is wanted, if it is one.
	fn number(&self) -> Option<u32> {
		match self.words.as_slice() {
			[word] if is_number(word) => word.parse().ok(),
			_ => None,
		}
	}

	/// Whether a person of this standing is wanted.
	fn wants(&self, standing: Standing) -> bool {
		self.standing.is_none_or(|wanted| wanted == standing)
	}

	/// Whether every word is in a person's number, or in one of these texts.
	fn finds(&self, number: u32, texts: &[&str]) -> bool {
		if self.words.is_empty() {
			return true;
		}
		let (number, text) = (number.to_string(), folded(&texts.join(" ")));
		self.words.iter().all(|word| *word == number || text.contains(word.as_str()))
	}

	fn finds_doctor(&self, info: &DoctorInfo) -> bool {
		let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
		let mut texts = vec![text(&info.details)];
		if let Some(profile) = &info.profile {
			texts.extend(
				[&profile.name, &profile.specialty, &profile.qualification].map(|one| text(one)),
			);
		}
		let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
		self.wants(info.standing) && self.finds(info.id.0, &texts)
	}

	fn finds_patient(&self, listed: &Listed) -> bool {
		let profile = listed.profile.as_ref().and_then(|read| read.as_ref().ok());
		self.finds_person(listed.info.id.0, profile)
	}

	/// Whether every word is in a patient's number, name, birth date or contact.
	pub fn finds_person(&self, number: u32, profile: Option<&Profile>) -> bool {
		let mut texts = Vec::new();
		if let Some(profile) = profile {
			texts.push(profile.name.as_str());
			texts.extend(profile.birth_date.as_deref());
			texts.extend(profile.contact.as_deref());
		}
		self.finds(number, &texts)
	}

	/// Whether every word is in one of these texts.
	pub fn is_in(&self, texts: &[&str]) -> bool {
		let text = folded(&texts.join(" "));
		self.words.iter().all(|word| text.contains(word.as_str()))
	}

	/// Whether every word is in a number, or in one of these texts.
	pub fn finds_text(&self, number: u32, texts: &[&str]) -> bool {
		self.finds(number, texts)
	}
}

/// Text as it is compared: without accents, in lower case, and as a keyboard of another language has it.
pub(crate) fn folded(text: &str) -> String {
	let letters = as_typed(text).nfkd();
	let letters = letters.filter(|letter| !is_combining_mark(*letter) && !is_joiner(*letter));
	let lower = letters.collect::<String>().to_lowercase();
	let mut folded = String::with_capacity(lower.len());
	for letter in lower.chars() {
		match plain(letter) {
			Some(plain) => folded.push_str(plain),
			None => folded.push(letter),
		}
	}
	folded
}

/// What people write who don't have a small letter on their keyboard: Unicode takes strokes and ligatures for no accents, and
/// Arabic and Persian keyboards have different letters that look alike. Nothing for all others.
fn plain(letter: char) -> Option<&'static str> {
	Some(match letter {
		'ß' => "ss",
		'æ' => "ae",
		'œ' => "oe",
		'þ' => "th",
		'ø' => "o",
		'đ' | 'ð' => "d",
		'ħ' => "h",
		'ı' => "i",
		'ł' => "l",
		'ŧ' => "t",
		// The same letter, which has another form at the end of a word.
		'ς' => "σ",
		'\u{649}' | '\u{64a}' => "\u{6cc}",
		'\u{643}' => "\u{6a9}",
		_ => return None,
	})
}

/// The text as a keyboard has it: with plain apostrophes and hyphens, for which phones and office programs put others, with
/// one of the dots that different systems put between the parts of a name in Chinese, and without marks that can't be seen,
/// which come along when a name is copied.
pub(crate) fn as_typed(text: &str) -> impl Iterator<Item = char> {
	text.chars().filter(|letter| !is_unseen(*letter)).map(|letter| match letter {
		'`' | '\u{b4}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{2032}' | '\u{ff07}' => '\'',
		'\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{ff0d}' => '-',
		'\u{387}' | '\u{2022}' | '\u{2027}' | '\u{22c5}' | '\u{30fb}' | '\u{ff65}' => '\u{b7}',
		letter => letter,
	})
}

/// Whether the character can't be seen, and no language needs it: soft hyphens, marks of direction and of byte order.
fn is_unseen(letter: char) -> bool {
	matches!(letter,
		'\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' |
		'\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether the character only joins its neighbours, or keeps them apart: it matters in a name, and few can type it.
fn is_joiner(letter: char) -> bool {
	matches!(letter, '\u{200c}' | '\u{200d}')
}

fn is_number(word: &str) -> bool {
	word.len() <= 10 && word.chars().all(|letter| letter.is_ascii_digit())
}

/// A patient of a list.
#[derive(Debug)]
pub struct Listed {
	/// What the chain knows.
	pub info: PatientInfo,
	/// The profile, or the reason why it can't be read; nothing if there is none, or none was asked for.
	pub profile: Option<Result<Profile>>,
}

/// A part of a list of patients.
#[derive(Debug, Default)]
pub struct Part {
	/// The patients who were found.
	pub items: Vec<Listed>,
	/// The last patient that was looked at, if more follow: `after` for the next part.
	pub next: Option<PatientId>,
	/// The number of patients whose profile was looked into and can't be read: a search may have missed them.
	pub unread: u64,
}

impl Client {
	/// The patient that an account acts for, among those of a hospital and those who wait for it. Through a door the
	/// hospital's list is looked through: doors tell a registrar whose account another one is only in such lists.
	pub async fn patient_with_account(
		&self,
		at: &At,
		hospital: HospitalId,
		account: AccountId,
	) -> Result<Option<PatientId>> {
		let waiting = at.awaiting_patients(hospital).await?;
		if let Some(found) = waiting.iter().find(|info| info.account == account) {
			return Ok(Some(found.id));
		}
		match at.patient_of(account).await {
			Err(why) if why.of_door().is_some_and(|refused| refused.code() == NOT_YOURS) => {},
			answer => return Ok(answer?),
		}
		let mut paging = at.paging_patients(None);
		loop {
			let page = at.patients_of_hospital(hospital, paging.after(), MAX_PAGE).await?;
			if let Some(found) = page.items.iter().find(|info| info.account == account) {
				return Ok(Some(found.id));
			}
			if !paging.goes_on(&page)? {
				return Ok(None);
			}
		}
	}

	/// The doctors of the own hospital who are wanted, without rejected ones.
	pub async fn doctors_of_own_hospital(
		&self,
		at: &At,
		search: &Search,
	) -> Result<Vec<DoctorInfo>> {
		let hospital = self.own_hospital().await?;
		let mut all = at.all_doctors().await?;
		all.retain(|info| info.hospital == hospital && search.finds_doctor(info));
		Ok(all)
	}

	/// The patients of the own hospital who are wanted, at most `limit` of those after `after`, in order of
	/// their numbers. Each page of the list is of the newest block by then, so that they are as of `at` or later.
	/// `progress` counts the patients that were looked at.
	///
	/// # Errors
	///
	/// If names are to be read: [`crate::profile_keys::Error::KeyNotHeld`] if this client's keys don't open them.
	pub async fn patients_of_own_hospital(
		&self,
		at: &At,
		search: &Search,
		(after, limit): (Option<PatientId>, usize),
		progress: &Progress,
	) -> Result<Part> {
		let hospital = self.own_hospital().await?;
		// Without the right key, each patient would see a look that told nothing.
		if search.names {
			self.held_profile_secrets(at, hospital).await?;
		}
		if let Some(number) = search.number() {
			let found = at.patient(PatientId(number)).await?;
			let ours =
				found.filter(|info| info.hospital == hospital && search.wants(info.standing));
			let mut part = Part::default();
			if let Some(info) = ours {
				part.items.push(self.listed(info, search.names).await);
			}
			return Ok(part);
		}
		let (mut part, mut looked, begins) = (Part::default(), 0_u64, after.is_none());
		let (mut paging, mut all) = (at.paging_patients(after), BTreeSet::new());
		loop {
			// Profiles take a while to read, and a door answers about recent blocks only. The cursor is a number that
			// no other patient gets, so each page may be of a newer block.
			let at = self.chain().finalized().await?;
			let page = at.patients_of_hospital(hospital, paging.after(), MAX_PAGE).await?;
			let goes_on = paging.goes_on(&page)?;
			all.extend(page.items.iter().map(|info| info.id));
			let wanted = page.items.into_iter().filter(|info| search.wants(info.standing));
			let mut read =
				stream::iter(wanted).map(|info| self.listed(info, search.names)).buffered(AT_ONCE);
			while let Some(listed) = read.next().await {
				looked = looked.saturating_add(1);
				progress(looked, 0);
				let id = listed.info.id;
				if matches!(listed.profile, Some(Err(_))) {
					part.unread = part.unread.saturating_add(1);
				}
				if search.finds_patient(&listed) {
					part.items.push(listed);
				}
				if part.items.len() >= limit {
					part.next = Some(id);
					return Ok(part);
				}
			}
			if !goes_on {
				break;
			}
		}
		// Names of those who have left are no more this hospital's.
		if begins && let Ok(at) = self.chain().finalized().await {
			let waiting = at.awaiting_patients(hospital).await?;
			all.extend(waiting.iter().map(|info| info.id));
			self.names.keep_only(Read::AtDesk, &all).await;
		}
		Ok(part)
	}

	/// A patient of the own hospital, with the profile that this device has read before; if `reads`, with the present one
	/// in any case.
	pub(crate) async fn listed(&self, info: PatientInfo, reads: bool) -> Listed {
		let profile = self.profile_of(&info, Read::AtDesk, reads).await;
		Listed { info, profile }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn words_are_found_without_accents_and_in_any_order() {
		let search = Search::new("  MULLER  ána ", None, false);
		assert!(search.finds(7, &["Ana Müller", "1980-12-31"]));
		assert!(!search.finds(7, &["Ana Meier"]));
		assert!(search.names, "only profiles have names");
	}

	/// As phones, office programs and web pages have them.
	#[test]
	fn other_signs_for_the_same_letters_do_not_matter() {
		for (typed, name) in [
			("o'brien", "Seán O\u{2019}Brien"),
			("O\u{2018}Brien", "Seán O'Brien"),
			("O\u{b4}Brien", "O`Brien"),
			("muller-ludenscheidt", "Müller\u{2011}Lüden\u{ad}scheidt"),
			("\u{200e}Bones\u{200f}", "Bo\u{200b}nes"),
			("\u{feff}Bones", "\u{202a}Bones\u{202c}"),
			("Ana\u{a0}Lu", "Ana Lu"),
			("Ａｎａ", "Ana"),
			("阿\u{30fb}卜杜", "阿\u{b7}卜杜"),
			("\u{645}\u{6cc}\u{631}\u{632}\u{627}", "\u{645}\u{6cc}\u{200c}\u{631}\u{632}\u{627}"),
		] {
			assert!(Search::new(typed, None, false).finds(7, &[name]), "{typed}: {name}");
		}
	}

	/// On a keyboard of another language, these letters are missing.
	#[test]
	fn letters_that_few_keyboards_have_are_found_by_those_that_all_have() {
		for (typed, name) in [
			("grossmann", "Großmann"),
			("GROSSMANN", "Großmann"),
			("Großmann", "GROẞMANN"),
			("lukasz", "Łukasz"),
			("soren", "Søren"),
			("djordje", "Đorđe Djordje"),
			("dordevic", "Đorđević"),
			("Gudrun Thorsdottir", "Guðrún Þórsdóttir"),
			("aesop oeuvre", "Æsop Œuvre"),
			("isik", "Işık"),
			("IŞIK", "ışık"),
			("İnci", "inci"),
			("ΠΑΠΑΔΟΠΟΥΛΟΣ", "Παπαδόπουλος"),
			("νικοσ", "Νίκος"),
			// As an Arabic keyboard has it, and a Persian one.
			("\u{639}\u{644}\u{64a}", "\u{639}\u{644}\u{6cc}"),
			("\u{645}\u{644}\u{643}", "\u{645}\u{644}\u{6a9}"),
		] {
			assert!(Search::new(typed, None, false).finds(7, &[name]), "{typed}: {name}");
		}
		assert!(!Search::new("Lukas", None, false).finds(7, &["Đukas"]));
	}

	#[test]
	fn number_is_one_person_and_needs_no_profile() {
		let search = Search::new("12", None, false);
		assert_eq!((search.number(), search.names), (Some(12), false));
		assert_eq!(Search::new("12 ana", None, false).number(), None);
		assert_eq!(Search::new("99999999999", None, false).number(), None);
		assert_eq!(Search::new("", None, false).number(), None);
	}

	#[test]
	fn standing_narrows_the_list() {
		let suspended = Search::new("", Some(Standing::Suspended), false);
		assert!(suspended.wants(Standing::Suspended) && !suspended.wants(Standing::Verified));
		assert!(Search::default().wants(Standing::Rejected));
	}
}
