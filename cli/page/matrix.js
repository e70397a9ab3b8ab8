// SPDX-License-Identifier: MIT
// matrix.js - the table of rows and columns.  Only the cells in sight are in the document.

// The width of a cell in pixels, and how many cells beside those in sight are drawn too.
const CELL = 34,
	BESIDE = 8;

// makeMatrix(model, open): open(row, column) is called for a cell; either may be null.
function makeMatrix(model, open) {
	const grid = byId('grid'),
		table = make('table'),
		head = make('thead'),
		body = make('tbody');
	const widths = make('colgroup');
	const state = {
		mode: 'drift',
		oddOnly: false,
		words: [],
		expanded: new Set(),
		columns: [],
		items: [],
		tops: [0],
		head: 0, // its height in pixels
		drawn: '',
		at: 0,
		column: -1,
	};

	table.append(widths, head, body);
	setAttributes(table, { role: 'presentation' });
	grid.append(table);

	const nameWidth = () => (grid.clientWidth < 560 ? 150 : 280);

	// The index of the item at a height.
	function itemAt(top) {
		let low = 0,
			high = state.items.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (state.tops[middle + 1] <= top) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	function drawItem(index, from, to) {
		const item = state.items[index];
		let line;
		if (item.kind === 'group') {
			line = drawGroup(item, state.columns.length + 2, grid.clientWidth - 28);
		} else if (item.kind === 'host') {
			line = drawHost(item, state.columns.length + 2);
		} else {
			line = make(
				'tr',
				item.row.deviates ? 'deviates' : '',
				drawName(model, item, toggle),
				gap(from),
			);
			for (const column of state.columns.slice(from, to))
				line.append(drawCell(model, state, item.row, column));
			line.append(gap(state.columns.length - to + 1));
		}
		line.dataset.item = index;
		return setAttributes(line, { role: 'row', 'aria-rowindex': index + 1 });
	}

	// Draws what is in sight, if that has changed.  The matrix is never higher than the window.
	function draw(force) {
		const first = Math.max(0, itemAt(grid.scrollTop) - 4);
		const last = Math.min(
			state.items.length,
			itemAt(grid.scrollTop + window.innerHeight) + 1,
		);
		const left = Math.floor(grid.scrollLeft / CELL / BESIDE) * BESIDE - BESIDE;
		const from = Math.min(Math.max(0, left), state.columns.length);
		const to = Math.min(
			state.columns.length,
			from + Math.ceil(grid.clientWidth / CELL) + 3 * BESIDE,
		);
		const drawn = `${first} ${last} ${from} ${to}`;
		if (!force && drawn === state.drawn) return;
		state.drawn = drawn;
		const lines = [];
		const span = state.columns.length + 2,
			height = state.tops[state.items.length];
		if (state.tops[first]) lines.push(spacer(state.tops[first], span));
		for (let i = first; i < last; i++) lines.push(drawItem(i, from, to));
		if (height > state.tops[last]) lines.push(spacer(height - state.tops[last], span));
		head.replaceChildren(drawHead(state, from, to));
		body.replaceChildren(...lines);
		mark();
	}

	// Lays the table out anew and draws it.
	function show() {
		select(model, state);
		const name = make('col');
		name.style.width = `${nameWidth()}px`;
		widths.replaceChildren(
			name,
			...state.columns.map(() => {
				const col = make('col');
				col.style.width = `${CELL}px`;
				return col;
			}),
			make('col'), // takes what is left of the width
		);
		const longest = Math.max(4, ...state.columns.map((column) => column.name.length));
		state.head = Math.min(140, Math.round(24 + longest * 7.4));
		grid.style.setProperty('--head', `${state.head}px`);
		table.style.width = `max(100%, ${nameWidth() + state.columns.length * CELL}px)`;
		grid.classList.toggle('empty', !state.items.length);
		setAttributes(grid, {
			'aria-rowcount': state.items.length,
			'aria-colcount': state.columns.length + 1,
		});
		const rows = state.items.filter((item) => item.kind === 'row');
		const hosts = rows.reduce((sum, item) => sum + item.row.hosts.length, 0);
		byId('shown').textContent = rows.length
			? `${plural(hosts, 'host')}, ${plural(state.columns.length, 'column')}`
			: 'Nothing matches';
		state.at = Math.min(state.at, Math.max(0, state.items.length - 1));
		draw(true);
	}

	function toggle(row) {
		if (!state.expanded.delete(row)) state.expanded.add(row);
		show();
	}

	// Marks the cell that the keyboard is at.
	function mark() {
		for (const old of body.querySelectorAll('.here')) old.classList.remove('here');
		grid.removeAttribute('aria-activedescendant');
		const line = body.querySelector(`tr[data-item="${state.at}"]`);
		const column = state.columns[state.column];
		const cell =
			line &&
			((column && line.querySelector(`td[data-column="${column.index}"]`)) ||
				line.firstElementChild);
		if (!cell) return;
		cell.classList.add('here');
		cell.id = 'here';
		grid.setAttribute('aria-activedescendant', 'here');
	}

	// Scrolls so far that an item and a column are in sight.
	function reveal() {
		const top = state.tops[state.at],
			bottom = state.tops[state.at + 1];
		if (top < grid.scrollTop) grid.scrollTop = Math.max(0, top - ROW.group);
		else if (bottom > grid.scrollTop + grid.clientHeight - state.head - 20)
			grid.scrollTop = bottom - grid.clientHeight + state.head + 20;
		const left = state.column * CELL,
			room = grid.clientWidth - nameWidth();
		if (state.column >= 0 && left < grid.scrollLeft) grid.scrollLeft = left;
		else if (state.column >= 0 && left + CELL > grid.scrollLeft + room)
			grid.scrollLeft = left + 2 * CELL - room;
		draw(true);
	}

	function move(rows, columns) {
		state.at = Math.min(Math.max(0, state.at + rows), state.items.length - 1);
		state.column = Math.min(
			Math.max(-1, state.column + columns),
			state.columns.length - 1,
		);
		reveal();
	}

	function press() {
		const item = state.items[state.at];
		if (item && item.kind === 'row')
			open(item.row, state.columns[state.column] || null);
	}

	function key(event) {
		const page = Math.max(
			1,
			Math.floor((grid.clientHeight - state.head) / ROW.row) - 1,
		);
		const item = state.items[state.at];
		const moves = {
			ArrowDown: [1, 0],
			ArrowUp: [-1, 0],
			ArrowRight: [0, 1],
			ArrowLeft: [0, -1],
			PageDown: [page, 0],
			PageUp: [-page, 0],
			Home: [0, -Infinity],
			End: [0, Infinity],
		};
		if (event.ctrlKey && (event.key === 'Home' || event.key === 'End'))
			move(event.key === 'Home' ? -Infinity : Infinity, 0);
		else if (moves[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey)
			move(...moves[event.key]);
		else if (event.key === 'Enter') press();
		else if (event.key === ' ' && item && item.kind === 'row' && item.several)
			toggle(item.row);
		else return;
		event.preventDefault();
	}

	function click(event) {
		const cell = event.target.closest('td, th'),
			line = event.target.closest('tr');
		if (!cell || event.target.closest('button')) return;
		const column =
			cell.dataset.column === undefined
				? null
				: model.columns[cell.dataset.column];
		if (line.parentNode === head) {
			if (column) open(null, column);
			return;
		}
		const item = state.items[line.dataset.item];
		if (!item || item.kind === 'group') return;
		state.at = Number(line.dataset.item);
		state.column = column ? state.columns.indexOf(column) : -1;
		mark();
		open(item.row, column);
	}

	let waiting = false;
	grid.addEventListener(
		'scroll',
		() => {
			if (waiting) return;
			waiting = true;
			requestAnimationFrame(() => {
				waiting = false;
				draw(false);
			});
		},
		{ passive: true },
	);
	grid.addEventListener('keydown', key);
	grid.addEventListener('click', click);
	new ResizeObserver(() => draw(false)).observe(grid);
	window.addEventListener('resize', show);

	return {
		count: (mode) => model.columns.filter(IN_MODE[mode]).length,
		state,
		show,
		focus: () => grid.focus(),
		// Shows a row, whatever has been filtered, and goes to one of its cells.
		go(row, column) {
			if (
				!state.items.some((item) => item.row === row) ||
				!state.columns.includes(column)
			)
				return false;
			state.at = state.items.findIndex(
				(item) => item.row === row && item.kind === 'row',
			);
			state.column = state.columns.indexOf(column);
			reveal();
			return true;
		},
	};
}
