#!/bin/sh
# The .debs of a build folder: lintian accepts them, packing twice gives the same bytes, each program is
# in the package of its name, and what was packed runs.
set -eu
build=$1
command -v lintian > /dev/null || { echo "SKIPPED: lintian is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1767225600

for time in first second; do
    cpack --config "$build/CPackConfig.cmake" -B "$work/$time" > "$work/log" || { cat "$work/log"; exit 1; }
    rm -rf "$work/$time/_CPack_Packages"
    sleep 1.1  # a time stamp that slipped in would differ
done
for package in aws-session-token aws-session-token-sandbox; do
    file=$(cd "$work/first" && ls ${package}_*.deb)
    cmp "$work/first/$file" "$work/second/$file"
    dpkg-deb -x "$work/first/$file" "$work/tree-$package"
    [ "$(ls "$work/tree-$package/usr/bin")" = "$package" ]
    "$work/tree-$package/usr/bin/$package" --version
    lintian --allow-root --fail-on error,warning "$work/first/$file"
done
