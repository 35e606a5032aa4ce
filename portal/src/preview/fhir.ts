// FHIR JSON as tables of its structured data. Narratives are markup, and not shown.
import { element, label, table } from './parts';
import { decode, LONGEST_TEXT } from './sniff';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Resource = { [key: string]: Json };

const ROWS = 300;
const DEPTH = 6;

export function showFhir(bytes: Uint8Array, place: HTMLElement): void {
	const text = bytes.length > LONGEST_TEXT ? null : decode(bytes, false);
	if (text === null) throw new Error('too long');
	const groups = new Map<string, string[][]>();
	let rows = 0;
	for (const resource of resources(JSON.parse(text) as Json, 0)) {
		const type = word(resource['resourceType']);
		if (type === '' || type === 'Bundle') continue;
		rows += 1;
		if (rows > ROWS) break;
		groups.set(type, [...(groups.get(type) ?? []), row(resource)]);
	}
	for (const [type, lines] of groups) {
		// `MedicationRequest` reads better as two words.
		place.append(element('h2', type.replace(/([a-z])([A-Z])/g, '$1 $2')));
		const used = [0, 1, 2, 3].filter((column) => column === 0 || lines.some((line) => line[column] !== ''));
		const head = [label('fhir.what'), label('fhir.value'), label('fhir.date'), label('fhir.status')];
		place.append(table(used.map((column) => head[column] ?? ''), lines.map((line) => used.map((column) => line[column] ?? ''))));
	}
	if (groups.size === 0) place.append(element('p', label('fhir.none'), 'soft'));
	if (rows > ROWS) place.append(element('p', label('moreRows'), 'soft'));
}

function isResource(json: Json | undefined): json is Resource {
	return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function* resources(json: Json, depth: number): Generator<Resource> {
	if (depth > DEPTH || !isResource(json)) return;
	if (json['resourceType'] !== undefined) yield json;
	const entries = json['entry'];
	if (Array.isArray(entries)) for (const entry of entries) if (isResource(entry) && entry['resource'] !== undefined) yield* resources(entry['resource'] ?? null, depth + 1);
	const contained = json['contained'];
	if (Array.isArray(contained)) for (const inner of contained) yield* resources(inner, depth + 1);
}

function word(json: Json | undefined): string {
	if (typeof json === 'string') return json;
	return typeof json === 'number' || typeof json === 'boolean' ? String(json) : '';
}

function first(json: Json | undefined): Json | undefined {
	return Array.isArray(json) ? json[0] : json;
}

/** A concept in words: its text, else the display or the code of its first coding. */
function concept(json: Json | undefined): string {
	const one = first(json);
	if (typeof one === 'string') return one;
	if (!isResource(one)) return '';
	const coding = first(one['coding']);
	return word(one['text']) || (isResource(coding) ? word(coding['display']) || word(coding['code']) : '') || word(one['display']) || word(one['code']);
}

function quantity(json: Json | undefined): string {
	if (!isResource(json)) return '';
	return [word(json['comparator']), word(json['value']), word(json['unit']) || word(json['code'])].filter(Boolean).join(' ');
}

function person(json: Json | undefined): string {
	const one = first(json);
	if (typeof one === 'string') return one;
	if (!isResource(one)) return '';
	const given = one['given'];
	return word(one['text']) || [...(Array.isArray(given) ? given.map(word) : []), word(one['family'])].filter(Boolean).join(' ');
}

function value(resource: Resource): string {
	for (const [key, inner] of Object.entries(resource)) {
		if (!key.startsWith('value')) continue;
		const text = key === 'valueQuantity' ? quantity(inner) : key === 'valueCodeableConcept' ? concept(inner) : word(inner);
		if (text !== '') return text;
	}
	const parts = resource['component'];
	if (Array.isArray(parts)) return parts.filter(isResource).map((part) => `${concept(part['code'])}: ${value(part)}`).join(', ');
	const dosage = first(resource['dosageInstruction'] ?? resource['dosage']);
	if (isResource(dosage) && dosage['text'] !== undefined) return word(dosage['text']);
	return word(resource['birthDate']) || concept(resource['conclusion']) || concept(resource['reasonCode']);
}

function when(resource: Resource): string {
	for (const key of ['effectiveDateTime', 'onsetDateTime', 'occurrenceDateTime', 'performedDateTime', 'authoredOn', 'recordedDate', 'date', 'issued', 'started']) {
		if (typeof resource[key] === 'string') return resource[key].slice(0, 10);
	}
	for (const key of ['period', 'effectivePeriod', 'performedPeriod']) {
		const period = resource[key];
		if (isResource(period)) return word(period['start']).slice(0, 10);
	}
	return '';
}

function row(resource: Resource): string[] {
	const what =
		concept(resource['code']) || concept(resource['vaccineCode']) || concept(resource['medicationCodeableConcept']) || person(resource['name']) || word(resource['title']) || concept(resource['type']) || word(resource['id']) || '–';
	const status = concept(resource['clinicalStatus']) || word(resource['status']);
	return [what, value(resource), when(resource), status];
}
