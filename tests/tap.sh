# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# tap.sh - results in the Test Anything Protocol, for shell tests to source.

set -uo pipefail

# What a test builds has no warnings.
export WERROR=1

tap_count=0 tap_failed=0

# result STATUS NAME: counts and prints one result.
result() {
	tap_count=$((tap_count + 1))
	if (($1 == 0)); then
		printf 'ok %d - %s\n' "$tap_count" "$2"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_count" "$2"
	fi
}

# check NAME COMMAND...: passes if the command does; its output is shown if it does not.
check() {
	local name=$1 output status=0
	shift
	output=$("$@" 2>&1 </dev/null) || status=$?
	result "$status" "$name"
	((status == 0)) || printf '%s\n' "$ $*" "${output:-(no output)}" "status $status" | sed 's/^/# /'
}

# expect NAME STATUS PATTERN COMMAND...: passes if the command ends with STATUS, what it says on
# standard error matches the extended regular expression, and none of it is unprintable.
expect() {
	local name=$1 wanted=$2 pattern=$3 said status=0
	shift 3
	said=$("$@" 2>&1 >"$tmp/stdout" </dev/null) || status=$?
	if ((status == wanted)) && grep -Eq -- "$pattern" <<<"$said" &&
		! LC_ALL=C grep -q '[^ -~]' <<<"$said"; then
		result 0 "$name"
	else
		result 1 "$name"
		printf '%s\n' "$ $*" "$said" "status $status; wanted $wanted and: $pattern" |
			LC_ALL=C tr -c '\n -~' '?' | sed 's/^/# /'
	fi
}

# as_other COMMAND...: runs it with another home, language, time zone and umask, and as another user if this
# one is root.  Gives that user the folder "other", where all must be that the command reads.
as_other() (
	umask 077
	export HOME=$tmp/other/home LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8 TZ=Pacific/Auckland USER=other LOGNAME=other
	mkdir -p "$HOME"
	if ((EUID == 0)); then
		chmod 711 "$tmp"
		chown -R 65534:65534 "$tmp/other"
		set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
	cd "$tmp/other" && "$@"
)

# dialects TOOL: the names of all dialects of mask.
dialects() {
	"$1" mask --help | sed -n '/^Dialects:/,$s/^  \([a-z-]*\)  *.*/\1/p'
}

finish() {
	printf '1..%d\n' "$tap_count"
	exit $((tap_failed > 0))
}

tmp=''
trap 'rm -rf -- "$tmp"' EXIT
tmp=$(mktemp -d)
