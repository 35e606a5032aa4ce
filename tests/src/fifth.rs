//! A fifth hospital, which the council admits and expels. `//Eve` acts for it.

use crate::{Chain, ExtraNode, council_decides, council_enacts, eventually, well_known};
use medblock_primitives::HospitalId;
use medblock_runtime::{Consortium, Runtime};
use medblock_views::SeatStatus;
use sp_core::{OpaquePeerId, Pair};
use sp_runtime::MultiAddress;

/// The hospital.
const FIFTH: HospitalId = HospitalId(4);

/// Two thirds of the four that admit it.
const THREE: [&str; 3] = ["Alice", "Bob", "Charlie"];

/// Two thirds of the council once it is a member, which three are not.
const FOUR: [&str; 4] = ["Alice", "Bob", "Charlie", "Dave"];

/// The council admits the hospital, whose vault is at this address.
pub async fn council_admits_fifth(chain: &Chain, gateway: &str) {
	let admit = pallet_consortium::Call::<Runtime>::admit_hospital {
		controller: well_known("Eve").public().into(),
		name: b"Fifth Hospital".to_vec().try_into().expect("short"),
		gateway: gateway.as_bytes().to_vec().try_into().expect("short"),
	};
	council_decides(chain, &THREE, admit.into()).await;
}

/// The council has the other nodes connect to the hospital's.
pub async fn council_lets_in(chain: &Chain, node: &ExtraNode) {
	let owner = MultiAddress::Id(Consortium::seat_account(FIFTH));
	let node = OpaquePeerId(node.peer_id.clone());
	let add = pallet_node_authorization::Call::<Runtime>::add_well_known_node { node, owner };
	council_enacts(chain, &FOUR, add).await;
}

/// Waits until the hospital has its seat, and a block that it has authored is final.
pub async fn fifth_authors(chain: &Chain) {
	eventually("the fifth hospital is seated", || async {
		(*chain.seats().await.get(4)? == SeatStatus::Seated).then_some(())
	})
	.await;
	eventually("the fifth hospital authors a block that becomes final", || async {
		let (hash, _) = chain.finalized().await;
		(chain.author_of(hash).await == Some(FIFTH.0)).then_some(())
	})
	.await;
}

/// The council expels the hospital.
pub async fn council_expels_fifth(chain: &Chain) {
	let expel = pallet_consortium::Call::<Runtime>::expel_hospital { hospital: FIFTH };
	council_decides(chain, &FOUR, expel.into()).await;
}

/// Waits until the others have made blocks final among themselves for a while.
pub async fn four_go_on(chain: &Chain) {
	let now = chain.finalized().await.1.number;
	for more in [10, 20, 30] {
		eventually("the four are a set of their own again", || async {
			(chain.finalized().await.1.number >= now + more).then_some(())
		})
		.await;
	}
}
