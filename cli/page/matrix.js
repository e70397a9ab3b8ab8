// matrix.js - the table of rows and columns.  Only the cells in sight are in the document.

const ROW = { group: 46, row: 36, host: 28 }; // heights in pixels, as in fleet.css
const CELL = 34, HEAD = 132, BESIDE = 8;      // width of a cell, height of the head, cells out of sight

// makeMatrix(model, open): open(row, column) is called for a cell; either may be null.
function makeMatrix(model, open) {
	const grid = byId('grid'), table = make('table'), head = make('thead'), body = make('tbody');
	const widths = make('colgroup');
	const state = { mode: 'drift', oddOnly: false, words: [], expanded: new Set(), columns: [],
		items: [], tops: [0], drawn: '', at: 0, column: -1 };

	table.append(widths, head, body);
	setAttributes(table, { role: 'presentation' });
	grid.append(table);

	const nameWidth = () => (grid.clientWidth < 560 ? 150 : 280);

	// Which columns a mode has.
	const inMode = { drift: (c) => c.drift, lost: (c) => c.lost, all: () => true };
	const count = (mode) => model.columns.filter(inMode[mode]).length;

	function matchesRow(row, words) {
		const group = row.group.about.toLowerCase();
		return words.every((word) => group.includes(word) || row.hosts.some((host) => host.words.includes(word)));
	}

	// Finds what is to be shown: words select columns if they name some, and rows if they name some.
	function select() {
		const { words } = state;
		const wanted = model.columns.filter(inMode[state.mode]);
		const named = words.length ? wanted.filter((c) => words.every((word) => c.words.includes(word))) : [];
		const rows = words.length ? model.rows.filter((row) => matchesRow(row, words)) : [];
		state.columns = words.length && !rows.length || named.length ? named : wanted;
		const chosen = new Set(rows.length || (words.length && !named.length) ? rows : model.rows);
		state.items = [];
		for (const group of model.groups) {
			const shown = group.rows.filter((row) => chosen.has(row) &&
				(!state.oddOnly || row.deviates || (group.drift && row === group.reference)));
			if (!shown.length || (state.oddOnly && !group.drift))
				continue;
			state.items.push({ kind: 'group', group });
			for (const row of shown)
				addRow(row, rows.length > 0);
		}
		state.tops = [0];
		for (const item of state.items)
			state.tops.push(state.tops[state.tops.length - 1] + ROW[item.kind]);
	}

	function addRow(row, searched) {
		const several = row.hosts.length > 1;
		const hosts = !several ? [] : !searched ? row.hosts
			: row.hosts.filter((host) => state.words.every((word) => host.words.includes(word)));
		const opened = several && (state.expanded.has(row) || (searched && hosts.length > 0 && hosts.length < row.hosts.length));
		state.items.push({ kind: 'row', row, opened, several });
		if (opened)
			for (const host of state.expanded.has(row) ? row.hosts : hosts)
				state.items.push({ kind: 'host', row, host });
	}

	// The index of the item at a height.
	function itemAt(top) {
		let low = 0, high = state.items.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (state.tops[middle + 1] <= top)
				low = middle + 1;
			else
				high = middle;
		}
		return low;
	}

	function spacer(height, span) {
		const cell = setAttributes(make('td', 'spacer'), { colspan: span });
		cell.style.height = `${height}px`;
		return make('tr', 'spacer', cell);
	}

	function gap(cells) {
		return cells > 0 ? setAttributes(make('td', 'gap'), { colspan: cells }) : null;
	}

	function drawHead(from, to) {
		const corner = make('th', 'corner', make('span', 'what', 'host'), make('span', 'level', 'level'));
		const line = make('tr', '', corner, gap(from));
		for (const column of state.columns.slice(from, to)) {
			const cell = make('th', column.lost ? 'name lost' : 'name', make('span', '', column.name));
			cell.dataset.column = column.index;
			cell.title = column.about ? `${column.name}: ${column.about}` : column.name;
			line.append(cell);
		}
		line.append(gap(state.columns.length - to) || '');
		head.replaceChildren(line);
	}

	function drawGroup({ group }) {
		const reference = group.reference.hosts.length;
		const state_ = !group.drift ? (group.hosts === 1 ? 'nothing to compare it with' : 'all identical')
			: group.majority ? `${group.hosts - reference} of ${group.hosts} deviate${group.hosts - reference === 1 ? 's' : ''}`
				: 'no majority';
		const words = make('div', 'about', make('b', '', group.about), make('span',
			group.drift ? 'state drift' : 'state', `${plural(group.hosts, 'host')}, ${state_}`));
		const line = make('tr', 'group', setAttributes(make('td', '', words), { colspan: state.columns.length + 1 }));
		words.style.width = `${grid.clientWidth - 28}px`;
		return line;
	}

	// If no host has a seal, the summary says so.
	const anySeal = model.hosts.some((host) => host.seal === 'good');

	function sealNote(hosts) {
		if (!anySeal)
			return null;
		const open = hosts.filter((host) => host.seal !== 'good').length;
		return open ? make('span', 'unsealed', hosts.length === 1 ? 'unsealed' : `${open} unsealed`) : null;
	}

	function drawName(item) {
		const { row } = item;
		const name = make('span', 'names', someNames(row.names, 2));
		const more = item.several ? makeButton('turn', item.opened ? '\u25be' : '\u25b8', () => toggle(row)) : make('span', 'turn');
		if (item.several)
			setAttributes(more, { 'aria-label': `show the ${row.hosts.length} hosts`, 'aria-expanded': item.opened, tabindex: -1 });
		const times = item.several ? make('span', 'times', `\u00d7${row.hosts.length}`) : null;
		name.title = someNames(row.names, 40);
		return make('th', 'host', make('div', '', more, name, times, sealNote(row.hosts),
			make('span', 'level', row.level ? `v${row.level}` : '\u2013')));
	}

	function drawCell(row, column) {
		const sign = cellSign(row, column);
		const plain = sign === SIGNS.has && row.cells[column.index] >= TEXT;
		const cell = make('td', `cell ${sign.name}`, plain ? shortValue(model, row, column) : sign.sign);
		cell.dataset.column = column.index;
		if (sign === SIGNS.lacks && column.lost && state.mode !== 'drift')
			cell.classList.add('lost');
		setAttributes(cell, { role: 'gridcell', 'aria-label':
			`${column.name} on ${row.names[0]}: ${cellWords(model, row, column)}${row.odd[column.index] ? `, ${sign.about}` : ''}` });
		return cell;
	}

	function drawHost({ host }) {
		const cell = setAttributes(make('td', '', make('div', '', make('b', '', host.name),
			make('span', host.seal === 'good' ? 'sealed' : 'unsealed', host.seal === 'good' ? 'sealed' : host.seal === 'claimed' ? 'seal claimed' : 'unsealed'),
			make('span', 'revisions', host.revisions))), { colspan: state.columns.length + 1 });
		return make('tr', 'one', cell);
	}

	function drawItem(index, from, to) {
		const item = state.items[index];
		let line;
		if (item.kind === 'group') {
			line = drawGroup(item);
		} else if (item.kind === 'host') {
			line = drawHost(item);
		} else {
			line = make('tr', item.row.deviates ? 'deviates' : '', drawName(item), gap(from));
			for (const column of state.columns.slice(from, to))
				line.append(drawCell(item.row, column));
			line.append(gap(state.columns.length - to) || '');
		}
		line.dataset.item = index;
		return setAttributes(line, { role: 'row', 'aria-rowindex': index + 1 });
	}

	// Draws what is in sight, if that has changed.
	function draw(force) {
		const first = Math.max(0, itemAt(grid.scrollTop) - 4);
		const last = Math.min(state.items.length, itemAt(grid.scrollTop + grid.clientHeight) + 5);
		const left = Math.floor(grid.scrollLeft / CELL / BESIDE) * BESIDE - BESIDE;
		const from = Math.min(Math.max(0, left), state.columns.length);
		const to = Math.min(state.columns.length, from + Math.ceil(grid.clientWidth / CELL) + 3 * BESIDE);
		const drawn = `${first} ${last} ${from} ${to}`;
		if (!force && drawn === state.drawn)
			return;
		state.drawn = drawn;
		const lines = [];
		const span = state.columns.length + 1, height = state.tops[state.items.length];
		if (state.tops[first])
			lines.push(spacer(state.tops[first], span));
		for (let i = first; i < last; i++)
			lines.push(drawItem(i, from, to));
		if (height > state.tops[last])
			lines.push(spacer(height - state.tops[last], span));
		drawHead(from, to);
		body.replaceChildren(...lines);
		mark();
	}

	// Lays the table out anew and draws it.
	function show() {
		select();
		const name = make('col');
		name.style.width = `${nameWidth()}px`;
		widths.replaceChildren(name, ...state.columns.map(() => {
			const col = make('col');
			col.style.width = `${CELL}px`;
			return col;
		}));
		table.style.width = `${nameWidth() + state.columns.length * CELL}px`;
		grid.classList.toggle('empty', !state.items.length);
		setAttributes(grid, { 'aria-rowcount': state.items.length, 'aria-colcount': state.columns.length + 1 });
		const rows = state.items.filter((item) => item.kind === 'row');
		byId('shown').textContent = state.items.length
			? `${plural(rows.reduce((sum, item) => sum + item.row.hosts.length, 0), 'host')}, ${plural(state.columns.length, 'column')}`
			: 'Nothing matches';
		state.at = Math.min(state.at, Math.max(0, state.items.length - 1));
		draw(true);
	}

	function toggle(row) {
		if (!state.expanded.delete(row))
			state.expanded.add(row);
		show();
	}

	// Marks the cell that the keyboard is at.
	function mark() {
		for (const old of body.querySelectorAll('.here'))
			old.classList.remove('here');
		grid.removeAttribute('aria-activedescendant');
		const line = body.querySelector(`tr[data-item="${state.at}"]`);
		const column = state.columns[state.column];
		const cell = line && ((column && line.querySelector(`td[data-column="${column.index}"]`)) || line.firstElementChild);
		if (!cell)
			return;
		cell.classList.add('here');
		cell.id = 'here';
		grid.setAttribute('aria-activedescendant', 'here');
	}

	// Scrolls so far that an item and a column are in sight.
	function reveal() {
		const top = state.tops[state.at], bottom = state.tops[state.at + 1];
		if (top < grid.scrollTop)
			grid.scrollTop = Math.max(0, top - ROW.group);
		else if (bottom > grid.scrollTop + grid.clientHeight - HEAD - 20)
			grid.scrollTop = bottom - grid.clientHeight + HEAD + 20;
		const left = state.column * CELL, room = grid.clientWidth - nameWidth();
		if (state.column >= 0 && left < grid.scrollLeft)
			grid.scrollLeft = left;
		else if (state.column >= 0 && left + CELL > grid.scrollLeft + room)
			grid.scrollLeft = left + 2 * CELL - room;
		draw(true);
	}

	function move(rows, columns) {
		state.at = Math.min(Math.max(0, state.at + rows), state.items.length - 1);
		state.column = Math.min(Math.max(-1, state.column + columns), state.columns.length - 1);
		reveal();
	}

	function press() {
		const item = state.items[state.at];
		if (item && item.kind === 'row')
			open(item.row, state.columns[state.column] || null);
	}

	function key(event) {
		const page = Math.max(1, Math.floor((grid.clientHeight - HEAD) / ROW.row) - 1);
		const item = state.items[state.at];
		const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
			PageDown: [page, 0], PageUp: [-page, 0], Home: [0, -Infinity], End: [0, Infinity] };
		if (event.ctrlKey && (event.key === 'Home' || event.key === 'End'))
			move(event.key === 'Home' ? -Infinity : Infinity, 0);
		else if (moves[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey)
			move(...moves[event.key]);
		else if (event.key === 'Enter')
			press();
		else if (event.key === ' ' && item && item.kind === 'row' && item.several)
			toggle(item.row);
		else
			return;
		event.preventDefault();
	}

	function click(event) {
		const cell = event.target.closest('td, th'), line = event.target.closest('tr');
		if (!cell || event.target.closest('button'))
			return;
		const column = cell.dataset.column === undefined ? null : model.columns[cell.dataset.column];
		if (line.parentNode === head) {
			if (column)
				open(null, column);
			return;
		}
		const item = state.items[line.dataset.item];
		if (!item || item.kind === 'group')
			return;
		state.at = Number(line.dataset.item);
		state.column = column ? state.columns.indexOf(column) : -1;
		mark();
		open(item.row, column);
	}

	let waiting = false;
	grid.addEventListener('scroll', () => {
		if (waiting)
			return;
		waiting = true;
		requestAnimationFrame(() => {
			waiting = false;
			draw(false);
		});
	}, { passive: true });
	grid.addEventListener('keydown', key);
	grid.addEventListener('click', click);
	new ResizeObserver(() => draw(false)).observe(grid);
	window.addEventListener('resize', show);

	return {
		count,
		state,
		show,
		focus: () => grid.focus(),
		// Shows a row, whatever has been filtered, and goes to one of its cells.
		go(row, column) {
			if (!state.items.some((item) => item.row === row) || !state.columns.includes(column))
				return false;
			state.at = state.items.findIndex((item) => item.row === row && item.kind === 'row');
			state.column = state.columns.indexOf(column);
			reveal();
			return true;
		},
	};
}
