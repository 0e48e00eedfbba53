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
grep -q '\bplain  *available' "$work/backends.txt" || fail "lss backends does not list the example backend: $(cat "$work/backends.txt")"

# A task of somebody else, through the command line: labels, picture, table and JSON without an edit in LSS.
echo "consumers: task-example"
rm -rf "$work/task-example"
cp -R "$here/task-example" "$work/task-example"
(cd "$work/task-example" && maven package)
cp "$work"/task-example/target/brightness-task-*.jar "$work/plugins/"
lss_jars=$(cat "$root/lss-examples/target/lss.classpath")
java -cp "$work/task-example/target/classes:$lss_jars" dev.example.MakeInputs "$work/task-example"
"$root/lss" --plugins "$work/plugins" segment --task mr-brightness --model "$work/task-example/model" \
  --input "T1=$work/task-example/t1.nii.gz" --input "T2=$work/task-example/t2.nii.gz" \
  --out "$work/task-example/result" >"$work/task-example/out.txt"
grep -q '^disc/L4-L5 *700.0 *900.0' "$work/task-example/out.txt" || fail "the example task printed: $(cat "$work/task-example/out.txt")"
grep -q '"brightness"' "$work/task-example/result/result.json" || fail "result.json lacks the example's measurement"
[ -s "$work/task-example/result/overlay.png" ] || fail "the example task made no picture"

# An application: on the class path, on the module path, as one jar, and behind a plug-in host's class loader.
echo "consumers: application"
rm -rf "$work/application"
cp -R "$here/application" "$work/application"
source=$work/application/src/main/java/org/example
{
  echo 'package org.example;'
  echo 'import dev.lss.api.*;'
  echo 'import dev.lss.core.Segmenters;'
  echo 'import dev.lss.core.nifti.*;'
  echo 'import java.nio.file.Path;'
  echo 'public final class Readme {'
  echo '  public static void main(String[] args) throws Exception {'
  sed -n '/^```java$/,/^```$/p' "$root/README.md" | sed '1d;/^```$/,$d'
  echo '  }'
  echo '}'
} >"$source/Readme.java"
(cd "$work/application" && maven package)
app=$work/application/target/application-1.0.jar
libs=$(find "$work/application/target/libs" -name '*.jar' | tr '\n' ':')
expect() {
  [ "$2" = "L1 L2 L3 L4 L5 onnx" ] || fail "$1 printed: $2"
}
expect "on the class path the application" "$(java -cp "$app:$libs" org.example.Phantom)"
expect "as one jar the application" "$(java -jar "$work/application/target/application-1.0-shaded.jar")"
expect "behind a plug-in host the application" \
  "$(java "$here/plug-in-host/PluginHost.java" "$app:$libs" org.example.Phantom)"
mkdir -p "$work/module/org/example"
echo 'module phantom.app { requires dev.lss.core; }' >"$work/module/module-info.java"
cp "$source/Phantom.java" "$work/module/org/example/"
javac --release 17 -p "$libs" -d "$work/module/classes" "$work/module/module-info.java" "$work/module/org/example/Phantom.java"
expect "on the module path the application" \
  "$(java -p "$libs:$work/module/classes" -m phantom.app/org.example.Phantom)"

echo "consumers: the lines of the README"
"$root/lss" demo --out "$work/demo" >"$work/demo.txt"
java -cp "$app:$libs" org.example.Readme "$work/demo/ct.nii" "$work/readme-labels.nii.gz" >"$work/readme.txt"
[ -s "$work/readme-labels.nii.gz" ] && grep -q '^L5 ' "$work/readme.txt" || fail "the README's lines printed: $(cat "$work/readme.txt")"

echo "consumers: all built and ran; $tests tests of the contract"
