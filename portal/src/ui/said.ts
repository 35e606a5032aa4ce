// The Worker's sentences in the page's language. They come in English, with a code and what stands in them.
import type { Doctor, Problem, Said } from '../api';
import de from '../../locales/problems.de.json';
import { decision } from '../hindrance';
import { language, t } from './i18n.svelte';

/** The sentences of each language but English, by their codes. */
const SENTENCES: Record<string, Record<string, string>> = { de };

/** A code's sentence in the page's language, if there is one. */
function own(code: string | undefined): string | undefined {
	const all = SENTENCES[language()];
	return all !== undefined && code !== undefined && Object.hasOwn(all, code) ? all[code] : undefined;
}

/** Whether there is a sentence in the page's language. */
export function isOwn(said: Said): boolean {
	return language() === 'en' || own(said.code) !== undefined;
}

/** What was said, in the page's language if there is a sentence in it. */
export function said(what: Said): string {
	const values = what.values ?? {};
	return own(what.code)?.replace(/\{(\w+)\}/g, (place, name: string) => {
		if (name === 'cause' && what.cause) return said(what.cause);
		return Object.hasOwn(values, name) ? (values[name] ?? place) : place;
	}) ?? what.sentence;
}

/** A problem's advice, in the page's language if there is a sentence in it. */
export function advice({ advice, adviceCode }: Problem): string | undefined {
	return own(adviceCode) ?? advice;
}

/** Why nothing can be shared with a doctor. Where the hospital has decided that, it says what. */
export function hindrance({ problem, standing }: Pick<Doctor, 'problem' | 'standing'>): string {
	const decided = decision(problem, standing);
	if (decided !== null) return t(`doctor.not.${decided}`);
	return problem ? denial(problem) : t('doctor.notPractising');
}

/** Why a doctor may not do something. */
export function denial({ reason, sentence }: { reason: string; sentence: string }): string {
	return said({ code: `denied.${reason}`, sentence });
}
