// People's standings, and how they look.
import type { Standing } from '../../api';

export const STANDINGS = ['pending', 'verified', 'suspended', 'rejected'] as const satisfies readonly Standing[];

export const TONES = { pending: 'wait', verified: 'good', suspended: 'bad', rejected: 'bad' } as const satisfies Record<Standing, string>;

export function isStanding(text: string): text is Standing {
	return STANDINGS.some((standing) => standing === text);
}
