// SPDX-License-Identifier: MIT
// print.js - the matrix on paper: as tables that fit the width.

const PAPER_COLUMNS = 22,
	PAPER_CELLS = 40000; // a table's width; so many cells at most

function paperTable(model, rows, columns) {
	const head = make(
		'tr',
		'',
		make('th', '', 'host'),
		...columns.map((column) => make('th', 'name', make('span', '', column.name))),
	);
	const body = make('tbody');
	let group = null;
	for (const row of rows) {
		if (row.group !== group) {
			group = row.group;
			body.append(
				make(
					'tr',
					'group',
					setAttributes(make('td', '', group.about), {
						colspan: columns.length + 1,
					}),
				),
			);
		}
		body.append(
			make(
				'tr',
				'',
				make('th', '', someNames(row.names, 3)),
				...columns.map((column) => {
					const sign = cellSign(row, column);
					return make(
						'td',
						`cell ${sign.name}`,
						sign === SIGNS.has &&
							row.cells[column.index] >= TEXT
							? shortValue(model, row, column)
							: sign.sign,
					);
				}),
			),
		);
	}
	return make('table', 'paper', make('thead', '', head), body);
}

// Draws what the matrix shows now, before it is printed.
function drawPaper(model, matrix) {
	const { columns, items } = matrix.state;
	let rows = items.filter((item) => item.kind === 'row').map((item) => item.row);
	const all = rows.length;
	if (rows.length * columns.length > PAPER_CELLS) rows = rows.filter((row) => row.deviates);
	rows = rows.slice(0, Math.floor(PAPER_CELLS / Math.max(1, columns.length)));
	const tables = [];
	for (let from = 0; from < columns.length; from += PAPER_COLUMNS)
		tables.push(paperTable(model, rows, columns.slice(from, from + PAPER_COLUMNS)));
	if (rows.length < all)
		tables.unshift(
			make('p', '', `${all - rows.length} of ${all} rows are left out here.`),
		);
	byId('paper').replaceChildren(...tables);
}
