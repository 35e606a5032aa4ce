//! The weights of the council's calls: the SDK's, and what this chain adds to them.

use crate::{Runtime, weights::DatabaseWeight};
use frame_support::weights::Weight;
use pallet_collective::{WeightInfo, weights::SubstrateWeight};

/// The SDK's weights. A proposal also reads its threshold's council in the transaction's checks and again
/// before the call, the open motions, the proposer's hospital and the active ones, and takes a place. A
/// vote also reads the motion's end twice. To be measured.
pub struct CouncilWeight;

type Collective = SubstrateWeight<Runtime>;

impl WeightInfo for CouncilWeight {
	fn set_members(m: u32, n: u32, p: u32) -> Weight {
		Collective::set_members(m, n, p)
	}

	fn execute(b: u32, m: u32) -> Weight {
		Collective::execute(b, m)
	}

	fn propose_execute(b: u32, m: u32) -> Weight {
		Collective::propose_execute(b, m).saturating_add(DatabaseWeight::get().reads(2))
	}

	fn propose_proposed(b: u32, m: u32, p: u32) -> Weight {
		Collective::propose_proposed(b, m, p)
			.saturating_add(DatabaseWeight::get().reads_writes(6, 1))
	}

	fn vote(m: u32) -> Weight {
		Collective::vote(m).saturating_add(DatabaseWeight::get().reads(2))
	}

	fn close_early_disapproved(m: u32, p: u32) -> Weight {
		Collective::close_early_disapproved(m, p)
	}

	fn close_early_approved(b: u32, m: u32, p: u32) -> Weight {
		Collective::close_early_approved(b, m, p)
	}

	fn close_disapproved(m: u32, p: u32) -> Weight {
		Collective::close_disapproved(m, p)
	}

	fn close_approved(b: u32, m: u32, p: u32) -> Weight {
		Collective::close_approved(b, m, p)
	}

	fn disapprove_proposal(p: u32) -> Weight {
		Collective::disapprove_proposal(p)
	}

	fn kill(d: u32, p: u32) -> Weight {
		Collective::kill(d, p)
	}

	fn release_proposal_cost() -> Weight {
		Collective::release_proposal_cost()
	}
}
