# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# watched.sh - runs groups of tests with the tool under something that watches its memory, for
# tests/sanitize and tests/memcheck to source.
#
# A group is one result here, for its own results are counted without a watcher already.  What the watcher
# finds it writes into "$tmp/found", whatever a test does with what the tool says.

# shellcheck source=tests/tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"
mkdir "$tmp/found"

# Between them these run each command in many ways.
readonly watched='tool drift masks take import knowledge guests evc vmware capabilities recorded seals trust console docs'
# The others that run the tool without a QEMU.  What "dialects", "models" and "consumers" add are QEMU and
# libvirt, which see the tool's output only.  "fuzz" and "posed" have sanitizers of their own.
readonly watched_more='registers names fleets gate completion requirements show gathers words levels documents
	operands pairs cases dumps forms setups page modes kernel xen write forgeries quotes limits readers faults'

# watched_groups [all|GROUP...]: their names; without words the first list.
watched_groups() {
	case $* in
	'') printf '%s\n' "$watched" ;;
	all) printf '%s\n' "$watched $watched_more" ;;
	*) printf '%s\n' "$*" ;;
	esac
}

# watched_build BUILD NAME TOOL: makes BUILD/NAME, which is BUILD with another tool.  That is newer than what it is
# made of, so that it stays where a group calls make.
watched_build() {
	local path
	readonly under=$1/$2 watched_tool=$3
	rm -rf "$under" && mkdir -p "$under" || return
	for path in "$1"/*; do
		[[ ${path##*/} == @(cpulevel|memcheck|sanitize) ]] || ln -s "../${path##*/}" "$under" || return
	done
	cp "$watched_tool" "$under/cpulevel"
}

# watched_group GROUP: runs it in that folder, by the command that tests/run has for it.
watched_group() {
	local words status=0
	read -ra words < <(sed -nE "s|^\t\"$1 .* (tests/.*)\"\$|\1|p" tests/run | sed "s|[\$]build|$under|")
	((${#words[@]})) || { result 1 "$1: no such group in tests/run"; return; }
	"${words[@]}" >"$tmp/out" 2>&1 </dev/null || status=$?
	result "$status" "$1: $(grep -c '^ok' "$tmp/out") results"
	((status == 0)) || grep -A 12 '^not ok' "$tmp/out" | sed 's/^/# /'
	cmp "$watched_tool" "$under/cpulevel" || result 1 "$1: has replaced the tool, and its results count for nothing"
}

nothing_found() { ! cat "$tmp"/found/* 2>/dev/null | grep .; }
