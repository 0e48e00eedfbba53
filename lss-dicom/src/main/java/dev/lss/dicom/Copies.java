package dev.lss.dicom;

import dev.lss.dicom.data.ByteSource;
import dev.lss.dicom.data.DicomFile;
import dev.lss.dicom.data.Tag;
import dev.lss.dicom.series.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves out files with the identifier and all bytes of an earlier one. */
final class Copies {

  private static final int CHUNK = 1 << 16;

  private Copies() {}

  static List<Slice> leaveOut(List<Slice> slices) throws IOException {
    Map<String, DicomFile> byUid = new HashMap<>();
    Set<ByteSource> copies = new HashSet<>();
    List<Slice> kept = new ArrayList<>();
    for (Slice slice : slices) {
      String uid = slice.file().data().text(Tag.SOP_INSTANCE_UID).orElse("");
      DicomFile earlier = uid.isEmpty() ? slice.file() : byUid.putIfAbsent(uid, slice.file());
      if (earlier != null
          && !earlier.source().equals(slice.file().source())
          && slice.frame() == 0
          && isSame(earlier.source(), slice.file().source())) {
        copies.add(slice.file().source());
      }
      if (!copies.contains(slice.file().source())) {
        kept.add(slice);
      }
    }
    return kept;
  }

  private static boolean isSame(ByteSource one, ByteSource other) throws IOException {
    try (ByteSource.Opened a = one.open();
        ByteSource.Opened b = other.open()) {
      if (a.length() != b.length()) {
        return false;
      }
      byte[] ofA = new byte[CHUNK];
      byte[] ofB = new byte[CHUNK];
      for (long at = 0; at < a.length(); at += CHUNK) {
        int count = (int) Math.min(CHUNK, a.length() - at);
        a.read(at, ofA, 0, count);
        b.read(at, ofB, 0, count);
        if (!Arrays.equals(ofA, 0, count, ofB, 0, count)) {
          return false;
        }
      }
      return true;
    }
  }
}
