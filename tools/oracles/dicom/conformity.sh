#!/usr/bin/env bash
# Whether SEG and SR files keep the rules of DICOM: dciodvfy judges each, dcentvfy compares patient and
# study with the source images, dsrdump walks the tree of a report, PixelMed checks TID 1500.
#   conformity.sh SEG_OR_SR... [-- SOURCE...]
# A program that is not installed is named and left out (Debian: dicom3tools, dcmtk, libpixelmed-java with
# libpixelmed-imageio-java). Ends with 1 when any of them finds an error.
set -uo pipefail

files=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  files+=("$1")
  shift
done
[ $# -gt 0 ] && shift
sources=("$@")
failed=0

has() {
  command -v "$1" >/dev/null || {
    echo "$1: SKIPPED, it is not installed"
    return 1
  }
}

# dciodvfy of 2022 does not know label maps: these two lines are its only false ones.
known_false() {
  grep -v -e 'Information Object Not found' -e 'SegmentNumber not monotonically increasing'
}

if has dciodvfy; then
  for file in "${files[@]}"; do
    said=$(dciodvfy -new "$file" 2>&1)
    errors=$(grep -c '^Error' <<<"$said")
    [ "$(dcmdump +P 0008,0016 "$file" 2>/dev/null | grep -c -e LabelMap -e '66\.7')" = 0 ] ||
      errors=$(grep '^Error' <<<"$said" | known_false | grep -c .)
    echo "dciodvfy: $errors error(s), $(grep -c '^Warning' <<<"$said") warning(s) in $(basename "$file")"
    grep -e '^Error' -e '^Warning' <<<"$said" | sed 's/^/  /'
    [ "$errors" = 0 ] || failed=1
  done
fi

if has dcentvfy && [ ${#sources[@]} -gt 0 ]; then
  said=$(dcentvfy "${sources[@]}" "${files[@]}" 2>&1)
  echo "dcentvfy: $(grep -c '^Error' <<<"$said") error(s) over ${#sources[@]} source(s) and ${#files[@]} file(s)"
  grep '^Error' <<<"$said" | sed 's/^/  /' && failed=1
fi

is_report() {
  dcmdump +P 0008,0060 "$1" 2>/dev/null | grep -q '\[SR\]'
}

if has dsrdump; then
  for file in "${files[@]}"; do
    if is_report "$file"; then
      said=$(dsrdump +Pc "$file" 2>&1) || failed=1
      echo "dsrdump: $(grep -c '<' <<<"$said") item(s) in $(basename "$file")"
      grep -E '^[EW]: ' <<<"$said" | grep -v 'VR checker does not support' && failed=1
    fi
  done
fi

pixelmed=/usr/share/java/pixelmed.jar
if [ -e "$pixelmed" ]; then
  path=$pixelmed
  for jar in pixelmed_imageio commons-codec javax.json vecmath slf4j-api slf4j-simple; do
    path+=":/usr/share/java/$jar.jar"
  done
  for file in "${files[@]}"; do
    if is_report "$file"; then
      # It needs more XPath than JAXP allows by default, and always ends with 0.
      said=$(java -Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0 -Djdk.xml.xpathTotalOpLimit=0 \
        -cp "$path" com.pixelmed.validate.DicomSRValidator "$file" 2>&1)
      echo "PixelMed: $(grep -c '^Error' <<<"$said") error(s), $(grep -c '^Warning' <<<"$said") warning(s) in $(basename "$file")"
      grep -e '^Error' -e '^Warning' <<<"$said" | sed 's/^/  /'
      grep -q '^Error' <<<"$said" && failed=1
    fi
  done
else
  echo "PixelMed: SKIPPED, it is not installed"
fi
exit "$failed"
