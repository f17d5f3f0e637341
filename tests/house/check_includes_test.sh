#!/bin/sh
# Tests scripts/check_includes on a scratch tree: a lawful one passes, and each breach, put into it
# alone, is named with file, line and reason.
#
# Usage: check_includes_test.sh CHECK_INCLUDES
set -eu

check=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# put FILE LINE...: writes a file of these lines.
put() {
  file=$scratch/src/$1
  shift
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$@" >"$file"
}

lawful_tree() {
  rm -rf "$scratch/src"
  put main.cpp '#include "cli/run.h"' '#include "os/files.h"' '#include "version.h"'
  put cli/run.h '#include "app/get.h"' '#include <CLI/CLI.hpp>'
  put app/get.h '#include "aws/sts.h"' '#include "os/files.h"' '#include "app/other.h"'
  put aws/sts.h '#include "base/text.h"' '#include <string>' '#include <chrono>'
  put aws/api/xml.cpp '#include <pugixml.hpp>'
  put os/files.h '#include "base/text.h"' '#include <fcntl.h>' '#include <sys/stat.h>'
  put base/text.h '#include <string>' '// #include "aws/sts.h" is only talked of' '"aws/sts.h"'
  put sandbox/handle.h '#include "aws/sts.h"' '#include "os/files.h"' '#include <nlohmann/json.hpp>'
}

# expect NAME STATUS OUTPUT: what the checker says of the tree as it is now.
expect() {
  status=0
  output=$("$check" "$scratch/src" 2>&1) || status=$?
  if [ "$status" != "$2" ] || [ "$output" != "$3" ]; then
    printf 'FAILED: %s\n  expected (%s): %s\n  got (%s): %s\n' "$1" "$2" "$3" "$status" "$output"
    failures=$((failures + 1))
  fi
}

# breach FILE LINE REASON: the line, as the second one of that file, is refused.
breach() {
  lawful_tree
  put "$1" '// first line' "$2"
  expect "$1: $2" 1 "$1:2: $2
  $3"
}

lawful_tree
expect 'a lawful tree' 0 ''

breach base/new.h '#include "aws/sts.h"' 'base includes only itself'
breach base/new.h '#include "os/files.h"' 'base includes only itself'
breach aws/new.h '#include "os/files.h"' 'aws includes only base'
breach os/new.h '#include "aws/sts.h"' 'os includes only base'
breach aws/new.h '#include "app/get.h"' 'aws includes only base'
breach app/new.cpp '#include "cli/run.h"' 'app includes only aws os base'
breach app/new.cpp '#include "sandbox/handle.h"' 'app includes only aws os base'
breach cli/new.cpp '#include "sandbox/handle.h"' 'cli includes only app aws os base'
breach main.cpp '#include "sandbox/handle.h"' 'main.cpp includes only cli app aws os base'
breach sandbox/main.cpp '#include "app/get.h"' 'sandbox includes only aws os base'
breach sandbox/deep/new.cpp '#include "cli/run.h"' 'sandbox includes only aws os base'

breach aws/new.h ' #  include	"os/files.h"' 'aws includes only base'
breach aws/new.h '#include "sts.h"' 'an include names its folder'
breach aws/new.h '#include "../os/files.h"' 'an include names its folder, without dots'
breach aws/new.h '#include "aws/../os/files.h"' 'an include names its folder, without dots'
breach aws/new.h '#include "elsewhere/files.h"' 'there is no folder elsewhere'
breach aws/new.h '#include <os/files.h>' 'our own headers stand in double quotes'

breach os/new.cpp '#include <curl/curl.h>' 'curl/ is known to os/curl_library.h only'
breach aws/new.cpp '#include <pugixml.hpp>' 'pugixml.hpp is known to aws/api/xml.cpp only'
breach aws/api/xml.h '#include <pugixml.hpp>' 'pugixml.hpp is known to aws/api/xml.cpp only'
breach app/new.cpp '#include <CLI/App.hpp>' 'CLI/ is known to cli/* sandbox/main.cpp only'
breach cli/deep/new.cpp '#include <CLI/App.hpp>' 'CLI/ is known to cli/* sandbox/main.cpp only'
breach os/new.cpp '#include <nlohmann/json.hpp>' \
  'nlohmann/ is known to aws/*/* app/*/* cli/* sandbox/* only'
breach os/new.cpp '#include <boost/asio.hpp>' \
  'boost/ is known to os/http_server.cpp os/http_server.h only'
breach app/new.cpp '#include <liboath/oath.h>' 'liboath/ is known to sandbox/totp.cpp only'
breach os/new.cpp '#include <sodium/utils.h>' 'sodium/ is known to - only'
for library in openssl/ssl.h sodium.h libsecret/secret.h winscard.h qrencode.h dlfcn.h; do
  lawful_tree
  put app/new.cpp "#include <$library>"
  "$check" "$scratch/src" | grep -q "^app/new.cpp:1: #include <$library>\$" || {
    echo "FAILED: $library in app was not named"
    failures=$((failures + 1))
  }
done

breach aws/new.cpp '#include <fstream>' 'aws is pure and knows no <fstream>'
breach base/new.cpp '#include <sys/stat.h>' 'base is pure and knows no <sys/stat.h>'

lawful_tree
put elsewhere/new.cpp ''
expect 'a folder of no list' 1 'elsewhere/new.cpp: this file lies in no folder of the list'

lawful_tree
put aws/new.h '#include "os/files.h"'
put base/new.h '#include "aws/sts.h"' '#include "aws/api/xml.h"'
expect 'several breaches' 1 'aws/new.h:1: #include "os/files.h"
  aws includes only base
base/new.h:1: #include "aws/sts.h"
  base includes only itself
base/new.h:2: #include "aws/api/xml.h"
  base includes only itself'

rm -rf "$scratch/src"
expect 'no source folder' 2 "check_includes: no folder $scratch/src"

[ "$failures" = 0 ] || exit 1
