// detail.js - who, why and which switch: about one cell, one row, or one column.

// What is said of setup options, in the firmware's own words.
function firmwareList(model, sentences) {
	return make(
		'ul',
		'firmware',
		...sentences.map(([path, rest]) =>
			make(
				'li',
				'',
				make('b', '', model.text(path)),
				make('span', '', model.text(rest)),
			),
		),
	);
}

// Which switch: what the firmware says, else the names that vendors use.
function switchPart(model, column, sentences, registers) {
	const part = make('div', 'part', make('h4', '', 'Which switch'));
	if (sentences.length) part.append(firmwareList(model, sentences));
	for (const register of registers) part.append(make('p', '', model.text(register)));
	if (!sentences.length && column.setup)
		part.append(
			make('p', '', 'In setup, look for'),
			make(
				'ul',
				'names',
				...column.setup.split('; ').map((name) => make('li', '', name)),
			),
		);
	else if (!sentences.length && !registers.length)
		part.append(
			make(
				'p',
				'quiet',
				column.hidden
					? 'Firmware can hide it; no setup option is known.'
					: 'No setup option is known for it.',
			),
		);
	return part;
}

function hostsPart(title, row, value) {
	const names = make('p', 'hosts', row.names.join(', '));
	return make(
		'div',
		'part',
		make('h4', '', `${title}: ${plural(row.hosts.length, 'host')}`),
		value === null ? null : make('p', 'value', value),
		names,
	);
}

const REASONS = {
	none: () => 'It is in the baseline.',
	nobody: () => 'No host has it.',
	layout: () => 'All have it, but its size or offset in the XSAVE area differs.',
	differ: () => 'It differs between hosts.',
	never: () => 'It is not a property of the machine.',
	need: (column) => `All have it, but it needs ${column.need}, which is not in the baseline.`,
	hosts: (column, hosts) =>
		[
			column.lacking ? `${column.lacking} of ${hosts} hosts lack it` : '',
			column.unknown
				? `it is not in the report of ${plural(column.unknown, 'host')}`
				: '',
		]
			.filter(Boolean)
			.join('; ')
			.replace(/^it/, 'It') + '.',
};

// Why the baseline of all hosts lacks a feature.
function baselinePart(model, column) {
	const part = make('div', 'part', make('h4', '', 'In the baseline of all hosts'));
	if (!column.lost) {
		part.append(make('p', 'quiet', 'Nothing is lost by merging these hosts.'));
		return part;
	}
	part.append(make('p', '', `No. ${REASONS[column.reason](column, model.hosts.length)}`));
	const lacking = model.rows.filter((row) => row.cells[column.index] === LACKS);
	if (lacking.length && column.reason === 'hosts')
		part.append(
			make(
				'p',
				'hosts',
				someNames(
					lacking.flatMap((row) => row.names),
					40,
				),
			),
		);
	if (column.firmware.length) part.append(firmwareList(model, column.firmware));
	return part;
}

function cellDetail(model, row, column) {
	const odd = row.odd[column.index];
	const sign = cellSign(row, column);
	const parts = [make('p', `badge ${sign.name}`, make('b', '', sign.sign), ` ${sign.about}`)];
	if (!odd)
		return [
			...parts,
			hostsPart('Here', row, cellWords(model, row, column)),
			baselinePart(model, column),
		];
	parts.push(
		hostsPart('Here', row, model.text(odd.here)),
		hostsPart(
			row.group.majority
				? 'Elsewhere in the group'
				: 'No majority; compared with',
			elsewhere(row),
			model.text(odd.there),
		),
		switchPart(model, column, odd.firmware, odd.also),
	);
	if (row.note !== undefined) parts.push(make('p', 'quiet', model.text(row.note)));
	parts.push(revisionsPart(row), baselinePart(model, column));
	return parts;
}

// Different BIOS or microcode is not compared, but may be the cause.
function revisionsPart(row) {
	const here = [...new Set(row.hosts.map((host) => host.revisions))];
	const there = [...new Set(elsewhere(row).hosts.map((host) => host.revisions))];
	if (here.join() === there.join()) return null;
	return make(
		'div',
		'part',
		make('h4', '', 'Also different'),
		make('p', '', `Here: ${someNames(here, 3)}`),
		make('p', '', `Elsewhere: ${someNames(there, 3)}`),
	);
}

function rowDetail(model, row) {
	const seals = row.hosts.filter((host) => host.seal === 'good').length;
	const odd = Object.entries(row.odd);
	const list = make(
		'ul',
		'odd',
		...odd.map(([index, one]) =>
			make(
				'li',
				'',
				make('span', `sign ${SIGNS[one.sign].name}`, SIGNS[one.sign].sign),
				make('b', '', model.columns[index].name),
				make('span', '', oddWords(model, one)),
			),
		),
	);
	return [
		make('p', 'quiet', row.group.about),
		hostsPart('Hosts', row, null),
		make(
			'div',
			'part',
			make('h4', '', 'Seals'),
			make('p', '', `${seals} of ${row.hosts.length} good`),
		),
		make(
			'div',
			'part',
			make('h4', '', 'BIOS and microcode'),
			...[...new Set(row.hosts.map((host) => host.revisions))]
				.slice(0, 8)
				.map((words) => make('p', '', words)),
		),
		make(
			'div',
			'part',
			make('h4', '', 'Level'),
			make('p', '', row.level ? `x86-64-v${row.level}` : 'below x86-64-v1'),
		),
		make(
			'div',
			'part',
			make(
				'h4',
				'',
				odd.length
					? 'Deviates in'
					: row.group.drift
						? 'The group is compared with this'
						: 'Deviates in nothing',
			),
			list,
		),
		row.deviates ? revisionsPart(row) : null,
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

	panel.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') hide();
	});
	return {
		hide,
		show(row, column) {
			const title = column ? column.name : someNames(row.names, 3);
			const heading = make('h3', '', title);
			heading.id = 'detail-title';
			const close = makeButton('close', '\u00d7', hide);
			setAttributes(close, { 'aria-label': 'Close' });
			const about =
				column &&
				make(
					'p',
					'quiet',
					[column.place, column.about].filter(Boolean).join('   '),
				);
			const parts =
				row && column
					? cellDetail(model, row, column)
					: row
						? rowDetail(model, row)
						: columnDetail(model, column);
			panel.replaceChildren(
				make('div', 'title', heading, close),
				...[about, ...parts].filter(Boolean),
			);
			panel.hidden = false;
			panel.scrollTop = 0;
			byId('board').classList.add('split');
			return close;
		},
	};
}
