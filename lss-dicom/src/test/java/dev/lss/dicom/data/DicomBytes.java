package dev.lss.dicom.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the bytes of small DICOM files for tests: explicit, little endian. */
public final class DicomBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Returns preamble and file meta information with a transfer syntax. */
  public static DicomBytes file(String transferSyntax) {
    DicomBytes bytes = new DicomBytes();
    bytes.out.writeBytes(new byte[128]);
    bytes.out.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
    return bytes.text(0x00020010, "UI", transferSyntax);
  }

  /** Returns a data set without anything in front. */
  public static DicomBytes set() {
    return new DicomBytes();
  }

  /** Adds an attribute of text, padded to an even length. */
  public DicomBytes text(int tag, String vr, String value) {
    String padded = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " ");
    return bytes(tag, vr, padded.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Adds numbers of 16 bits. */
  public DicomBytes shorts(int tag, String vr, int... values) {
    byte[] bytes = new byte[2 * values.length];
    for (int n = 0; n < values.length; n++) {
      bytes[2 * n] = (byte) values[n];
      bytes[2 * n + 1] = (byte) (values[n] >> 8);
    }
    return bytes(tag, vr, bytes);
  }

  /** Adds an attribute with the length of its value. */
  public DicomBytes bytes(int tag, String vr, byte[] value) {
    return header(tag, vr, value.length).raw(value);
  }

  /** Adds tag, representation and length alone. */
  public DicomBytes header(int tag, String vr, long length) {
    tag(tag);
    out.writeBytes(vr.getBytes(StandardCharsets.US_ASCII));
    if ("OB OW SQ UN UC UT".contains(vr)) {
      u16(0);
      u32(length);
    } else {
      u16((int) length);
    }
    return this;
  }

  /** Adds a sequence with items of defined length. */
  public DicomBytes sequence(int tag, DicomBytes... items) {
    DicomBytes all = new DicomBytes();
    for (DicomBytes item : items) {
      all.item(item.toArray());
    }
    return bytes(tag, "SQ", all.toArray());
  }

  /** Adds an item, or a piece of compressed pixels. */
  public DicomBytes item(byte[] content) {
    tag(0xfffee000);
    u32(content.length);
    return raw(content);
  }

  /** Adds the mark behind the last item of a sequence without length. */
  public DicomBytes end() {
    tag(0xfffee0dd);
    u32(0);
    return this;
  }

  /** Adds bytes as they are. */
  public DicomBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private void tag(int tag) {
    u16(tag >>> 16);
    u16(tag & 0xffff);
  }

  private void u16(int value) {
    out.write(value);
    out.write(value >> 8);
  }

  private void u32(long value) {
    u16((int) value & 0xffff);
    u16((int) (value >> 16) & 0xffff);
  }

  /** Returns the bytes so far. */
  public byte[] toArray() {
    return out.toByteArray();
  }

  /** Reads the bytes. */
  public DicomFile read() throws java.io.IOException {
    return read(toArray());
  }

  /** Reads bytes. */
  public static DicomFile read(byte[] bytes) throws java.io.IOException {
    return DicomFile.read(new ArraySource("test", bytes));
  }
}
