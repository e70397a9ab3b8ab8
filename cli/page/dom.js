'use strict';
// SPDX-License-Identifier: MIT
// dom.js - makes elements.  Strings of reports become text nodes and never markup.

const byId = (id) => document.getElementById(id);

// make('p', 'class names', 'text', element, ...): null and undefined children are left out.
function make(tag, names, ...children) {
	const element = document.createElement(tag);
	if (names) element.className = names;
	element.append(...children.filter((child) => child !== null && child !== undefined));
	return element;
}

function makeButton(names, label, press) {
	const button = make('button', names, label);
	button.type = 'button';
	button.addEventListener('click', press);
	return button;
}

function setAttributes(element, attributes) {
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
	return element;
}

// plural(2, 'host') is "2 hosts".
function plural(count, word) {
	return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}

// The first names of a list, and how many more there are.
function someNames(names, most) {
	const shown = names.slice(0, most).join(', ');
	return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
