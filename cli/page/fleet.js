// SPDX-License-Identifier: MIT
// fleet.js - the page as a whole: the summary, what deviates, and what the controls do.

const FINDINGS_SHOWN = 6,
	CAUSES_SHOWN = 4,
	COLUMNS_FIT = 32;

function deviating(model) {
	const rows = model.rows.filter((row) => row.deviates && row.group.majority);
	return {
		rows,
		hosts: rows.flatMap((row) => row.names),
		open: model.groups.filter((group) => !group.majority),
	};
}

// The first sentence: does anything deviate?
function verdictWords(model) {
	const { hosts, open, rows } = deviating(model);
	if (!hosts.length && !open.length)
		return model.groups.some((group) => group.hosts > 1)
			? 'No host deviates from those that should be identical to it.'
			: 'No two hosts should be identical: there is nothing to compare.';
	const words = [];
	if (hosts.length) {
		const who =
			hosts.length <= 3
				? `${hosts.join(', ')} deviate${hosts.length === 1 ? 's' : ''}`
				: `${hosts.length} of ${model.hosts.length} hosts deviate`;
		const lacking = [
			...new Set(
				rows.flatMap((row) =>
					Object.entries(row.odd)
						.filter(([, odd]) => odd.sign === '-')
						.map(([index]) => model.columns[index].name),
				),
			),
		];
		const is = lacking.length === 1 ? 'is' : 'are';
		const what =
			lacking.length && lacking.length <= 4
				? `: ${lacking.join(', ')} ${is} off or missing there`
				: '';
		words.push(`${who}${what}.`);
	}
	if (open.length) words.push(`${plural(open.length, 'group')} without a majority.`);
	return words.join(' ');
}

function tile(label, value, note, tone) {
	return make(
		'div',
		`tile ${tone || ''}`,
		make('dt', '', label),
		make('dd', '', make('b', '', value), note ? make('span', '', note) : null),
	);
}

function showSummary(model) {
	const good = model.hosts.filter((host) => host.seal === 'good').length;
	const claimed = model.hosts.filter((host) => host.seal === 'claimed').length;
	const open = model.hosts.length - good;
	const drifting = model.groups.filter((group) => group.drift).length;
	const { hosts, open: undecided } = deviating(model);
	const level = model.levels.filter((one) => one.reached).length;
	const lost = model.columns.filter((column) => column.lost).length;
	const times = model.hosts
		.map((host) => (host.time || '').slice(0, 10))
		.filter(Boolean)
		.sort();
	const days = !times.length
		? ''
		: times[0] === times[times.length - 1]
			? times[0]
			: `${times[0]} to ${times[times.length - 1]}`;

	document.title = `${model.title}: ${plural(model.hosts.length, 'host')} - cpulevel`;
	byId('title').textContent = model.title;
	byId('meta').textContent = [days && `Reports of ${days}`, model.program]
		.filter(Boolean)
		.join('  \u00b7  ');
	byId('verdict').textContent = verdictWords(model);
	byId('verdict').className = hosts.length || undecided.length ? 'drift' : 'fine';
	byId('tiles').append(
		tile(
			'Hosts',
			model.hosts.length.toLocaleString('en'),
			model.left_out ? `${plural(model.left_out, 'file')} left out` : '',
			model.left_out ? 'warn' : '',
		),
		tile(
			'Seals',
			`${good} good`,
			open
				? `${open} without` +
						(claimed ? ` (${claimed} claimed by a pool)` : '')
				: 'none without',
			open ? 'warn' : 'good',
		),
		tile('Groups', String(model.groups.length), `${drifting} with drift`),
		tile(
			'Deviating',
			plural(hosts.length, 'host'),
			undecided.length ? `${undecided.length} without a majority` : '',
			hosts.length || undecided.length ? 'bad' : 'good',
		),
		tile('Lost by merging', plural(lost, 'feature'), 'not on all hosts'),
		tile(
			'All reach',
			level ? `x86-64-v${level}` : 'no level',
			model.evc && model.evc.mode ? model.evc.mode : 'no EVC mode',
		),
	);
}

// A button for a deviation: its sign, its name, what there is here and elsewhere.
function chip(model, row, column, go) {
	const odd = row.odd[column.index],
		sign = SIGNS[odd.sign];
	const button = makeButton(`chip ${sign.name}`, '', () => go(row, column));
	button.append(make('b', '', sign.sign), column.name);
	button.title = oddWords(model, odd).trim();
	return button;
}

