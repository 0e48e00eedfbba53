package dev.lss.dicom.data;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes a DICOM file: preamble, file meta information, and a data set in Explicit VR Little
 * Endian, attributes in ascending order, sequences with their lengths (PS3.5 section 7, PS3.10
 * section 7.1). No state.
 */
public final class DataSetWriter {

  /** What wrote the file; one for all versions. */
  private static final String IMPLEMENTATION = "2.25.282835680698868142019752938986779377524";

  private static final int PREAMBLE = 128;
  private static final int LONGEST_SHORT = 0xfffe;
  private static final long LONGEST = 0xfffffffeL;
  private static final int ITEM = 0xfffee000;

  private DataSetWriter() {}

  /**
   * Writes a file with the SOP class and instance of its data set.
   *
   * @param charset in which texts that were set are written, the one that the data set names
   */
  public static void write(NewDataSet data, Charset charset, OutputStream out) throws IOException {
    out.write(new byte[PREAMBLE]);
    out.write("DICM".getBytes(StandardCharsets.US_ASCII));
    NewDataSet meta =
        new NewDataSet()
            .bytes(Tag.FILE_META_VERSION, new byte[] {0, 1})
            .text(Tag.MEDIA_STORAGE_SOP_CLASS_UID, uid(data, Tag.SOP_CLASS_UID))
            .text(Tag.MEDIA_STORAGE_SOP_INSTANCE_UID, uid(data, Tag.SOP_INSTANCE_UID))
            .text(Tag.TRANSFER_SYNTAX_UID, TransferSyntax.EXPLICIT_UID)
            .text(Tag.IMPLEMENTATION_CLASS_UID, IMPLEMENTATION)
            .text(Tag.IMPLEMENTATION_VERSION_NAME, "LSS");
    byte[] group = encoded(meta, StandardCharsets.US_ASCII);
    elements(
        new NewDataSet().integers(Tag.FILE_META_LENGTH, group.length),
        StandardCharsets.US_ASCII,
        out);
    out.write(group);
    elements(data, charset, out);
  }

  private static String uid(NewDataSet data, Tag tag) {
    if (data.values().get(tag) instanceof NewDataSet.Text text && Uids.isOne(text.joined())) {
      return text.joined();
    }
    throw new IllegalArgumentException(tag + " must be set");
  }

  private static byte[] encoded(NewDataSet data, Charset charset) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    elements(data, charset, out);
    return out.toByteArray();
  }

  private static void elements(NewDataSet data, Charset charset, OutputStream out)
      throws IOException {
    for (Map.Entry<Tag, NewDataSet.Value> entry : data.values().entrySet()) {
      Tag tag = entry.getKey();
      if (entry.getValue() instanceof NewDataSet.Bulk bulk) {
        header(tag, bulk.vr(), bulk.length() + bulk.length() % 2, out);
        Counted counted = new Counted(out);
        bulk.content().writeTo(counted);
        if (counted.count != bulk.length()) {
          throw new IllegalStateException(
              "%s should have %s bytes, has %s".formatted(tag, bulk.length(), counted.count));
        }
        out.write(new byte[(int) (bulk.length() % 2)]);
      } else if (entry.getValue() instanceof NewDataSet.Items items) {
        byte[] content = items(items, charset);
        header(tag, tag.vr(), content.length, out);
        out.write(content);
      } else {
        byte[] content = NewDataSet.encoded(entry.getValue(), charset);
        header(tag, tag.vr(), content.length + content.length % 2L, out);
        out.write(content);
        if (content.length % 2 == 1) {
          out.write(tag.vr() == Vr.UI || tag.vr().isBulk() ? 0 : ' ');
        }
      }
    }
  }

  private static byte[] items(NewDataSet.Items items, Charset charset) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (NewDataSet item : items.items()) {
      byte[] content = encoded(item, charset);
      u16(ITEM >>> 16, all);
      u16(ITEM, all);
      u32(content.length, all);
      all.writeBytes(content);
    }
    return all.toByteArray();
  }

  private static void header(Tag tag, Vr vr, long length, OutputStream out) throws IOException {
    boolean isLong = vr.hasLongLength();
    if (length > (isLong ? LONGEST : LONGEST_SHORT)) {
      throw new IllegalArgumentException("%s cannot hold %s bytes".formatted(tag, length));
    }
    u16(tag.code() >>> 16, out);
    u16(tag.code(), out);
    out.write(vr.name().getBytes(StandardCharsets.US_ASCII));
    if (isLong) {
      u16(0, out);
      u32(length, out);
    } else {
      u16((int) length, out);
    }
  }

  private static void u16(int value, OutputStream out) throws IOException {
    out.write(value);
    out.write(value >> 8);
  }

  private static void u32(long value, OutputStream out) throws IOException {
    u16((int) value, out);
    u16((int) (value >> 16), out);
  }

  /** Counts what passes, and stays open. */
  private static final class Counted extends FilterOutputStream {

    private long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
