#!/bin/sh
# Tests scripts/check_format: it names a badly formatted file, and skips aloud without clang-format.
#
# Usage: check_format_test.sh CHECK_FORMAT
set -eu

check=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/src" "$scratch/bin"
for tool in sh dirname find sort xargs; do ln -s "$(command -v $tool)" "$scratch/bin/$tool"; done

status=0
output=$(PATH=$scratch/bin "$check" "$scratch") || status=$?
case $status:$output in
  77:SKIPPED:*) ;;
  *) echo "FAILED: without clang-format: $status: $output" && exit 1 ;;
esac

command -v clang-format >/dev/null || exit 77
echo 'BasedOnStyle: Google' >"$scratch/.clang-format"
echo 'int a = 1;' >"$scratch/src/good.cpp"
"$check" "$scratch" || { echo 'FAILED: a good file was refused' && exit 1; }
echo 'int  a=1;' >"$scratch/src/bad.cpp"
if output=$("$check" "$scratch" 2>&1); then
  echo 'FAILED: a bad file was not refused' && exit 1
fi
case $output in
  *src/bad.cpp:1:*) ;;
  *) echo "FAILED: the bad file was not named: $output" && exit 1 ;;
esac
