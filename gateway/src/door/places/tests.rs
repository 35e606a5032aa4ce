use super::*;
use futures::FutureExt;

fn address(text: &str) -> Caller {
	Caller::at(text.parse().unwrap())
}

fn account(number: u8) -> [u8; 32] {
	[number; 32]
}

/// A place of an account that has signed in.
fn signed_in(places: &Places, from: &str, number: u8) -> Place {
	let place = places.enter(address(from)).unwrap();
	place.sign_in(account(number)).unwrap();
	place
}

fn is_there(place: &Place) -> bool {
	locked(&place.held).by_number.contains_key(&place.number)
}

#[test]
fn an_address_has_so_many_places_until_its_people_sign_in() {
	let places = Places::new(100);
	let own: Vec<_> = (0..16).map(|_| places.enter(address("192.0.2.1")).unwrap()).collect();
	assert_eq!(places.enter(address("192.0.2.1")).err(), Some(TOO_MANY));
	let _other = places.enter(address("192.0.2.2")).unwrap();
	own[0].sign_in(account(1)).unwrap();
	let _next = places.enter(address("192.0.2.1")).unwrap();
	assert!(places.enter(address("192.0.2.1")).is_err());
}

#[test]
fn an_account_has_so_many_places() {
	let places = Places::new(100);
	let own: Vec<_> = (0..16).map(|_| signed_in(&places, "192.0.2.1", 1)).collect();
	let more = places.enter(address("192.0.2.1")).unwrap();
	assert!(more.sign_in(account(1)).is_err());
	more.sign_in(account(2)).unwrap();
	own[0].sign_in(account(1)).expect("a new token for the same account takes no other place");
}

#[test]
fn strangers_leave_places_to_those_who_sign_in() {
	let places = Places::new(8);
	let strangers: Vec<_> =
		(0..8).map(|last| places.enter(address(&format!("192.0.2.{last}"))).unwrap()).collect();
	assert_eq!(strangers.iter().filter(|one| is_there(one)).count(), 6);
	let patient = places.enter(address("198.51.100.1")).unwrap();
	patient.sign_in(account(1)).unwrap();
	for last in 0..100 {
		drop(places.enter(address(&format!("203.0.113.{last}"))));
	}
	assert!(is_there(&patient));
}

#[test]
fn a_flood_from_many_addresses_pushes_itself_out() {
	for flood in [
		(0..200_u32).map(|number| format!("203.0.113.{number}")).collect::<Vec<_>>(),
		(0..200_u32).map(|number| format!("2001:db8:1:{number:x}::1")).collect(),
		(0..200_u32).map(|number| format!("203.0.113.{}", number % 20)).collect(),
	] {
		let places = Places::new(64);
		let patient = places.enter(address("198.51.100.1")).unwrap();
		let flood: Vec<_> = flood.iter().map(|from| places.enter(address(from))).collect();
		assert!(is_there(&patient), "the patient came first, and is idle for the longest time");
		let next = places.enter(address("198.51.100.2")).unwrap();
		next.sign_in(account(1)).unwrap();
		assert!(patient.ended().now_or_never().is_none());
		let pushed_out = flood.iter().flatten().filter(|one| !is_there(one));
		let mut pushed_out = pushed_out.peekable();
		assert!(pushed_out.peek().is_some());
		assert!(pushed_out.all(|one| one.ended().now_or_never().is_some()), "it is told");
	}
}

#[test]
fn of_an_address_the_one_that_has_been_idle_for_longest_goes() {
	let places = Places::new(4);
	let first = places.enter(address("192.0.2.1")).unwrap();
	let second = places.enter(address("192.0.2.1")).unwrap();
	let third = places.enter(address("192.0.2.1")).unwrap();
	first.touch();
	let _fourth = places.enter(address("198.51.100.1")).unwrap();
	assert_eq!([&first, &second, &third].map(is_there), [true, false, true]);
}

#[test]
fn accounts_with_several_places_give_one_to_a_newcomer() {
	let places = Places::new(4);
	let many: Vec<_> = (0..3).map(|_| signed_in(&places, "192.0.2.1", 1)).collect();
	let one = signed_in(&places, "192.0.2.2", 2);
	many[0].touch();
	let newcomer = places.enter(address("198.51.100.1")).unwrap();
	assert!(is_there(&one) && is_there(&newcomer));
	assert_eq!(many.iter().map(is_there).collect::<Vec<_>>(), [true, false, true]);
	let all_have_one = Places::new(2);
	let _both = [1, 2].map(|number| signed_in(&all_have_one, "192.0.2.1", number));
	assert_eq!(all_have_one.enter(address("192.0.2.3")).err(), Some(TOO_MANY));
}

#[test]
fn accounts_that_take_all_places_leave_strangers_theirs() {
	let places = Places::new(32);
	let mut rich = Vec::new();
	for number in [1, 2] {
		rich.extend((0..16).map(|_| signed_in(&places, "192.0.2.1", number)));
	}
	let strangers: Vec<_> =
		(1..=24).map(|last| places.enter(address(&format!("203.0.113.{last}"))).unwrap()).collect();
	assert!(strangers.iter().all(is_there), "newcomers push out none that is about to sign in");
	assert_eq!(rich.iter().filter(|one| is_there(one)).count(), 8);
	let _next = places.enter(address("198.51.100.1")).unwrap();
	assert_eq!(strangers.iter().filter(|one| is_there(one)).count(), 23, "they have all of theirs");
	assert_eq!(rich.iter().filter(|one| is_there(one)).count(), 8);
}

#[test]
fn a_place_whose_token_has_ended_may_go() {
	let places = Places::new(4);
	let all: Vec<_> = (1..=4).map(|number| signed_in(&places, "192.0.2.1", number)).collect();
	assert!(places.enter(address("192.0.2.2")).is_err());
	all[2].sign_out();
	let _newcomer = places.enter(address("192.0.2.2")).unwrap();
	assert!(!is_there(&all[2]));
	assert!(all[2].sign_in(account(3)).is_err(), "the place is another's by now");
}

#[test]
fn who_takes_too_slowly_what_is_kept_loses_the_place() {
	let places = Places { max_kept: 100, ..Places::new(8) };
	let [slow, quick, other] =
		[1, 2, 3].map(|number| signed_in(&places, &format!("192.0.2.{number}"), number));
	quick.keep(10);
	slow.keep(20);
	quick.took(10);
	other.keep(30);
	assert!(is_there(&slow));
	quick.keep(60);
	assert!(!is_there(&slow) && is_there(&quick) && is_there(&other));
	assert!(slow.ended().now_or_never().is_some());
	slow.keep(90);
	slow.took(10);
	assert_eq!(locked(&places.held).kept, 90, "who has left counts for nothing");
	drop((slow, quick, other));
	assert_eq!(locked(&places.held).kept, 0);
	assert!(locked(&places.held).by_number.is_empty(), "nothing is left behind");
}
