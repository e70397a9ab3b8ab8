# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# postgres.sh - a PostgreSQL server of one's own, on a socket in the folder $postgres_folder.  Sourced by
# tests/fleets and scripts/bench-sql, which set that.

# PostgreSQL refuses to run as root.
postgres_as=()
((EUID != 0)) || postgres_as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

# The newest that is installed; empty if none is.
postgres_bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1)

# postgres_start: makes the folder, which everyone can reach, and a database in it, and serves that.
postgres_start() {
	# shellcheck disable=SC2154 # of the script that sources this
	local db=$postgres_folder
	mkdir -- "$db" && { ((EUID != 0)) || chown nobody -- "$db"; } &&
		"${postgres_as[@]}" "$postgres_bin/initdb" -D "$db/data" -A trust -U cpulevel --no-sync >"$db.out" &&
		"${postgres_as[@]}" "$postgres_bin/pg_ctl" -D "$db/data" -w -l "$db/log" -o "-c listen_addresses= \
			-c unix_socket_directories=$db -c fsync=off -c jit=off" start >"$db.out"
}

postgres_stop() {
	"${postgres_as[@]}" "$postgres_bin/pg_ctl" -D "$postgres_folder/data" -m immediate stop >/dev/null 2>&1
}

sql() {
	"${postgres_as[@]}" "$postgres_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$postgres_folder" \
		-U cpulevel -d postgres "$@"
}
