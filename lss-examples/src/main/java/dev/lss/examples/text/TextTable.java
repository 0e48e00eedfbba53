package dev.lss.examples.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of text that can be written as CSV, Markdown and LaTeX. Immutable.
 *
 * @param header names of the columns
 * @param rows the cells, as many as the header has
 */
public record TextTable(List<String> header, List<List<String>> rows) {

  /** Copies the lists. */
  public TextTable {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Returns comma separated text as UTF-8 bytes. */
  public byte[] csv() {
    return CsvTable.bytes(Stream.concat(Stream.of(header), rows.stream()));
  }

  /** Returns a table of GitHub's Markdown as UTF-8 bytes. */
  public byte[] markdown() {
    StringBuilder text = new StringBuilder();
    text.append(markdown(header)).append("|---".repeat(header.size())).append("|\n");
    rows.forEach(row -> text.append(markdown(row)));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String markdown(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replaceAll("\\s+", " ").replaceAll("([\\\\|`*_<\\[])", "\\\\$1"))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** Returns a {@code tabular} of LaTeX, with rules of the package booktabs, as UTF-8 bytes. */
  public byte[] latex() {
    StringBuilder text = new StringBuilder("% needs \\usepackage{booktabs}\n");
    text.append("\\begin{tabular}{%s}\n\\toprule\n".formatted("l".repeat(header.size())));
    text.append(latex(header)).append("\\midrule\n");
    rows.forEach(row -> text.append(latex(row)));
    return text.append("\\bottomrule\n\\end{tabular}\n")
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String latex(List<String> cells) {
    return cells.stream().map(TextTable::latex).collect(Collectors.joining(" & ", "", " \\\\\n"));
  }

  private static String latex(String cell) {
    if (cell.matches("[+-]?[0-9.]+(e[+-]?[0-9]+)?")) {
      return "$" + cell + "$"; // a true minus sign
    }
    StringBuilder text = new StringBuilder();
    for (int c : cell.replaceAll("\\s+", " ").codePoints().toArray()) {
      switch (c) {
        case '\\' -> text.append("\\textbackslash{}");
        case '~' -> text.append("\\textasciitilde{}");
        case '^' -> text.append("\\textasciicircum{}");
        case '<' -> text.append("$<$");
        case '>' -> text.append("$>$");
        case '&', '%', '$', '#', '_', '{', '}' -> text.append('\\').appendCodePoint(c);
        default -> text.appendCodePoint(c);
      }
    }
    return text.toString();
  }
}
