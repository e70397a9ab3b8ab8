// SPDX-License-Identifier: MIT
// detail.js - who, why and which switch: about one cell, one row, or one column.

function part(title, ...children) {
	return make('div', 'part', make('h4', '', title), ...children);
}

const lines = (words) => words.map((line) => make('p', '', line));
const once = (words) => [...new Set(words)];

// What is said of setup options, in the firmware's own words.
function firmwareList(model, sentences) {
	const item = ([path, rest]) =>
		make('li', '', make('b', '', model.text(path)), make('span', '', model.text(rest)));
	return make('ul', 'firmware', ...sentences.map(item));
}

// Which switch: what the firmware says, else the names that vendors use.
function switchPart(model, column, sentences, registers) {
	const box = part('Which switch');
	if (sentences.length) box.append(firmwareList(model, sentences));
	box.append(...lines(registers.map(model.text)));
	if (sentences.length) return box;
	if (column.setup) {
		const names = column.setup.split('; ').map((name) => make('li', '', name));
		box.append(make('p', '', 'In setup, look for'), make('ul', 'names', ...names));
	} else if (column.hidden) {
		box.append(make('p', 'quiet', 'Firmware can hide it; no setup option is known.'));
	} else if (!registers.length) {
		box.append(make('p', 'quiet', 'No setup option is known for it.'));
	}
	return box;
}

function hostsPart(title, row, value) {
	return part(
		`${title}: ${plural(row.hosts.length, 'host')}`,
		value === null ? null : make('p', 'value', value),
		make('p', 'hosts', row.names.join(', ')),
	);
}

const REASONS = {
	in_baseline: () => 'It is in the baseline.',
	nobody: () => 'No host has it.',
	layout: () => 'All have it, but its size or offset in the XSAVE area differs.',
	differs: () => 'It differs between hosts.',
	never: () => 'It is not a property of the machine.',
	need: (column) => `All have it, but it needs ${column.need}, which is not in the baseline.`,
	hosts: (column, hosts) => {
		const words = [];
		if (column.lacking) words.push(`${column.lacking} of ${hosts} hosts lack it.`);
		if (column.unknown)
			words.push(
				`It is not in the reports of ${plural(column.unknown, 'host')}.`,
			);
		return words.join(' ');
	},
};

// Why the baseline of all hosts lacks a feature.
function baselinePart(model, column) {
	const box = part('In the baseline of all hosts');
	if (!column.lost) {
		box.append(make('p', 'quiet', 'Nothing is lost by merging these hosts.'));
		return box;
	}
	box.append(...lines([`No. ${REASONS[column.reason](column, model.hosts.length)}`]));
	const lacking = model.rows.filter((row) => row.cells[column.index] === LACKS);
	const names = lacking.flatMap((row) => row.names);
	if (names.length && column.reason === 'hosts')
		box.append(make('p', 'hosts', someNames(names, 40)));
	if (column.firmware.length) box.append(firmwareList(model, column.firmware));
	return box;
}

// Different BIOS or microcode is not compared, but may be the cause.
function revisionsPart(row) {
	const here = once(row.hosts.map((host) => host.revisions));
	const there = once(elsewhere(row).hosts.map((host) => host.revisions));
	if (here.join() === there.join()) return null;
	return part(
		'Also different',
		...lines([`Here: ${someNames(here, 3)}`, `Elsewhere: ${someNames(there, 3)}`]),
	);
}

function cellDetail(model, row, column) {
	const odd = row.odd[column.index];
	const sign = cellSign(row, column);
	const badge = make('p', `badge ${sign.name}`, make('b', '', sign.sign), ` ${sign.about}`);
	if (!odd)
		return [
			badge,
			hostsPart('Here', row, cellWords(model, row, column)),
			baselinePart(model, column),
		];
	const others = row.group.majority ? 'Elsewhere in the group' : 'No majority; compared with';
	return [
		badge,
		hostsPart('Here', row, model.text(odd.here)),
		hostsPart(others, elsewhere(row), model.text(odd.there)),
		switchPart(model, column, odd.firmware, odd.also),
		row.note === undefined ? null : make('p', 'quiet', noteWords(model, row)),
		revisionsPart(row),
		baselinePart(model, column),
	];
}

function oddItem(model, [index, odd]) {
	const sign = SIGNS[odd.sign];
	return make(
		'li',
		'',
		make('span', `sign ${sign.name}`, sign.sign),
		make('b', '', model.columns[index].name),
		make('span', '', oddWords(model, odd)),
	);
}

function rowDetail(model, row) {
	const seals = row.hosts.filter((host) => host.seal === 'good').length;
	const odd = Object.entries(row.odd);
	const same = row.group.drift ? 'The group is compared with this' : 'Deviates in nothing';
	const unknown = row.hosts.filter((host) => host.no_setup !== undefined);
	const why = once(unknown.map((host) => host.no_setup));
	return [
		make('p', 'quiet', row.group.about),
		hostsPart('Hosts', row, null),
		part('Seals', ...lines([`${seals} of ${row.hosts.length} good`])),
		part(
			'BIOS and microcode',
			...lines(once(row.hosts.map((host) => host.revisions)).slice(0, 8)),
		),
		part('Level', ...lines([row.level ? `x86-64-v${row.level}` : 'below x86-64-v1'])),
		part(
			odd.length ? 'Deviates in' : same,
			make('ul', 'odd', ...odd.map((one) => oddItem(model, one))),
		),
		row.deviates ? revisionsPart(row) : null,
		unknown.length
			? part(
					'Setup options not known',
					...lines([
						`${unknown.length} of them: ${someNames(why, 3)}`,
					]),
				)
			: null,
	];
}

function columnDetail(model, column) {
	return [switchPart(model, column, [], []), baselinePart(model, column)];
}

// makeDetail(model, closed): closed() is called when the reader closes it.
function makeDetail(model, closed) {
	const panel = byId('detail');

	function hide() {
		panel.hidden = true;
		byId('board').classList.remove('split');
		closed();
	}

	function parts(row, column) {
		if (!column) return rowDetail(model, row);
		const about = [column.place, column.about].filter(Boolean).join('   ');
		return [
			make('p', 'quiet', about),
			...(row ? cellDetail(model, row, column) : columnDetail(model, column)),
		];
	}

	panel.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') hide();
	});
	return {
		hide,
		// Shows it and returns the button that closes it.
		show(row, column) {
			const heading = make(
				'h3',
				'',
				column ? column.name : someNames(row.names, 3),
			);
			const close = makeButton('close', '\u00d7', hide);
			heading.id = 'detail-title';
			setAttributes(close, { 'aria-label': 'Close' });
			panel.replaceChildren(
				make('div', 'title', heading, close),
				...parts(row, column).filter(Boolean),
			);
			panel.hidden = false;
			panel.scrollTop = 0;
			byId('board').classList.add('split');
			return close;
		},
	};
}
