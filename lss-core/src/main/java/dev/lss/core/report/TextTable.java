package dev.lss.core.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A small table for people, in plain text. Numbers are formatted already, with a point, whatever
 * the locale. Immutable.
 *
 * @param columns headings, with units
 * @param rows cells, as many in each row as there are columns
 */
public record TextTable(List<String> columns, List<List<String>> rows) {

  /** Refuses rows of another length than the headings. */
  public TextTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "a row needs %s cells, had %s".formatted(columns.size(), row));
      }
    }
  }

  /**
   * Returns one line for the headings and one for each row; the first column is aligned to the
   * left, the others to the right, two spaces apart.
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(columns));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String pad = " ".repeat(width(c) - cells.get(c).length());
      line.append(c == 0 ? "" : "  ");
      line.append(c == 0 ? cells.get(c) + pad : pad + cells.get(c));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int width = columns.get(column).length();
    for (List<String> row : rows) {
      width = Math.max(width, row.get(column).length());
    }
    return width;
  }
}