function findingItem(model, row, go) {
	const { group } = row;
	const why = causes(model, row);
	const chips = oddBySign(model, row)
		.flatMap(([, columns]) => columns)
		.map((column) => chip(model, row, column, go));
	const list = make(
		'ul',
		'why',
		...why
			.slice(0, CAUSES_SHOWN)
			.map(([names, words]) =>
				make('li', '', make('b', '', someNames(names, 3)), ` ${words}`),
			),
	);
	if (why.length > CAUSES_SHOWN)
		list.append(
			make(
				'li',
				'quiet',
				`and ${why.length - CAUSES_SHOWN} more: choose a feature`,
			),
		);
	if (row.note !== undefined) list.append(make('li', 'quiet', noteWords(model, row)));
	return make(
		'li',
		'finding card',
		make(
			'div',
			'who',
			make('b', '', someNames(row.names, 6)),
			make(
				'span',
				'quiet',
				`${row.hosts.length} of ${plural(group.hosts, 'host')}` +
					(group.majority ? '' : ', no majority'),
			),
		),
		make('p', 'quiet', group.about),
		make('div', 'chips', ...chips),
		list,
	);
}

function showFindings(model, go) {
	const all = findings(model),
		list = byId('findings'),
		more = byId('findings-more');
	byId('deviations-lead').append(
		all.length
			? 'From hosts that should be identical: which way, and the likely cause.'
			: 'Nothing does.',
		make(
			'span',
			'screen',
			all.length ? ' Choose a feature to see it in the matrix.' : '',
		),
	);
	const draw = (count) =>
		list.replaceChildren(
			...all.slice(0, count).map((row) => findingItem(model, row, go)),
		);
	draw(FINDINGS_SHOWN);
	more.hidden = all.length <= FINDINGS_SHOWN;
	more.textContent = `Show all ${all.length}`;
	more.addEventListener('click', () => {
		draw(all.length);
		more.hidden = true;
	});
	return () => draw(all.length);
}

function showLegend() {
	byId('legend').append(
		...Object.values(SIGNS).map((sign) =>
			make(
				'li',
				'',
				make('span', `sign ${sign.name}`, sign.sign),
				` ${sign.about}`,
			),
		),
	);
}

function showTools(model, matrix) {
	const names = { drift: 'Deviations', lost: 'Lost by merging', all: 'All' };
	for (const [mode, label] of Object.entries(names)) {
		const input = setAttributes(document.createElement('input'), {
			type: 'radio',
			name: 'mode',
			value: mode,
		});
		input.addEventListener('change', () => {
			matrix.state.mode = mode;
			matrix.show();
		});
		byId('columns').append(
			make(
				'label',
				'',
				input,
				make('span', '', `${label} ${matrix.count(mode)}`),
			),
		);
	}
	byId('search').addEventListener('input', () => {
		matrix.state.words = byId('search')
			.value.toLowerCase()
			.split(/\s+/)
			.filter(Boolean);
		byId('grid').scrollTop = 0;
		matrix.show();
	});
	byId('odd-only').addEventListener('change', () => {
		matrix.state.oddOnly = byId('odd-only').checked;
		matrix.show();
	});
	byId('tools').addEventListener('submit', (event) => event.preventDefault());
	document.addEventListener('keydown', (event) => {
		if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
			event.preventDefault();
			byId('search').focus();
		}
	});
}

function setMode(matrix, mode) {
	matrix.state.mode = mode;
	byId('columns').querySelector(`input[value="${mode}"]`).checked = true;
}

// All columns if they fit on a screen; else those in which hosts deviate, if there are any.
function firstMode(matrix) {
	if (matrix.count('all') <= COLUMNS_FIT) return 'all';
	return matrix.count('drift') ? 'drift' : 'lost';
}

function showNotes(model) {
	const notes = [...model.caveats];
	for (const group of model.groups) {
		const differ = someNames(group.setup_differs.map(model.text), 12);
		if (differ) notes.push(`${group.about}: different in setup: ${differ}`);
		else if (group.digests_differ)
			notes.push(`${group.about}: setup differs in what reports do not list`);
	}
	notes.push(
		'A mask is for compatibility. It is no security boundary: a guest can execute an ' +
			'instruction without checking CPUID first.',
		'Masks have not been tried on a real ESXi.',
	);
	byId('note-list').append(...notes.map((note) => make('li', '', note)));
}

function start() {
	const model = readModel();
	const detail = makeDetail(model, () => matrix.focus());
	const matrix = makeMatrix(model, (row, column) =>
		detail.show(row, column).focus({ preventScroll: true }),
	);

	showSummary(model);
	showLegend();
	showTools(model, matrix);
	setMode(matrix, firstMode(matrix));
	matrix.show();
	const allFindings = showFindings(model, (row, column) => {
		byId('search').value = '';
		Object.assign(matrix.state, { words: [], oddOnly: false });
		byId('odd-only').checked = false;
		setMode(matrix, 'drift');
		matrix.show();
		matrix.go(row, column);
		byId('matrix').scrollIntoView({ block: 'start' });
		detail.show(row, column).focus({ preventScroll: true });
	});
	showBaseline(model);
	showMasks(model);
	showNotes(model);
	const paper = () => {
		allFindings();
		drawPaper(model, matrix);
		byId('features').open = true;
	};
	window.addEventListener('beforeprint', paper);
	window.matchMedia('print').addEventListener('change', (media) => media.matches && paper());
}

start();
