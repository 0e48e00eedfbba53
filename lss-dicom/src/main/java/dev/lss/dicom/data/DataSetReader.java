package dev.lss.dicom.data;

import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads attributes until the data set ends (PS3.5 section 7). Only attributes that {@link Tag}
 * names are kept, the others are walked over. Not thread-safe.
 *
 * <p>Limits: sequences 64 deep, a million attributes and items in one file. A length is believed
 * only when as many bytes are there.
 */
final class DataSetReader {

  /** How many bytes a value may have that is looked at as text or numbers. */
  static final int LONGEST_VALUE = 1 << 18;

  private static final int KEPT_BYTES = 1 << 10;
  private static final int DEEPEST = 64;
  private static final int MOST = 1_000_000;
  private static final long UNDEFINED = 0xffffffffL;

  private static final int ITEM = 0xfffee000;
  private static final int ITEM_END = 0xfffee00d;
  private static final int SEQUENCE_END = 0xfffee0dd;

  private final Cursor cursor;
  private final boolean keepsPatient;
  private int count;

  /**
   * Reads from a place on.
   *
   * @param keepsPatient whether attributes that tell of the patient are kept too
   */
  DataSetReader(Cursor cursor, boolean keepsPatient) {
    this.cursor = cursor;
    this.keepsPatient = keepsPatient;
  }

  /** How attributes are written. */
  private record Encoding(boolean isExplicit, ByteOrder order) {
    static final Encoding UNKNOWN_SEQUENCE = new Encoding(false, ByteOrder.LITTLE_ENDIAN);
  }

  private record Header(int tag, Vr vr, long length, long at) {}

  /** Reads the attributes of group 0002, which are always explicit and little endian. */
  DataSet meta() throws IOException {
    Encoding encoding = new Encoding(true, ByteOrder.LITTLE_ENDIAN);
    NavigableMap<Integer, Element> elements = empty();
    while (cursor.remaining() >= 8) {
      long at = cursor.position();
      int group = cursor.u16(encoding.order());
      cursor.moveTo(at);
      if (group != 2) {
        break;
      }
      element(header(encoding), encoding, cursor.length(), 0, elements);
    }
    return new DataSet(elements);
  }

  /** Reads the attributes up to the end of the source. */
  DataSet all(TransferSyntax syntax) throws IOException {
    refuseOtherSyntax(syntax);
    return elements(new Encoding(syntax.isExplicit(), syntax.order()), cursor.length(), false, 0);
  }

  /**
   * Looks at the first attribute, which tells another byte order or encoding than the one named.
   */
  private void refuseOtherSyntax(TransferSyntax syntax) throws IOException {
    long at = cursor.position();
    if (cursor.remaining() < 8) {
      return;
    }
    int group = cursor.u16(syntax.order());
    cursor.u16(syntax.order());
    boolean hasVr = Vr.of(cursor.u8(), cursor.u8()).isPresent();
    cursor.moveTo(at);
    if (group == 0x0800 || hasVr != syntax.isExplicit()) {
      throw corrupt(at, "the data set is not written in the transfer syntax that the file names");
    }
  }

  private DataSet elements(Encoding encoding, long end, boolean hasEndMark, int depth)
      throws IOException {
    NavigableMap<Integer, Element> elements = empty();
    while (hasEndMark || cursor.position() < end) {
      if (end - cursor.position() < 8) {
        if (depth == 0 && onlyZerosFollow()) {
          break;
        }
        throw truncated("an attribute is cut off", end);
      }
      Header header = header(encoding);
      if (header.tag() == ITEM_END && hasEndMark) {
        break;
      }
      if (header.tag() == 0 && depth == 0) {
        cursor.moveTo(header.at());
        if (onlyZerosFollow()) {
          break;
        }
        throw corrupt(header.at(), "an attribute has no tag");
      }
      element(header, encoding, end, depth, elements);
    }
    return elements.isEmpty() ? DataSet.EMPTY : new DataSet(elements);
  }

  private boolean onlyZerosFollow() throws IOException {
    long at = cursor.position();
    while (cursor.remaining() > 0) {
      if (cursor.u8() != 0) {
        cursor.moveTo(at);
        return false;
      }
    }
    return true;
  }

  private Header header(Encoding encoding) throws IOException {
    if (++count > MOST) {
      throw corrupt(cursor.position(), "it has more than %s attributes".formatted(MOST));
    }
    long at = cursor.position();
    int tag = cursor.tag(encoding.order());
    if (tag >>> 16 == 0xfffe || tag == 0) {
      return new Header(tag, Vr.UN, cursor.u32(encoding.order()), at);
    }
    if (!encoding.isExplicit()) {
      Tag known = Tag.of(tag);
      return new Header(tag, known == null ? Vr.UN : known.vr(), cursor.u32(encoding.order()), at);
    }
    int first = cursor.u8();
    int second = cursor.u8();
    Optional<Vr> vr = Vr.of(first, second);
    if (vr.isEmpty() && !(isCapital(first) && isCapital(second))) {
      throw corrupt(at, "%s has no value representation".formatted(DicomFault.tag(tag)));
    }
    // PS3.5 7.1.2: a representation that came after this was written has a long length
    if (vr.isPresent() && !vr.get().hasLongLength()) {
      return new Header(tag, vr.get(), cursor.u16(encoding.order()), at);
    }
    cursor.u16(encoding.order());
    return new Header(tag, vr.orElse(Vr.UN), cursor.u32(encoding.order()), at);
  }

  private static boolean isCapital(int letter) {
    return letter >= 'A' && letter <= 'Z';
  }

