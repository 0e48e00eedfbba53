#!/bin/sh
# Builds and runs projects outside the reactor that know LSS by its artifacts alone, as its users do:
#
#   tools/consumers/run.sh [FOLDER]     # default: a temporary folder, removed at the end
#
# First LSS is installed into a private repository, which is the documented step:
#   mvn install -DskipTests -Dmaven.repo.local=FOLDER/repository
# That repository begins as a copy (hard links) of the user's own without LSS, so that nothing is fetched twice.
# MAVEN_OPTIONS, such as -o, goes to every mvn.
set -eu

here=$(CDPATH= cd -- "$(dirname "$0")" && pwd -P)
root=$(CDPATH= cd -- "$here/../.." && pwd -P)

fail() {
  echo "consumers: $1" >&2
  exit 1
}

if [ $# -gt 0 ]; then
  mkdir -p "$1"
  work=$(CDPATH= cd -- "$1" && pwd -P)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
fi
repository=$work/repository

if [ ! -d "$repository" ]; then
  own=${LSS_MAVEN_REPOSITORY:-$HOME/.m2/repository}
  if [ -d "$own" ]; then
    cp -al "$own" "$repository" 2>/dev/null || cp -a "$own" "$repository"
  fi
  rm -rf "$repository/dev/lss"
fi

maven() {
  # shellcheck disable=SC2086
  mvn -B -q ${MAVEN_OPTIONS:-} -Dstyle.color=never --no-transfer-progress "-Dmaven.repo.local=$repository" "$@"
}

echo "consumers: installing LSS into $repository"
(cd "$root" && maven install -DskipTests)

# A backend of somebody else: its own build, the contract, then the command line with it.
echo "consumers: backend-example"
rm -rf "$work/backend-example"
cp -R "$here/backend-example" "$work/backend-example"
rm -rf "$work/backend-example/target"
(cd "$work/backend-example" && maven package)
reports=$work/backend-example/target/surefire-reports
tests=$(sed -n 's/.*<testsuite .* tests="\([0-9]*\)".*/\1/p' "$reports"/TEST-*.xml | head -n 1)
[ "${tests:-0}" -ge 40 ] || fail "the contract ran ${tests:-0} tests of the example backend"
mkdir -p "$work/plugins"
cp "$work"/backend-example/target/plain-backend-*.jar "$work/plugins/"
"$root/lss" --plugins "$work/plugins" backends >"$work/backends.txt"
grep -q '^ *\**plain\b' "$work/backends.txt" || fail "lss backends does not list the example backend: $(cat "$work/backends.txt")"

echo "consumers: all built and ran; $tests tests of the contract"
