// SPDX-License-Identifier: MIT
// masks.js - the masks, a tab for each dialect, and what all hosts have in common.

// Copies a text.  Browsers that refuse the clipboard to a file take a selection.
async function copyText(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = make('textarea', 'aside', text);
		document.body.append(area);
		area.select();
		const done = document.execCommand('copy');
		area.remove();
		return done;
	}
}

function copyButton(mask) {
	const button = makeButton('copy', 'Copy', async () => {
		button.textContent = (await copyText(mask))
			? 'Copied'
			: 'Not copied: select it by hand';
		setTimeout(() => {
			button.textContent = 'Copy';
		}, 2000);
	});
	return button;
}

function maskPanel(mask) {
	const head = make(
		'div',
		'head',
		make('h3', '', mask.dialect),
		make('span', 'quiet', mask.about),
		mask.mask ? copyButton(mask.mask) : null,
	);
	const text =
		mask.mask === null
			? make('p', 'refused', 'There is no such mask for these hosts:')
			: mask.mask
				? make('pre', '', mask.mask)
				: make('p', 'quiet', 'Nothing to hide.');
	if (mask.mask) text.tabIndex = 0;
	const panel = make(
		'section',
		'mask card',
		head,
		text,
		mask.notes.length
			? make('ul', 'said', ...mask.notes.map((note) => make('li', '', note)))
			: null,
		make(
			'p',
			'command',
			make('code', '', `cpulevel mask --for ${mask.dialect} \u2026`),
			' prints the same',
		),
	);
	panel.id = `mask-${mask.dialect}`;
	return setAttributes(panel, { role: 'tabpanel', 'aria-labelledby': `tab-${mask.dialect}` });
}

function showMasks(model) {
	const tabs = byId('tabs'),
		panels = byId('panels');
	const choose = (chosen, focus) => {
		for (const [index, tab] of [...tabs.children].entries()) {
			setAttributes(tab, {
				'aria-selected': index === chosen,
				tabindex: index === chosen ? 0 : -1,
			});
			panels.children[index].hidden = index !== chosen;
		}
		if (focus) tabs.children[chosen].focus();
	};
	model.masks.forEach((mask, index) => {
		const tab = makeButton(mask.mask === null ? 'refused' : '', mask.dialect, () =>
			choose(index, false),
		);
		tab.id = `tab-${mask.dialect}`;
		tabs.append(
			setAttributes(tab, {
				role: 'tab',
				'aria-controls': `mask-${mask.dialect}`,
			}),
		);
		panels.append(maskPanel(mask));
	});
	tabs.addEventListener('keydown', (event) => {
		const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
		if (!step) return;
		event.preventDefault();
		const at = [...tabs.children].findIndex((tab) => tab.tabIndex === 0);
		choose((at + step + model.masks.length) % model.masks.length, true);
	});
	choose(0, false);
}

function levelLine(level) {
	const sign = level.reached
		? SIGNS.has
		: level.reached === null
			? SIGNS.unknown
			: SIGNS.lacks;
	const words = level.reached
		? 'yes'
		: [
				level.lacking.length ? `lacks ${level.lacking.join(' ')}` : '',
				level.unknown.length
					? `not in the reports: ${level.unknown.join(' ')}`
					: '',
			]
				.filter(Boolean)
				.join('; ') || 'no: the level before it is not reached';
	return make(
		'li',
		level.reached ? 'yes' : 'no',
		make('span', `sign ${sign.name}`, sign.sign),
		make('b', '', level.level),
		make('span', '', words),
	);
}

function showEvc(evc) {
	const box = byId('evc');
	box.append(make('p', 'mode', evc.mode || 'no known mode'));
	if (evc.about) box.append(make('p', 'quiet', evc.about));
	if (evc.lacking.length)
		box.append(
			make(
				'p',
				'',
				`Not all hosts have for ${evc.next}: ${evc.lacking.join(' ')}`,
			),
		);
	if (evc.unknown.length)
		box.append(
			make(
				'p',
				'',
				`Not known, needed for ${evc.next}: ${evc.unknown.join(' ')}`,
			),
		);
	if (!evc.next && evc.above)
		box.append(
			make(
				'p',
				'',
				'Higher modes need what some of these processors can never have.',
			),
		);
	box.append(
		make('p', 'quiet', 'Not checked (not visible in CPUID): hv.capable, vt.realmode'),
	);
	if (evc.source)
		box.append(
			make(
				'p',
				'quiet',
				(evc.partial ? 'Incomplete: earlier modes are unknown. ' : '') +
					`Source: ${evc.source} (${evc.source_about})`,
			),
		);
}

function showBaseline(model) {
	byId('levels').append(make('ul', 'levels', ...model.levels.map(levelLine)));
	if (model.evc) showEvc(model.evc);
	const [summary, list] = byId('features').children;
	summary.textContent = `The baseline: ${plural(model.baseline.length, 'feature')}`;
	list.append(
		make(
			'ul',
			'features',
			...model.baseline.map((feature) =>
				setAttributes(
					make(
						'li',
						'',
						feature.value
							? `${feature.name} = ${feature.value}`
							: feature.name,
					),
					{ title: feature.place },
				),
			),
		),
	);
}
