# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of cpulevel in bash.  The program itself knows the words.

_cpulevel() {
	local cur=${COMP_WORDS[COMP_CWORD]} said status=0 word

	said=$("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || status=$?
	[[ $cur != = ]] || cur=
	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		[[ -z $word || $word != "$cur"* ]] || COMPREPLY+=("$word")
	done <<<"$said"
	if ((status == 1)) && [[ $cur != -* ]]; then
		compopt -o filenames 2>/dev/null
		while IFS= read -r word; do
			COMPREPLY+=("$word")
		done < <(compgen -f -- "$cur")
	fi
	# A value follows at once.
	if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
	return 0
}

complete -o bashdefault -o default -F _cpulevel cpulevel
