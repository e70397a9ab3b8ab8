// SPDX-License-Identifier: MIT
// model.js - what the tool found: hosts, rows of identical hosts, groups of rows, columns.

const UNKNOWN = -1,
	LACKS = 0,
	HAS = 1,
	SOME = 2,
	TEXT = 3; // in cells; from TEXT on, a text

const SIGNS = {
	'-': { sign: '\u2212', name: 'less', about: 'lacks what its group has' },
	'+': { sign: '+', name: 'more', about: 'has what its group lacks' },
	'=': { sign: '\u2260', name: 'other', about: 'has another value than its group' },
	lacks: { sign: '\u25cb', name: 'lacks', about: 'all of the group lack it' },
	has: { sign: '\u25cf', name: 'has', about: 'has it' },
	some: { sign: '\u25d0', name: 'some', about: 'only some processors have it' },
	unknown: { sign: '?', name: 'unknown', about: 'not in the report' },
};

// readModel(): the data of this file, with references in the place of numbers.
function readModel() {
	const data = JSON.parse(byId('data').textContent);
	const { texts, hosts, columns, groups, rows } = data.matrix;
	const text = (number) => texts[number];
	for (const host of hosts) {
		host.revisions = text(host.revisions);
		if (host.no_setup !== undefined) host.no_setup = text(host.no_setup);
		host.words = `${host.name} ${host.revisions}`.toLowerCase();
	}
	columns.forEach((column, index) => {
		column.index = index;
		column.name = column.name || column.place;
		column.words = [column.name, column.place || '', ...column.names]
			.join('\n')
			.toLowerCase();
	});
	groups.forEach((group, index) => {
		group.index = index;
		group.rows = rows.slice(group.first, group.first + group.rows);
		for (const row of group.rows) row.group = group;
		group.hosts = group.rows.reduce((sum, row) => sum + row.hosts.length, 0);
		group.reference = group.rows[0];
		group.drift = group.rows.length > 1;
	});
	rows.forEach((row, index) => {
		row.index = index;
		row.hosts = row.hosts.map((host) => hosts[host]);
		row.names = row.hosts.map((host) => host.name);
		row.odd = row.odd || {};
		row.deviates = Object.keys(row.odd).length > 0;
		for (const host of row.hosts) host.row = row;
	});
	const anySeal = hosts.some((host) => host.seal === 'good');
	return { ...data, text, hosts, columns, groups, rows, anySeal };
}

// The sign of a cell: that of a deviation, or what there is.
function cellSign(row, column) {
	const odd = row.odd[column.index],
		cell = row.cells[column.index];
	if (odd) return SIGNS[odd.sign];
	return [SIGNS.unknown, SIGNS.lacks, SIGNS.has, SIGNS.some][cell + 1] || SIGNS.has;
}

// What is in a cell, in words.
function cellWords(model, row, column) {
	const cell = row.cells[column.index];
	if (cell >= TEXT) return model.text(cell - TEXT);
	return ['not in the report', '0', '1', '1 on some processors'][cell + 1];
}

// What there is on both sides of a deviation.
function oddWords(model, odd) {
	return ` ${model.text(odd.here)}, elsewhere ${model.text(odd.there)}`;
}

// What is said of a row besides, as a sentence.
function noteWords(model, row) {
	const words = model.text(row.note);
	return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

// A short value for a cell that is not a single bit; '=' if it has no short one.
function shortValue(model, row, column) {
	const value = cellWords(model, row, column).split(' ')[0];
	return value.length <= 4 ? value : '=';
}

// The rest of a group, to which a row is compared.
function elsewhere(row) {
	return row.group.reference;
}

// The rows that deviate: first those of groups with a majority, and in which something is missing.
function findings(model) {
	const weight = (row) =>
		(row.group.majority ? 0 : 2) +
		(Object.values(row.odd).some((odd) => odd.sign === '-') ? 0 : 1);
	return model.rows
		.filter((row) => row.deviates)
		.sort((a, b) => weight(a) - weight(b) || a.index - b.index);
}

// The columns in which a row deviates, by sign: [['-', [column, ...]], ...].
function oddBySign(model, row) {
	return ['-', '+', '=']
		.map((sign) => [
			sign,
			Object.keys(row.odd)
				.filter((index) => row.odd[index].sign === sign)
				.map((index) => model.columns[index]),
		])
		.filter(([, columns]) => columns.length);
}

// The likely causes of a row's deviations: [['AESNI, AVX', 'In setup, ...'], ...].
function causes(model, row) {
	const found = new Map();
	for (const index of Object.keys(row.odd)) {
		const why = whyShort(model, row, model.columns[index]);
		if (why) found.set(why, [...(found.get(why) || []), model.columns[index].name]);
	}
	return [...found].map(([why, names]) => [names, why]);
}

// The likely cause of a deviation in one sentence; '' if none is known.
function whyShort(model, row, column) {
	const odd = row.odd[column.index];
	if (odd.firmware.length) return odd.firmware[0].map(model.text).join(' = ');
	if (odd.also.length) return model.text(odd.also[0]);
	if (column.setup)
		return `In setup, look for ${column.setup.split('; ').slice(0, 3).join('; ')}`;
	return column.hidden ? 'Firmware can hide it; no setup option is known' : '';
}
