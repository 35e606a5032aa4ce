// What the preview's frame says, in the page's language: the frame has no language files of its own.
import en from '../../../locales/en.json';
import type { Labels } from '../../preview/messages';
import { isKey, t } from '../../ui/i18n.svelte';

/** The sentences of the frame, with their places still open. */
export function previewLabels(): Labels {
	const labels: Labels = {};
	for (const key of Object.keys(en)) {
		if (key.startsWith('preview.') && isKey(key)) labels[key.slice('preview.'.length)] = t(key);
	}
	return labels;
}
