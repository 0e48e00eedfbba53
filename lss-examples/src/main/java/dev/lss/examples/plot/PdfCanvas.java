package dev.lss.examples.plot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes one page of PDF 1.4 (ISO 32000-1) in Helvetica, one of the fonts that every viewer has, so
 * that words stay words. Letters outside of Windows' Latin alphabet become question marks. There is
 * no date in it.
 */
final class PdfCanvas implements Canvas {

  private static final Charset LATIN = Charset.forName("windows-1252");
  private static final int SIZE = 13;
  private static final char MINUS = '\u2212';

  /** The code that the encoding below gives to the minus sign, which Windows' alphabet lacks. */
  private static final char MINUS_CODE = 1;

  /** Widths of the characters from 32 to 126 in thousandths, from Adobe's metrics of Helvetica. */
  private static final int[] WIDTHS = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
  };

  private static final int OTHER_WIDTH = 556;

  private final int width;
  private final int height;
  private final StringBuilder page = new StringBuilder();

  /** Opacities in per cent, each a graphics state of its own. */
  private final Set<Integer> opacities = new TreeSet<>();

  PdfCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    add("1 0 0 -1 0 %s cm\n", height);
  }

  private void fill(int rgb, double opacity) {
    int percent = (int) Math.round(100 * opacity);
    opacities.add(percent);
    add("/G%s gs %s rg ", percent, colour(rgb));
  }

  private static String colour(int rgb) {
    return String.format(
        Locale.ROOT,
        "%.3f %.3f %.3f",
        (rgb >> 16 & 0xFF) / 255.0,
        (rgb >> 8 & 0xFF) / 255.0,
        (rgb & 0xFF) / 255.0);
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Pen pen) {
    opacities.add(100);
    add("/G100 gs %s RG %.2f w [%s] 0 d ", colour(pen.rgb()), pen.width(), dash(pen));
    add("%.2f %.2f m %.2f %.2f l S\n", x1, y1, x2, y2);
  }

  private static String dash(Pen pen) {
    return pen.dash() == 0 ? "" : String.valueOf((int) pen.dash());
  }

  @Override
  public void box(double x, double y, double width, double height, int rgb, double opacity) {
    fill(rgb, opacity);
    add("%.2f %.2f %.2f %.2f re f\n", x, y, width, height);
  }

  /** A line without length whose round ends are the circle. */
  @Override
  public void dot(double x, double y, double radius, int rgb, double opacity) {
    fill(rgb, opacity);
    add("q %s RG 1 J [] 0 d %.2f w ", colour(rgb), 2 * radius);
    add("%.2f %.2f m %.2f %.2f l S Q\n", x, y, x, y);
  }

  @Override
  public void text(double x, double y, Anchor anchor, String words) {
    double left = anchor == Anchor.START ? x : x - width(words) / (anchor == Anchor.END ? 1 : 2);
    words(words, "1 0 0 -1", left, y);
  }

  @Override
  public void textUpwards(double x, double y, String words) {
    words(words, "0 -1 -1 0", x, y + width(words) / 2);
  }

  private void words(String words, String matrix, double x, double y) {
    fill(INK, 1);
    add("BT /F %s Tf %s %.2f %.2f Tm (", SIZE, matrix, x, y);
    page.append(
            words
                .replaceAll("\\p{Cntrl}", " ")
                .replaceAll("[\\\\()]", "\\\\$0")
                .replace(MINUS, MINUS_CODE))
        .append(") Tj ET\n");
  }

  private static double width(String words) {
    int thousandths = 0;
    for (int c : words.codePoints().toArray()) {
      thousandths += c == MINUS ? 584 : c >= 32 && c <= 126 ? WIDTHS[c - 32] : OTHER_WIDTH;
    }
    return thousandths / 1000.0 * SIZE;
  }

  private void add(String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }

  @Override
  public byte[] bytes() {
    byte[] content = page.toString().getBytes(LATIN);
    StringBuilder states = new StringBuilder();
    opacities.forEach(
        o ->
            states.append(
                String.format(
                    Locale.ROOT, "/G%s << /ca %.2f /CA %.2f >> ", o, o / 100.0, o / 100.0)));
    List<byte[]> objects =
        List.of(
            ascii("<< /Type /Catalog /Pages 2 0 R >>"),
            ascii("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            ascii(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 "
                    + width
                    + " "
                    + height
                    + "]"
                    + " /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /ExtGState << "
                    + states
                    + ">> >> >>"),
            joined(
                ascii("<< /Length " + content.length + " >>\nstream\n"),
                content,
                ascii("\nendstream")),
            ascii(
                "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding"
                    + " /BaseEncoding /WinAnsiEncoding /Differences [1 /minus] >> >>"));
    return document(objects);
  }

  private static byte[] document(List<byte[]> objects) {
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    pdf.writeBytes(ascii("%PDF-1.4\n"));
    List<Integer> places = new ArrayList<>();
    for (byte[] object : objects) {
      places.add(pdf.size());
      pdf.writeBytes(ascii(places.size() + " 0 obj\n"));
      pdf.writeBytes(object);
      pdf.writeBytes(ascii("\nendobj\n"));
    }
    int table = pdf.size();
    int count = objects.size() + 1;
    pdf.writeBytes(ascii("xref\n0 " + count + "\n0000000000 65535 f \n"));
    places.forEach(
        place -> pdf.writeBytes(ascii(String.format(Locale.ROOT, "%010d 00000 n \n", place))));
    pdf.writeBytes(
        ascii("trailer\n<< /Size " + count + " /Root 1 0 R >>\nstartxref\n" + table + "\n%%EOF\n"));
    return pdf.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
