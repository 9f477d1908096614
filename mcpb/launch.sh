#!/bin/sh
# Starts the program of this machine from a bundle that has those of all platforms.
here=$(dirname "$0")
case $(uname -sm) in
Darwin*) program=darwin_all ;;
Linux*x86_64) program=linux_amd64 ;;
Linux*aarch64) program=linux_arm64 ;;
*)
	echo "asleep-mcp: no program for $(uname -sm) in this bundle" >&2
	exit 1
	;;
esac
exec "$here/$program/asleep-mcp" "$@"
