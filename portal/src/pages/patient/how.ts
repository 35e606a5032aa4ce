// How much a look took, in words.
import type { Extent } from '../../looks';
import { t } from '../../ui/i18n.svelte';

const HOW = { title: 'looks.how.title', short: 'looks.how.short', opened: 'looks.how.opened' } as const;

export function howMuch(extent: Extent): string {
	return t(HOW[extent]);
}