  private void element(
      Header header,
      Encoding encoding,
      long end,
      int depth,
      NavigableMap<Integer, Element> elements)
      throws IOException {
    int tag = header.tag();
    if (tag >>> 16 == 0xfffe) {
      throw corrupt(header.at(), "an item begins or ends where there is no sequence");
    }
    Element.Value value = value(header, encoding, end, depth);
    Tag known = Tag.of(tag);
    if (known != null && (keepsPatient || !known.isOfPatient())) {
      elements.put(tag, new Element(tag, header.vr(), encoding.order(), value));
    }
  }

  private Element.Value value(Header header, Encoding encoding, long end, int depth)
      throws IOException {
    Vr vr = header.vr();
    Tag known = Tag.of(header.tag());
    boolean unknownSequence = vr == Vr.UN && known != null && known.vr() == Vr.SQ;
    if (header.length() == UNDEFINED) {
      if (vr == Vr.SQ || vr == Vr.UN) {
        // CP-246: what a converter knew nothing of is implicit and little endian inside
        Encoding inside = vr == Vr.UN ? Encoding.UNKNOWN_SEQUENCE : encoding;
        return items(header, inside, end, true, depth);
      }
      if (vr.isBulk() && encoding.isExplicit()) {
        return fragments(header, encoding.order(), end);
      }
      throw corrupt(header.at(), "%s has no length".formatted(DicomFault.tag(header.tag())));
    }
    if (header.length() > end - cursor.position()) {
      throw tooLong(header, end);
    }
    if (vr == Vr.SQ || unknownSequence) {
      Encoding inside = vr == Vr.SQ ? encoding : Encoding.UNKNOWN_SEQUENCE;
      return items(header, inside, cursor.position() + header.length(), false, depth);
    }
    return new Element.Bytes(range(header.length(), known != null));
  }

  private ByteRange range(long length, boolean isNeeded) throws IOException {
    long from = cursor.position();
    if (isNeeded && length <= KEPT_BYTES) {
      byte[] bytes = cursor.bytes((int) length);
      return new ByteRange(new ArraySource(cursor.name(), bytes), 0, length);
    }
    cursor.moveTo(from + length);
    return new ByteRange(cursor.source(), from, length);
  }

  private Element.Value items(
      Header sequence, Encoding encoding, long end, boolean hasEndMark, int depth)
      throws IOException {
    if (depth >= DEEPEST) {
      throw DicomFault.of(
          "NESTING_LIMIT",
          cursor.name(),
          "sequences may lie %s deep in each other; the one at byte %s lies deeper"
              .formatted(DEEPEST, sequence.at()));
    }
    List<DataSet> items = new ArrayList<>();
    while (hasEndMark || cursor.position() < end) {
      if (end - cursor.position() < 8) {
        throw truncated("the sequence %s does not end".formatted(name(sequence)), end);
      }
      Header item = header(encoding);
      if (item.tag() == SEQUENCE_END) {
        break;
      }
      if (item.tag() != ITEM) {
        throw corrupt(item.at(), "the sequence %s holds no item".formatted(name(sequence)));
      }
      if (item.length() != UNDEFINED && item.length() > end - cursor.position()) {
        throw tooLong(item, end);
      }
      boolean endless = item.length() == UNDEFINED;
      long itemEnd = endless ? end : cursor.position() + item.length();
      DataSet attributes = elements(encoding, itemEnd, endless, depth + 1);
      if (Tag.of(sequence.tag()) != null) {
        items.add(attributes);
      }
    }
    return new Element.Items(items);
  }

  private Element.Value fragments(Header pixels, ByteOrder order, long end) throws IOException {
    List<ByteRange> pieces = new ArrayList<>();
    while (true) {
      if (end - cursor.position() < 8) {
        throw truncated("the pieces of %s do not end".formatted(name(pixels)), end);
      }
      Header piece = header(new Encoding(false, order));
      if (piece.tag() == SEQUENCE_END) {
        break;
      }
      if (piece.tag() != ITEM || piece.length() == UNDEFINED) {
        throw corrupt(piece.at(), "the pieces of %s are damaged".formatted(name(pixels)));
      }
      if (piece.length() > end - cursor.position()) {
        throw tooLong(piece, end);
      }
      pieces.add(new ByteRange(cursor.source(), cursor.position(), piece.length()));
      cursor.moveTo(cursor.position() + piece.length());
    }
    ByteRange none = new ByteRange(cursor.source(), cursor.position(), 0);
    return pieces.isEmpty()
        ? new Element.Fragments(none, List.of())
        : new Element.Fragments(pieces.get(0), pieces.subList(1, pieces.size()));
  }

  private static String name(Header header) {
    return DicomFault.tag(header.tag());
  }

  private InvalidStudyException tooLong(Header header, long end) {
    return DicomFault.of(
        end == cursor.length() ? "TRUNCATED" : "CORRUPT",
        cursor.name(),
        "%s at byte %s says %s bytes, %s are left"
            .formatted(name(header), header.at(), header.length(), end - cursor.position()));
  }

  private InvalidStudyException truncated(String what, long end) {
    return DicomFault.of(
        end == cursor.length() ? "TRUNCATED" : "CORRUPT",
        cursor.name(),
        "%s, at byte %s".formatted(what, end));
  }

  private InvalidStudyException corrupt(long at, String what) {
    return DicomFault.of("CORRUPT", cursor.name(), "%s, at byte %s".formatted(what, at));
  }

  private static NavigableMap<Integer, Element> empty() {
    return new TreeMap<>(Integer::compareUnsigned);
  }
}
