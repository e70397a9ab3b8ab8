// SPDX-License-Identifier: MIT
// cells.js - makes the rows and cells of the matrix.

function spacer(height, span) {
	const cell = setAttributes(make('td', 'spacer'), { colspan: span });
	cell.style.height = `${height}px`;
	return make('tr', 'spacer', cell);
}

function gap(cells) {
	return cells > 0 ? setAttributes(make('td', 'gap'), { colspan: cells }) : null;
}

// The head: of the columns from one to before another.
function drawHead(state, from, to) {
	const corner = make(
		'th',
		'corner',
		make('span', 'what', 'host'),
		make('span', 'level', 'level'),
	);
	const line = make('tr', '', corner, gap(from));
	for (const column of state.columns.slice(from, to)) {
		const cell = make(
			'th',
			column.lost ? 'name lost' : 'name',
			make('span', '', column.name),
		);
		cell.dataset.column = column.index;
		cell.title = column.about ? `${column.name}: ${column.about}` : column.name;
		line.append(cell);
	}
	line.append(gap(state.columns.length - to + 1));
	return line;
}

function groupWords(group) {
	const odd = group.hosts - group.reference.hosts.length;
	if (!group.drift) return group.hosts === 1 ? 'nothing to compare it with' : 'all identical';
	if (!group.majority) return 'no majority';
	return `${odd} of ${group.hosts} deviate${odd === 1 ? 's' : ''}`;
}

function drawGroup({ group }, span, width) {
	const about = make(
		'div',
		'about',
		make('b', '', group.about),
		make(
			'span',
			group.drift ? 'state drift' : 'state',
			`${plural(group.hosts, 'host')}, ${groupWords(group)}`,
		),
	);
	about.style.width = `${width}px`;
	return make('tr', 'group', setAttributes(make('td', '', about), { colspan: span }));
}

// If no host has a seal, the summary says so.
function sealNote(model, hosts) {
	if (!model.anySeal) return null;
	const open = hosts.filter((host) => host.seal !== 'good').length;
	return open
		? make('span', 'unsealed', hosts.length === 1 ? 'unsealed' : `${open} unsealed`)
		: null;
}

function drawName(model, item, toggle) {
	const { row } = item;
	const name = make('span', 'names', someNames(row.names, 2));
	const more = item.several
		? makeButton('turn', item.opened ? '\u25be' : '\u25b8', () => toggle(row))
		: make('span', 'turn');
	if (item.several)
		setAttributes(more, {
			'aria-label': `show the ${row.hosts.length} hosts`,
			'aria-expanded': item.opened,
			tabindex: -1,
		});
	const times = item.several ? make('span', 'times', `\u00d7${row.hosts.length}`) : null;
	name.title = someNames(row.names, 40);
	return make(
		'th',
		'host',
		make(
			'div',
			'',
			more,
			name,
			times,
			sealNote(model, row.hosts),
			make('span', 'level', row.level ? `v${row.level}` : '\u2013'),
		),
	);
}

function drawCell(model, state, row, column) {
	const sign = cellSign(row, column);
	const plain = sign === SIGNS.has && row.cells[column.index] >= TEXT;
	const cell = make(
		'td',
		`cell ${sign.name}`,
		plain ? shortValue(model, row, column) : sign.sign,
	);
	cell.dataset.column = column.index;
	if (sign === SIGNS.lacks && column.lost && state.mode !== 'drift')
		cell.classList.add('lost');
	setAttributes(cell, {
		role: 'gridcell',
		'aria-label':
			`${column.name} on ${row.names[0]}: ${cellWords(model, row, column)}` +
			(row.odd[column.index] ? `, ${sign.about}` : ''),
	});
	return cell;
}

const SEALS = { good: 'sealed', claimed: 'seal claimed', none: 'unsealed' };

function drawHost({ host }, span) {
	const about = make(
		'div',
		'',
		make('b', '', host.name),
		make('span', host.seal === 'good' ? 'sealed' : 'unsealed', SEALS[host.seal]),
		make('span', 'revisions', host.revisions),
	);
	return make('tr', 'one', setAttributes(make('td', '', about), { colspan: span }));
}
