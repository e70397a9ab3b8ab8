// SPDX-License-Identifier: MIT
// select.js - which columns, groups, rows and hosts the matrix has: by its mode, filter and search.

const ROW = { group: 46, row: 36, host: 28 }; // heights in pixels, as in fleet.css

// Which columns a mode has.
const IN_MODE = { drift: (c) => c.drift, lost: (c) => c.lost, all: () => true };

function matchesRow(row, words) {
	const group = row.group.about.toLowerCase();
	return words.every(
		(word) =>
			group.includes(word) || row.hosts.some((host) => host.words.includes(word)),
	);
}

// Finds what is to be shown: state.columns, state.items and the height of each.  Words of a search
// select columns if they name some, and rows if they name some.
function select(model, state) {
	const { words } = state;
	const wanted = model.columns.filter(IN_MODE[state.mode]);
	const named = words.length
		? wanted.filter((c) => words.every((word) => c.words.includes(word)))
		: [];
	const rows = words.length ? model.rows.filter((row) => matchesRow(row, words)) : [];
	state.columns = (words.length && !rows.length) || named.length ? named : wanted;
	const chosen = new Set(rows.length || (words.length && !named.length) ? rows : model.rows);
	state.items = [];
	for (const group of model.groups) {
		const shown = group.rows.filter(
			(row) =>
				chosen.has(row) &&
				(!state.oddOnly ||
					row.deviates ||
					(group.drift && row === group.reference)),
		);
		if (!shown.length || (state.oddOnly && !group.drift)) continue;
		state.items.push({ kind: 'group', group });
		for (const row of shown) addRow(state, row, rows.length > 0);
	}
	state.tops = [0];
	for (const item of state.items)
		state.tops.push(state.tops[state.tops.length - 1] + ROW[item.kind]);
}

function addRow(state, row, searched) {
	const several = row.hosts.length > 1;
	const found = (host) => state.words.every((word) => host.words.includes(word));
	const hosts = searched ? row.hosts.filter(found) : row.hosts;
	const opened =
		several &&
		(state.expanded.has(row) ||
			(searched && hosts.length > 0 && hosts.length < row.hosts.length));
	state.items.push({ kind: 'row', row, opened, several });
	if (opened)
		for (const host of state.expanded.has(row) ? row.hosts : hosts)
			state.items.push({ kind: 'host', row, host });
}
